#include "base/decimals.hpp"
#include "core/evaluation/sample_row.hpp"
#include "core/report/report.hpp"
#include "core/report/report_text.hpp"

namespace lumi::report {

namespace {

/// A text that neither ends its cell nor is taken for markup.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : escape_markup(text)) {
    if (c == '\n' || c == '\r') {
      escaped += ' ';
      continue;
    }
    escaped += std::string_view("\\`*_{}[]|#~").find(c) == std::string_view::npos ? "" : "\\";
    escaped += c;
  }
  return escaped;
}

/// A text in a code span, which nothing in it can end.
std::string code(std::string_view text) {
  std::string plain(text);
  std::erase_if(plain, [](char c) { return c == '`' || c == '\n' || c == '\r'; });
  return "`" + plain + "`";
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const auto& text : cells) {
    row += " " + text + " |";
  }
  return row + "\n";
}

std::string counts_of(const Subject& subject) {
  const auto& outcome = subject.party.results.outcome();
  return std::to_string(outcome.rows) + " samples, coverage " + percent(outcome.samples.coverage());
}

void write_scores(const Report& report, ByteSink& sink) {
  std::vector<std::string> head{"score"};
  std::vector<std::string> rule{"---"};
  std::vector<std::string> counts{"samples"};
  for (const auto& subject : report.subjects) {
    head.push_back(cell(subject.name));
    rule.emplace_back("---:");
    counts.push_back(counts_of(subject));
  }
  sink.write(row_of(head) + row_of(rule));
  for (const auto& name : score_names(report)) {
    std::vector<std::string> cells{cell(name)};
    for (const auto& subject : report.subjects) {
      cells.push_back(short_number(mean_of(subject, name)));
    }
    sink.write(row_of(cells));
  }
  sink.write(row_of(counts));
}

void write_comparison(const Report& report, const Beside& beside, ByteSink& sink) {
  sink.write("\n### " + cell(report.subjects[beside.subject].name) + " beside " + cell(report.subjects.front().name) +
             "\n\n");
  for (const auto& score : beside.scores) {
    sink.write("- " + cell(to_text(score)) + "\n");
  }
}

}  // namespace

void write_markdown(const Report& report, ByteSink& sink) {
  sink.write("## Evaluation\n\n");
  write_scores(report, sink);
  for (const auto& beside : report.comparisons) {
    write_comparison(report, beside, sink);
  }
  if (!report.remarks.empty()) {
    sink.write("\n");
  }
  for (const auto& remark : report.remarks) {
    sink.write("> " + cell(remark) + "\n");
  }
  sink.write("\n<details><summary>Signatures</summary>\n\n");
  for (const auto& subject : report.subjects) {
    sink.write("- " + cell(subject.name) + " (" + cell(subject.party.id) + ")" +
               (subject.created_at ? ", " + *subject.created_at : "") + "\n");
    for (const auto& metric : subject.party.results.outcome().metrics) {
      sink.write("  - " + code(metric.signature) + "\n");
    }
  }
  sink.write("\n</details>\n");
}

}  // namespace lumi::report
