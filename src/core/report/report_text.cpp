#include "core/report/report_text.hpp"

#include "base/decimals.hpp"
#include "core/evaluation/sample_row.hpp"

#include <algorithm>
#include <limits>

namespace lumi::report {

namespace {

constexpr int k_digits = 4;

}  // namespace

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
  // U+FFFE and U+FFFF are no characters of XML either.
  for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (auto at = escaped.find(none); at != std::string::npos; at = escaped.find(none, at)) {
      escaped.replace(at, none.size(), "\uFFFD");
    }
  }
  return escaped;
}

std::string short_number(double value) { return decimals(value, k_digits); }

std::string signed_number(double value) { return signed_decimals(value, k_digits); }

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
  return score.score + ": " + signed_number(score.bootstrap.difference) + " (" +
         signed_number(score.bootstrap.interval.low) + " to " + signed_number(score.bootstrap.interval.high) + "), p " +
         comparison::p_value_text(score.p_adjusted) + ", " + std::string(comparison::to_text(score.finding));
}

}  // namespace lumi::report
