#pragma once
#include "core/metrics/wordnet/wordnet_cache.hpp"
#include "support/temp_dir.hpp"

#include <memory>

namespace lumi::test {

/// The data that METEOR reads in tests: Debian's WordNet, compiled once a run, and NLTK's Punkt parameters.
inline const metrics::Resources& metric_resources() {
  static const TempDir cache;
  static const metrics::Resources resources = {
      "/usr/share/wordnet", std::filesystem::path(LUMI_SOURCE_DIR) / "tests/data/nltk_data", cache.path()};
  return resources;
}

inline std::shared_ptr<const metrics::WordNet> shared_wordnet() {
  static const auto wordnet = metrics::open_wordnet(metric_resources());
  return wordnet;
}

}  // namespace lumi::test
