#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace lumi {

/// Sixteen bytes that are compared at once. A comparison gives a block of 0xFF (holds) and 0x00 (does not);
/// `bits` turns a block into a mask with the first byte lowest. This form works on every machine.
class PortableByteBlock {
public:
  static constexpr std::size_t k_size = 16;

  static PortableByteBlock load(const char* bytes) {
    PortableByteBlock block;
    std::memcpy(block.bytes_.data(), bytes, k_size);
    return block;
  }

  /// Where the byte is `wanted`.
  PortableByteBlock equal_to(char wanted) const {
    return map([=](unsigned char byte) { return byte == static_cast<unsigned char>(wanted); });
  }

  /// Where the byte, as a number from 0 to 255, is at most `bound`.
  PortableByteBlock at_most(unsigned char bound) const {
    return map([=](unsigned char byte) { return byte <= bound; });
  }

  PortableByteBlock operator|(const PortableByteBlock& other) const {
    PortableByteBlock both;
    for (std::size_t i = 0; i < k_size; ++i) {
      both.bytes_[i] = static_cast<unsigned char>(bytes_[i] | other.bytes_[i]);
    }
    return both;
  }

  /// The highest bit of each byte.
  std::uint32_t bits() const {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < k_size; ++i) {
      mask |= static_cast<std::uint32_t>(bytes_[i] >> 7) << i;
    }
    return mask;
  }

private:
  template <class Holds>
  PortableByteBlock map(Holds holds) const {
    PortableByteBlock mapped;
    for (std::size_t i = 0; i < k_size; ++i) {
      mapped.bytes_[i] = holds(bytes_[i]) ? 0xFF : 0x00;
    }
    return mapped;
  }

  std::array<unsigned char, k_size> bytes_{};
};

#if defined(__SSE2__)

/// PortableByteBlock in one register.
class Sse2ByteBlock {
public:
  static constexpr std::size_t k_size = 16;

  static Sse2ByteBlock load(const char* bytes) {
    return Sse2ByteBlock(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
  }
  Sse2ByteBlock equal_to(char wanted) const { return Sse2ByteBlock(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(wanted))); }
  Sse2ByteBlock at_most(unsigned char bound) const {
    return Sse2ByteBlock(_mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(static_cast<char>(bound))), bytes_));
  }
  Sse2ByteBlock operator|(const Sse2ByteBlock& other) const {
    return Sse2ByteBlock(_mm_or_si128(bytes_, other.bytes_));
  }
  std::uint32_t bits() const { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes_)); }

private:
  explicit Sse2ByteBlock(__m128i bytes) : bytes_(bytes) {}
  __m128i bytes_;
};

using ByteBlock = Sse2ByteBlock;
#else
using ByteBlock = PortableByteBlock;
#endif

}  // namespace lumi
