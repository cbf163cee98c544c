#include "core/report/problems.hpp"

#include "base/text.hpp"
#include "core/report/report_text.hpp"

#include <algorithm>

namespace lumi::report {

const comparison::ScoreComparison* find_comparison(const Report& report, std::size_t subject, std::string_view score) {
  for (const auto& beside : report.comparisons) {
    if (beside.subject == subject) {
      const auto found = std::ranges::find_if(beside.scores, [&](const auto& one) { return one.score == score; });
      return found == beside.scores.end() ? nullptr : &*found;
    }
  }
  return nullptr;
}

void for_each_problem(const Report& report, const std::function<void(const Problem&)>& visit) {
  for (const auto& subject : report.subjects) {
    for (const auto& sample : subject.missing) {
      visit({Problem::Kind::missing_prediction,
             &subject,
             "sample " + std::to_string(sample.row) + " of " + quote(subject.name) + " has no prediction (" +
                 std::string(evaluation::to_text(sample.status)) + ")",
             std::to_string(sample.row),
             sample.line});
    }
  }
  for (const auto& beside : report.comparisons) {
    const auto& subject = report.subjects[beside.subject];
    for (const auto& score : beside.scores) {
      if (score.finding == comparison::Finding::worse) {
        visit({Problem::Kind::worse_score,
               &subject,
               quote(subject.name) + " is worse than " + quote(report.subjects.front().name) + ": " + to_text(score),
               score.score,
               std::nullopt});
      }
    }
  }
}

}  // namespace lumi::report
