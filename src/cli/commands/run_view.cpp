#include "cli/commands/run_view.hpp"

#include "base/decimals.hpp"
#include "base/text.hpp"
#include "cli/commands/comparison_view.hpp"
#include "cli/io/view.hpp"
#include "core/evaluation/summary.hpp"
#include "core/statistics/bootstrap.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

constexpr int k_digits = 4;
constexpr int k_few_digits = 3;

// The mean with its 95 % bootstrap interval: "0.4120 (0.388 to 0.436)".
std::string mean_text(const comparison::Party& party, const evaluation::ScoreLabel& label) {
  const auto values = comparison::numbers_of(party, label.name);
  if (values.empty()) {
    return "-";
  }
  const auto interval = statistics::bootstrap_interval(values, {});
  return decimals(label.field->mean, k_digits) + " (" + decimals(interval.low, k_few_digits) + " to " +
         decimals(interval.high, k_few_digits) + ")";
}

std::vector<std::string> score_names(const RunAnswer& answer) {
  for (const auto& model : answer.models) {
    if (model.scored) {
      std::vector<std::string> names;
      for (const auto& label : evaluation::score_labels(model.scored->results.outcome())) {
        names.push_back(label.name);
      }
      return names;
    }
  }
  return {};
}

std::vector<std::string> row_of(Streams& streams, const services::ModelOutcome& model) {
  const auto failed = model.status == "failed";
  std::vector<std::string> row{
      streams.styled_out(printable(model.name), Style::bold),
      failed ? streams.styled_out(model.reason == "stopped" ? "stopped" : model.status, Style::red) : model.status,
      model.coverage ? percent(*model.coverage) : "-",
      model.cost ? "$" + decimals(*model.cost, k_digits) : "-",
      model.latency_p95_ms ? decimals(*model.latency_p95_ms / 1000, 2) + " s" : "-"};
  if (model.scored) {
    for (const auto& label : evaluation::score_labels(model.scored->results.outcome())) {
      row.push_back(mean_text(*model.scored, label));
    }
  }
  return row;
}

// A line for each score, a column for each model: the models are few, the scores many.
void show_scores(Streams& streams, const RunAnswer& answer, const std::vector<std::vector<std::string>>& rows) {
  constexpr std::size_t k_before_scores = 5;
  const auto names = score_names(answer);
  std::vector<std::vector<std::string>> cells{{streams.styled_out("SCORE", Style::bold)}};
  for (const auto& row : rows) {
    cells.front().push_back(row.front());
  }
  for (std::size_t score = 0; score < names.size(); ++score) {
    auto& line = cells.emplace_back(std::vector{names[score]});
    for (const auto& row : rows) {
      line.push_back(row.size() > k_before_scores + score ? row[k_before_scores + score] : "-");
    }
  }
  streams.out().write("\n" + aligned_table(cells, streams.width()));
}

void show_requirements(Streams& streams, const RunAnswer& answer) {
  if (answer.requirements.empty()) {
    return;
  }
  streams.out().write("\n");
  for (const auto& [model, requirement] : answer.requirements) {
    const auto value = requirement.value ? json_number(*requirement.value) : std::string("null");
    streams.out().write(
        (requirement.holds ? streams.styled_out("holds", Style::green) : streams.styled_out("fails", Style::red)) +
        "  " + printable(requirement.condition.starts_with(model + ":") ? "" : model + ": ") + requirement.condition +
        " (" + value + ")\n");
  }
}

}  // namespace

void show_run(Streams& streams, const RunAnswer& answer) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::vector<std::string>> cells{{}};
  for (const auto* title : {"MODEL", "STATUS", "COVERAGE", "COST", "P95 LATENCY"}) {
    cells.front().push_back(streams.styled_out(title, Style::bold));
  }
  for (const auto& model : answer.models) {
    rows.push_back(row_of(streams, model));
    cells.push_back({rows.back().begin(), rows.back().begin() + static_cast<std::ptrdiff_t>(cells.front().size())});
  }
  streams.out().write(aligned_table(cells, streams.width()));
  show_scores(streams, answer, rows);
  show_requirements(streams, answer);
  if (answer.comparison) {
    streams.out().write("\n");
    for (const auto& candidate : answer.comparison->candidates) {
      streams.out().write(sentence_of(short_name(answer.comparison->baseline_id), printable(candidate.id), candidate) +
                          ".\n");
    }
  }
  if (const auto verdict = verdict_of(answer); !verdict.empty()) {
    streams.out().write("\n" + streams.styled_out(printable(verdict) + ".", Style::bold) + "\n");
  }
}

}  // namespace lumi::cli
