#pragma once
#include "core/evaluation/input.hpp"
#include "core/evaluation/outcome.hpp"
#include "core/evaluation/plan.hpp"
#include "core/evaluation/request.hpp"

#include <cstdint>
#include <functional>

namespace lumi::evaluation {

/// How far an evaluation is.
struct Progress {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< of the input's `size_bytes`
};
using ProgressCallback = std::function<void(const Progress&)>;

/// Reads `input` to its end (or to `max_samples`) and scores it, in memory that does not grow with the file. The
/// numbers do not depend on the number of threads. Throws `invalid_input` for columns or ground truths that are
/// missing, `interrupted` when a signal asked to stop.
Outcome evaluate(const Input& input, const Request& request, const Plan& plan, const ProgressCallback& progress = {});

}  // namespace lumi::evaluation
