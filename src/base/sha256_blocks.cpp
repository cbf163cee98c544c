#include "base/sha256_blocks.hpp"

#ifdef __x86_64__

#include <array>

#include <cpuid.h>
#include <immintrin.h>

#define LUMI_SHA __attribute__((target("sha,sse4.1,ssse3")))

namespace lumi {

namespace {

constexpr std::size_t k_block_bytes = 64;
constexpr std::size_t k_quads = 16;  // of rounds

// The constants of FIPS 180-4, 4.2.2.
alignas(16) constexpr std::array<std::uint32_t, 4 * k_quads> k_round_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// The eight words of a state in the order that the instructions want: A, B, E, F and C, D, G, H, high word first.
struct Lanes {
  __m128i abef;
  __m128i cdgh;
};

LUMI_SHA Lanes load_state(const std::uint32_t* words) {
  const auto cdab = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(words)), 0xB1);
  const auto efgh = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(words + 4)), 0x1B);
  return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
}

LUMI_SHA void store_state(const Lanes& lanes, std::uint32_t* words) {
  const auto feba = _mm_shuffle_epi32(lanes.abef, 0x1B);
  const auto dchg = _mm_shuffle_epi32(lanes.cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(words), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(words + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/// Four rounds with four words of the schedule, to which the constants are added already.
LUMI_SHA inline void four_rounds(Lanes& lanes, __m128i words) {
  lanes.cdgh = _mm_sha256rnds2_epu32(lanes.cdgh, lanes.abef, words);
  lanes.abef = _mm_sha256rnds2_epu32(lanes.abef, lanes.cdgh, _mm_shuffle_epi32(words, 0x0E));
}

/// The last sixteen words of the message schedule, the four of `quad` at quad % 4.
struct Schedule {
  __m128i words[4];

  /// Takes four words of the block.
  LUMI_SHA __m128i take(std::size_t quad, const __m128i* bytes) {
    const auto swap_bytes = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);
    return words[quad] = _mm_shuffle_epi8(_mm_loadu_si128(bytes + quad), swap_bytes);
  }

  /// Makes the next four words in the place of the oldest.
  LUMI_SHA __m128i make(std::size_t quad) {
    auto& oldest = words[quad % 4];
    const auto& newest = words[(quad + 3) % 4];
    const auto seven_before = _mm_alignr_epi8(newest, words[(quad + 2) % 4], 4);
    const auto sum = _mm_add_epi32(_mm_sha256msg1_epu32(oldest, words[(quad + 1) % 4]), seven_before);
    return oldest = _mm_sha256msg2_epu32(sum, newest);
  }
};

}  // namespace

bool can_hash_block_pairs() {
  static const bool can = [] {
    constexpr unsigned k_leaf_of_features = 7;
    constexpr unsigned k_sha = 1U << 29U;
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    // Every processor with the first has the second and the third.
    return __get_cpuid_count(k_leaf_of_features, 0, &a, &b, &c, &d) != 0 && (b & k_sha) != 0;
  }();
  return can;
}

LUMI_SHA void hash_block_pairs(std::uint32_t* first, std::uint32_t* second, std::string_view blocks) {
  auto one = load_state(first);
  auto two = load_state(second);
  const auto* constants = reinterpret_cast<const __m128i*>(k_round_constants.data());
  for (; blocks.size() >= k_block_bytes; blocks.remove_prefix(k_block_bytes)) {
    const auto one_before = one;
    const auto two_before = two;
    const auto* bytes = reinterpret_cast<const __m128i*>(blocks.data());
    Schedule schedule;
#pragma GCC unroll 16
    for (std::size_t quad = 0; quad < k_quads; ++quad) {
      const auto words = quad < 4 ? schedule.take(quad, bytes) : schedule.make(quad);
      const auto added = _mm_add_epi32(words, _mm_load_si128(constants + quad));
      four_rounds(one, added);
      four_rounds(two, added);
    }
    one = {_mm_add_epi32(one.abef, one_before.abef), _mm_add_epi32(one.cdgh, one_before.cdgh)};
    two = {_mm_add_epi32(two.abef, two_before.abef), _mm_add_epi32(two.cdgh, two_before.cdgh)};
  }
  store_state(one, first);
  store_state(two, second);
}

}  // namespace lumi

#else

namespace lumi {

bool can_hash_block_pairs() { return false; }

void hash_block_pairs(std::uint32_t* /*first*/, std::uint32_t* /*second*/, std::string_view /*blocks*/) {}

}  // namespace lumi

#endif
