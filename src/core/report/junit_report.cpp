#include "base/decimals.hpp"
#include "core/evaluation/sample_row.hpp"
#include "core/report/problems.hpp"
#include "core/report/report_text.hpp"

#include <algorithm>

namespace lumi::report {

namespace {

struct Case {
  std::string name;
  std::string failure;  ///< empty: it passes
  std::string output;
};

Case samples_case(const Subject& subject) {
  const auto& outcome = subject.party.results.outcome();
  const auto missing =
      outcome.samples.of(evaluation::SampleStatus::error) + outcome.samples.of(evaluation::SampleStatus::refused);
  Case found{"samples", "", std::to_string(outcome.rows) + " samples, coverage " + percent(outcome.samples.coverage())};
  if (missing > 0) {
    found.failure = std::to_string(missing) + " of " + std::to_string(outcome.rows) + " samples have no prediction";
  }
  return found;
}

std::vector<Case> cases_of(const Report& report, std::size_t index) {
  const auto& subject = report.subjects[index];
  std::vector<Case> cases{samples_case(subject)};
  for (const auto& label : evaluation::score_labels(subject.party.results.outcome())) {
    Case one{label.name, "", "mean " + short_number(label.field->mean)};
    if (const auto* beside = find_comparison(report, index, label.name)) {
      one.output += "; beside " + report.subjects.front().name + ": " + to_text(*beside);
      if (beside->finding == comparison::Finding::worse) {
        one.failure = "worse than " + report.subjects.front().name + ": " + to_text(*beside);
      }
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

void write_suite(const Report& report, std::size_t index, ByteSink& sink) {
  const auto& subject = report.subjects[index];
  const auto cases = cases_of(report, index);
  const auto failures = std::ranges::count_if(cases, [](const Case& one) { return !one.failure.empty(); });
  const auto name = escape_markup(subject.name);
  sink.write("  <testsuite name=\"" + name + "\" tests=\"" + std::to_string(cases.size()) + "\" failures=\"" +
             std::to_string(failures) + "\" errors=\"0\" skipped=\"0\"" +
             (subject.created_at ? " timestamp=\"" + escape_markup(*subject.created_at) + "\"" : "") + ">\n");
  for (const auto& one : cases) {
    sink.write("    <testcase classname=\"" + name + "\" name=\"" + escape_markup(one.name) + "\">\n");
    if (!one.failure.empty()) {
      sink.write("      <failure message=\"" + escape_markup(one.failure) + "\"/>\n");
    }
    sink.write("      <system-out>" + escape_markup(one.output) + "</system-out>\n    </testcase>\n");
  }
  sink.write("  </testsuite>\n");
}

}  // namespace

void write_junit(const Report& report, ByteSink& sink) {
  sink.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
  for (std::size_t i = 0; i < report.subjects.size(); ++i) {
    write_suite(report, i, sink);
  }
  sink.write("</testsuites>\n");
}

}  // namespace lumi::report
