#include "core/metrics/mean.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace {

using lumi::metrics::pairwise_mean;
using lumi::metrics::PairwiseMean;

std::vector<double> sequence(std::size_t length) {
  std::vector<double> values;
  for (std::uint64_t i = 0; i < length; ++i) {
    values.push_back(static_cast<double>((i + 1) * 2654435761U % (1ULL << 32)) / 4294967296.0);
  }
  return values;
}

}  // namespace

TEST_CASE("means have the bits of numpy") {
  const auto vectors = lumi::test::load_vectors("components.json")["numpy_mean"];
  CHECK(vectors.size() == 22);
  for (const auto& expected : vectors) {
    const auto values = sequence(expected["n"].get<std::size_t>());
    CAPTURE(values.size());
    PairwiseMean mean(values.size());
    mean.add(values);
    CHECK(mean.sum() == expected["sum"].get<double>());
    CHECK(mean.mean() == expected["mean"].get<double>());
  }
}

TEST_CASE("means do not depend on how the values are cut into blocks") {
  for (const std::size_t length : {1U, 7U, 8U, 127U, 128U, 129U, 1000U, 1023U, 4096U, 12345U}) {
    const auto values = sequence(length);
    for (const std::size_t block : {1U, 3U, 128U, 1024U}) {
      PairwiseMean mean(length);
      for (std::size_t at = 0; at < length; at += block) {
        mean.add(std::span(values).subspan(at, std::min(block, length - at)));
      }
      CAPTURE(length);
      CAPTURE(block);
      CHECK(mean.mean() == pairwise_mean(values));
    }
  }
}

TEST_CASE("the mean of nothing is no number") { CHECK(std::isnan(pairwise_mean({}))); }
