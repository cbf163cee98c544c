#pragma once
#include <cstdint>
#include <span>

namespace lumi::metrics::unicode {

/// The code points `first`, `first + step`, ..., `last`.
struct Run {
  char32_t first;
  char32_t last;
  char32_t step;
};

/// A run whose code points become lower case by adding `delta`.
struct LowerRun {
  char32_t first;
  char32_t last;
  char32_t step;
  std::int32_t delta;
};

/// The code points from U+0080 on with a property, in ascending order, as Python 3.11 sees them.
std::span<const Run> word_runs();            ///< `\w`
std::span<const Run> decimal_runs();         ///< `\d`
std::span<const Run> upper_runs();           ///< `isupper()`
std::span<const Run> lower_runs();           ///< `islower()`
std::span<const Run> cased_runs();           ///< counts for the final sigma
std::span<const Run> case_ignorable_runs();  ///< is skipped for the final sigma

/// The code points from U+0080 on whose `lower()` is one other code point (U+0130, which becomes two, is left out).
std::span<const LowerRun> lower_case_runs();

}  // namespace lumi::metrics::unicode
