#pragma once
#include "base/byte_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

namespace lumi::tabular {

/// The bytes of the longest UTF-8 character.
inline constexpr std::size_t k_longest_character = 4;

/// A cell or row is called too large only when so many bytes more than it may have are in memory: its last character
/// may be cut.
inline constexpr std::size_t k_character_margin = 8;

/// The part of a source that is in memory: it grows at the end and is dropped at the front. The bytes may be changed
/// in place; at least `k_padding` zero bytes can be read behind them.
class InputWindow {
public:
  static constexpr std::size_t k_padding = 64;

  /// A window on `source` that starts with room for `block_size` bytes and grows to `max_size` if need be.
  InputWindow(ByteSource& source, std::size_t block_size, std::size_t max_size);

  char* begin() { return memory_.get() + begin_; }
  char* end() { return memory_.get() + end_; }
  std::size_t size() const { return end_ - begin_; }
  std::string_view bytes() const { return {memory_.get() + begin_, size()}; }

  /// Whether nothing follows the window.
  bool is_last() const { return is_last_; }

  /// How many bytes of the source are before the window.
  std::uint64_t offset() const { return offset_; }

  /// Drops the first `count` bytes.
  void drop(std::size_t count);

  /// Reads on until the memory is full or the source ends, if need be into more memory; the bytes move.
  /// Throws `interrupted` if a signal asked to stop.
  void grow();

  /// Where the first `count` bytes hold a NUL or something that is not well-formed UTF-8, if they do.
  /// A sequence that the end of the window cuts is not judged before the rest of it is there.
  std::optional<std::size_t> find_not_text(std::size_t count) const {
    return not_text_ && *not_text_ < begin_ + count ? std::optional(*not_text_ - begin_) : std::nullopt;
  }

private:
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };

  void reserve(std::size_t capacity);
  void check_text();

  ByteSource& source_;
  std::size_t max_size_;
  std::unique_ptr<char, Free> memory_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t checked_ = 0;              // all bytes before are text, or not_text_ says where not
  std::optional<std::size_t> not_text_;  // index of the first such byte in memory
  std::uint64_t offset_ = 0;
  bool is_last_ = false;
};

}  // namespace lumi::tabular
