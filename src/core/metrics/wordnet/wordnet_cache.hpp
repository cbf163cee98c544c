#pragma once
#include "core/metrics/metric.hpp"
#include "core/metrics/wordnet/wordnet.hpp"

#include <filesystem>
#include <memory>

namespace lumi::metrics {

/// The WordNet database that `resources` or the environment names, or the one in the usual places. Throws `usage` with
/// the command that installs it.
std::filesystem::path find_wordnet(const Resources& resources);

/// Opens the WordNet of `find_wordnet` through its compiled form in the cache folder, which is made where it is absent,
/// stale or damaged, in memory alone if the folder cannot be written. Throws as find_wordnet and compile_wordnet.
std::shared_ptr<const WordNet> open_wordnet(const Resources& resources);

}  // namespace lumi::metrics
