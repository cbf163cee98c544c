#pragma once
#include <array>
#include <cstdint>
#include <optional>

namespace lumi::statistics {

/// The random numbers of `numpy.random.default_rng(seed)`: PCG64 (XSL-RR 128/64; O'Neill, "PCG: A Family of Simple Fast
/// Space-Efficient Statistically Good Algorithms", 2014), seeded through numpy's SeedSequence. Bit for bit numpy's, so
/// that resamples are the same as those of tools that are built on it, sacreBLEU among them.
class Pcg64 {
public:
  explicit Pcg64(std::uint64_t seed);

  /// The next 64 bits.
  std::uint64_t next();

  /// 32 bits: the lower half of the next 64 first, then the upper half.
  std::uint32_t next32();

  /// A whole number below `bound`, which is at least 1 and at most 2^32 - 1, as `Generator.choice` and `integers` draw
  /// it (Lemire, "Fast Random Integer Generation in an Interval", 2019).
  std::uint32_t below(std::uint32_t bound);

private:
  /// 128 bits, as two halves: the language has no such type.
  struct Wide {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
  };

  static Wide multiply(Wide a, Wide b);
  static Wide add(Wide a, Wide b);
  void step();

  Wide state_;
  Wide increment_;
  std::optional<std::uint32_t> upper_half_;
};

}  // namespace lumi::statistics
