#include "core/report/report_text.hpp"

#include "core/evaluation/sample_row.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace lumi::report {

std::string escape_markup(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    case '\'':
      escaped += "&#39;";
      break;
    default:
      const bool is_control = static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
      escaped += is_control ? "\uFFFD" : std::string(1, c);
    }
  }
  return escaped;
}

std::string short_number(double value) {
  if (!std::isfinite(value)) {
    return "-";
  }
  std::array<char, 400> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.4f", value);
  return buffer.data();
}

std::string signed_number(double value) { return (value < 0 ? "" : "+") + short_number(value); }

std::string percent(double share) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.1f %%", 100 * share);
  return buffer.data();
}

std::vector<std::string> score_names(const Report& report) {
  std::vector<std::string> names;
  for (const auto& subject : report.subjects) {
    for (const auto& label : evaluation::score_labels(subject.party.results.outcome())) {
      if (std::ranges::find(names, label.name) == names.end()) {
        names.push_back(label.name);
      }
    }
  }
  return names;
}

double mean_of(const Subject& subject, std::string_view score) {
  for (const auto& label : evaluation::score_labels(subject.party.results.outcome())) {
    if (label.name == score) {
      return label.field->mean;
    }
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::string to_text(const comparison::ScoreComparison& score) {
  std::array<char, 16> p{};
  std::snprintf(p.data(), p.size(), "%.3f", score.p_adjusted);
  return score.score + ": " + signed_number(score.bootstrap.difference) + " (" +
         signed_number(score.bootstrap.interval.low) + " to " + signed_number(score.bootstrap.interval.high) + "), p " +
         (score.p_adjusted < 0.001 ? "<0.001" : p.data()) + ", " + std::string(comparison::to_text(score.finding));
}

}  // namespace lumi::report
