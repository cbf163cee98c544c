#include "base/text.hpp"
#include "core/evaluation/sample_row.hpp"
#include "core/report/report.hpp"
#include "core/tabular/csv_writer.hpp"

#include <array>
#include <cmath>

namespace lumi::report {

void write_csv(const Report& report, ByteSink& sink) {
  tabular::CsvWriter csv(sink, tabular::ExcelSafe::yes);
  csv.write(std::array<std::string_view, 6>{"id", "name", "row", "status", "score", "value"});
  for (const auto& subject : report.subjects) {
    const auto& results = subject.party.results;
    const auto labels = evaluation::score_labels(results.outcome());
    results.for_each([&](const evaluation::SampleRow& row) {
      const auto number = std::to_string(row.number);
      const auto status = evaluation::to_text(row.status);
      for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto value = std::isnan(row.scores[i]) ? std::string() : json_number(row.scores[i]);
        csv.write(
            std::array<std::string_view, 6>{subject.party.id, subject.name, number, status, labels[i].name, value});
      }
      return true;
    });
  }
}

}  // namespace lumi::report
