#pragma once
#include "core/metrics/metric.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace lumi::metrics {

/// The folders where NLTK's data may lie, in the order of their search: the one that `resources` names alone, or else
/// $NLTK_DATA, ~/nltk_data and the system's.
std::vector<std::filesystem::path> nltk_data_folders(const Resources& resources);

/// The first folder with NLTK's English Punkt parameters, or nothing.
std::optional<std::filesystem::path> find_punkt_data(const Resources& resources);

}  // namespace lumi::metrics
