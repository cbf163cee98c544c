#pragma once
#include "core/report/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lumi::report {

/// The text with the characters that mean something in HTML and XML as entities, and without the control characters
/// that XML 1.0 cannot hold.
std::string escape_markup(std::string_view text);

/// A number with four digits behind the point; "-" for NaN.
std::string short_number(double value);

/// The same with a sign.
std::string signed_number(double value);

/// The names of the scores of all subjects, in the order in which they first come.
std::vector<std::string> score_names(const Report& report);

/// The mean of a score; NaN where the subject has none.
double mean_of(const Subject& subject, std::string_view score);

/// "rougeL: +0.0312 (+0.0120 to +0.0501), p 0.003, better".
std::string to_text(const comparison::ScoreComparison& score);

}  // namespace lumi::report
