#pragma once
#include "core/evaluation/results_reader.hpp"

#include <string>
#include <vector>

namespace lumi::comparison {

/// Results that take part in a comparison, and the id that messages call them by.
struct Party {
  std::string id;
  evaluation::ResultsReader results;
};

/// Throws `usage` saying why two results cannot be compared row by row: another number of samples, other ground truths,
/// no metric in common, or a metric whose signatures differ.
void check_alike(const Party& baseline, const Party& candidate);

}  // namespace lumi::comparison
