#include "core/statistics/pcg64.hpp"

#include <bit>

namespace lumi::statistics {

namespace {

constexpr std::size_t k_pool = 4;

/// numpy's SeedSequence without a spawn key: spreads the bits of a seed over as many words as are asked for.
class SeedSequence {
public:
  explicit SeedSequence(std::uint64_t seed) {
    const std::array<std::uint32_t, 2> entropy{static_cast<std::uint32_t>(seed),
                                               static_cast<std::uint32_t>(seed >> 32U)};
    std::uint32_t constant = 0x43B0D7E5U;
    for (std::size_t i = 0; i < k_pool; ++i) {
      pool_[i] = hash(i < entropy.size() ? entropy[i] : 0, constant);
    }
    for (std::size_t from = 0; from < k_pool; ++from) {
      for (std::size_t to = 0; to < k_pool; ++to) {
        if (from != to) {
          pool_[to] = mix(pool_[to], hash(pool_[from], constant));
        }
      }
    }
  }

  /// Four words of 64 bits, the first half of each the lower one.
  std::array<std::uint64_t, 4> words() const {
    std::array<std::uint64_t, 4> words{};
    std::uint32_t constant = 0x8B51F9DDU;
    for (std::size_t i = 0; i < 2 * words.size(); ++i) {
      std::uint32_t value = pool_[i % k_pool] ^ constant;
      constant *= 0x58F38DEDU;
      value *= constant;
      value ^= value >> 16U;
      words[i / 2] |= std::uint64_t{value} << (32U * (i % 2));
    }
    return words;
  }

private:
  static std::uint32_t hash(std::uint32_t value, std::uint32_t& constant) {
    value ^= constant;
    constant *= 0x931E8875U;
    value *= constant;
    return value ^ (value >> 16U);
  }

  static std::uint32_t mix(std::uint32_t x, std::uint32_t y) {
    const std::uint32_t mixed = 0xCA01F9DDU * x - 0x4973F715U * y;
    return mixed ^ (mixed >> 16U);
  }

  std::array<std::uint32_t, k_pool> pool_{};
};

/// The 128 bits of a product of 64 bits each, the upper half.
std::uint64_t high_product(std::uint64_t a, std::uint64_t b) {
  __extension__ using Product = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Product>(a) * b) >> 64U);
}

}  // namespace

Pcg64::Wide Pcg64::multiply(Wide a, Wide b) {
  return {high_product(a.low, b.low) + a.high * b.low + a.low * b.high, a.low * b.low};
}

Pcg64::Wide Pcg64::add(Wide a, Wide b) {
  const std::uint64_t low = a.low + b.low;
  return {a.high + b.high + (low < a.low ? 1U : 0U), low};
}

Pcg64::Pcg64(std::uint64_t seed) {
  const auto words = SeedSequence(seed).words();
  increment_ = {(words[2] << 1U) | (words[3] >> 63U), (words[3] << 1U) | 1U};
  step();
  state_ = add(state_, {words[0], words[1]});
  step();
}

void Pcg64::step() {
  constexpr Wide k_multiplier{0x2360ED051FC65DA4U, 0x4385DF649FCCF645U};
  state_ = add(multiply(state_, k_multiplier), increment_);
}

std::uint64_t Pcg64::next() {
  step();
  return std::rotr(state_.high ^ state_.low, static_cast<int>(state_.high >> 58U));
}

std::uint32_t Pcg64::next32() {
  if (upper_half_) {
    const auto value = *upper_half_;
    upper_half_.reset();
    return value;
  }
  const auto both = next();
  upper_half_ = static_cast<std::uint32_t>(both >> 32U);
  return static_cast<std::uint32_t>(both);
}

std::uint32_t Pcg64::below(std::uint32_t bound) {
  if (bound == 1) {
    return 0;  // numpy draws nothing for it
  }
  std::uint64_t product = std::uint64_t{next32()} * bound;
  if (static_cast<std::uint32_t>(product) < bound) {
    const std::uint32_t threshold = (0U - bound) % bound;
    while (static_cast<std::uint32_t>(product) < threshold) {
      product = std::uint64_t{next32()} * bound;
    }
  }
  return static_cast<std::uint32_t>(product >> 32U);
}

}  // namespace lumi::statistics
