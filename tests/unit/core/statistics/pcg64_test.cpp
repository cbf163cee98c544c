#include "core/statistics/pcg64.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

using lumi::statistics::Pcg64;

TEST_CASE("Pcg64 gives the numbers of numpy's default_rng") {
  const auto vectors = lumi::test::load_vectors("statistics.json")["pcg64"];
  REQUIRE(vectors.size() >= 3);
  for (const auto& expected : vectors) {
    const auto seed = expected["seed"].get<std::uint64_t>();
    CAPTURE(seed);
    Pcg64 raw(seed);
    for (const auto& number : expected["raw64"]) {
      CHECK(std::to_string(raw.next()) == number.get<std::string>());
    }
    Pcg64 choices(seed);
    for (const auto& number : expected["choice_35"]) {
      CHECK(choices.below(35) == number.get<std::uint32_t>());
    }
    Pcg64 anew(seed);
    for (const auto& number : expected["choice_7_then"]) {
      CHECK(anew.below(7) == number.get<std::uint32_t>());
    }
    Pcg64 words(seed);
    std::uint32_t word = 0;
    std::size_t drawn = 0;
    for (const auto& bit : expected["bool_70"]) {
      word = drawn % 32 == 0 ? words.next32() : word >> 1U;
      CHECK((word & 1U) == bit.get<std::uint32_t>());
      ++drawn;
    }
  }
}

TEST_CASE("Pcg64 keeps below its bound and reaches all that is there") {
  Pcg64 random(1);
  CHECK(random.below(1) == 0);
  std::array<int, 5> seen{};
  for (int i = 0; i < 1000; ++i) {
    ++seen.at(random.below(5));
  }
  for (const int times : seen) {
    CHECK(times > 150);
  }
}
