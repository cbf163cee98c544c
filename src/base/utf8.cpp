// The functions of text.hpp that judge UTF-8.
#include "base/byte_block.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace lumi {

namespace {

struct Utf8Lead {
  int length;                // 0: not a lead byte
  unsigned char second_low;  // bounds of the second byte exclude overlong forms, surrogates and > U+10FFFF
  unsigned char second_high;
};

Utf8Lead utf8_lead(unsigned char byte) {
  if (byte < 0x80) {
    return {1, 0, 0};
  }
  if (byte < 0xC2 || byte > 0xF4) {
    return {0, 0, 0};
  }
  if (byte < 0xE0) {
    return {2, 0x80, 0xBF};
  }
  if (byte < 0xF0) {
    return {3,
            static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF)};
  }
  return {4,
          static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
          static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF)};
}

/// The number of bytes at `at` that a well-formed sequence could start with: `lead.length` if all of it is there.
int well_formed_length(std::string_view text, std::size_t at, const Utf8Lead& lead) {
  int length = lead.length == 0 ? 0 : 1;
  for (; length < lead.length && at + static_cast<std::size_t>(length) < text.size(); ++length) {
    const auto byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(length)]);
    const unsigned char low = length == 1 ? lead.second_low : 0x80;
    const unsigned char high = length == 1 ? lead.second_high : 0xBF;
    if (byte < low || byte > high) {
      break;
    }
  }
  return length;
}

// --- sixty-four bytes at once ---

/// What holds for each of sixty-four bytes, as masks with the first byte lowest.
class Utf8Block {
public:
  static constexpr std::size_t k_size = 64;

  explicit Utf8Block(const char* bytes)
      : blocks_{ByteBlock::load(bytes),
                ByteBlock::load(bytes + 16),
                ByteBlock::load(bytes + 32),
                ByteBlock::load(bytes + 48)} {}

  bool is_ascii() const { return (blocks_[0] | blocks_[1] | blocks_[2] | blocks_[3]).bits() == 0; }

  std::uint64_t at_most(unsigned char bound) const {
    return mask([=](const ByteBlock& block) { return block.at_most(bound); });
  }

  std::uint64_t equal_to(unsigned char wanted) const {
    return mask([=](const ByteBlock& block) { return block.equal_to(static_cast<char>(wanted)); });
  }

private:
  template <class Holds>
  std::uint64_t mask(Holds holds) const {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      bits |= static_cast<std::uint64_t>(holds(blocks_[i]).bits()) << (i * ByteBlock::k_size);
    }
    return bits;
  }

  std::array<ByteBlock, 4> blocks_;
};

/// Judges block after block: the leads, shifted by one to three places, must give just the continuations.
class Utf8Checker {
public:
  /// Whether the last block ended with a whole sequence.
  bool is_between() const { return expected_ == 0; }

  /// Whether the next block could be well-formed.
  bool check(const Utf8Block& block) {
    const auto ascii = block.at_most(0x7F);
    const auto below_lead = block.at_most(0xBF);
    const auto three_or_four = ~block.at_most(0xDF);
    const auto four = ~block.at_most(0xEF);
    const auto never = (block.at_most(0xC1) & ~below_lead) | ~block.at_most(0xF4);
    const auto expected = (~below_lead << 1) | (three_or_four << 2) | (four << 3) | expected_;
    expected_ = (~below_lead >> 63) | (three_or_four >> 62) | (four >> 61);
    return expected == (below_lead & ~ascii) && never == 0 && check_second_bytes(block, three_or_four);
  }

private:
  /// The lead bytes after which not every continuation may come: others would be overlong, a surrogate or too large.
  bool check_second_bytes(const Utf8Block& block, std::uint64_t three_or_four) {
    if (three_or_four == 0 && after_ == After{}) {
      return true;
    }
    const After leads{block.equal_to(0xE0), block.equal_to(0xED), block.equal_to(0xF0), block.equal_to(0xF4)};
    After second;
    for (std::size_t i = 0; i < leads.size(); ++i) {
      second[i] = (leads[i] << 1) | after_[i];
      after_[i] = leads[i] >> 63;
    }
    const auto up_to_9f = block.at_most(0x9F);
    const auto up_to_8f = block.at_most(0x8F);
    return ((second[0] & up_to_9f) | (second[1] & ~up_to_9f) | (second[2] & up_to_8f) | (second[3] & ~up_to_8f)) == 0;
  }

  using After = std::array<std::uint64_t, 4>;

  std::uint64_t expected_ = 0;  // where the next block must have continuations
  After after_{};               // whether the last block ended with E0, ED, F0 or F4
};

/// Where the sequence starts that the byte at `at` of so far well-formed text belongs to or follows.
std::size_t sequence_start(std::string_view text, std::size_t at) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(at, 3); ++back) {
    const auto byte = static_cast<unsigned char>(text[at - back]);
    if (byte >= 0xC0) {
      return at - back;
    }
  }
  return at;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  Utf8Checker checker;
  std::size_t at = 0;
  for (; at + Utf8Block::k_size <= text.size(); at += Utf8Block::k_size) {
    const Utf8Block block(text.data() + at);
    if (!(block.is_ascii() && checker.is_between()) && !checker.check(block)) {
      break;
    }
  }
  for (at = sequence_start(text, at); at < text.size();) {
    if (at + ByteBlock::k_size <= text.size() && ByteBlock::load(text.data() + at).bits() == 0) {
      at += ByteBlock::k_size;
      continue;
    }
    const auto lead = utf8_lead(static_cast<unsigned char>(text[at]));
    if (lead.length == 0 || well_formed_length(text, at, lead) != lead.length) {
      return at;
    }
    at += static_cast<std::size_t>(lead.length);
  }
  return std::nullopt;
}

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  while (const auto bad = find_invalid_utf8(text)) {
    valid.append(text, 0, *bad);
    append_utf8(valid, U'\uFFFD');
    const auto lead = utf8_lead(static_cast<unsigned char>(text[*bad]));
    text.remove_prefix(*bad + static_cast<std::size_t>(std::max(1, well_formed_length(text, *bad, lead))));
  }
  return valid.append(text);
}

}  // namespace lumi
