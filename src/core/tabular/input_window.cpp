#include "core/tabular/input_window.hpp"

#include "base/interrupt.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace lumi::tabular {

namespace {

/// Whether more bytes could make a character of the ill-formed `bytes`.
bool may_be_cut(std::string_view bytes) {
  return bytes.size() < k_longest_character &&
         std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; });
}

}  // namespace

InputWindow::InputWindow(ByteSource& source, std::size_t block_size, std::size_t max_size)
    : source_(source), max_size_(std::max(max_size, block_size)) {
  reserve(std::max<std::size_t>(block_size, 1));
}

void InputWindow::reserve(std::size_t capacity) {
  auto* const memory = static_cast<char*>(std::realloc(memory_.get(), capacity + k_padding));
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  // realloc has freed the old memory.
  static_cast<void>(memory_.release());
  memory_.reset(memory);
  capacity_ = capacity;
  std::memset(end(), 0, k_padding);
}

void InputWindow::drop(std::size_t count) {
  begin_ += count;
  offset_ += count;
  checked_ = std::max(checked_, begin_);
  if (not_text_ && *not_text_ < begin_) {
    not_text_.reset();
    check_text();
  }
}

void InputWindow::grow() {
  throw_if_interrupted();
  if (is_last_) {
    return;
  }
  if (begin_ > 0) {
    std::memmove(memory_.get(), begin(), size());
    checked_ -= begin_;
    if (not_text_) {
      *not_text_ -= begin_;
    }
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ > capacity_ / 2) {
    reserve(std::max(capacity_, std::min(capacity_ * 2, max_size_)));
  }
  while (end_ < capacity_ && !is_last_) {
    const auto count = source_.read(end(), capacity_ - end_);
    is_last_ = count == 0;
    end_ += count;
  }
  std::memset(end(), 0, k_padding);
  check_text();
}

void InputWindow::check_text() {
  // In small pieces, because what follows the first such byte is looked at again when it has been dropped.
  constexpr std::size_t k_piece = 4096;
  while (!not_text_ && checked_ < end_) {
    const auto piece = std::string_view(memory_.get(), end_).substr(checked_, k_piece);
    const auto ill_formed = find_invalid_utf8(piece);
    const auto text = piece.substr(0, ill_formed.value_or(piece.size()));
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
      not_text_ = checked_ + nul;
      return;
    }
    checked_ += text.size();
    const auto rest = piece.substr(text.size());
    const bool is_end = checked_ + rest.size() == end_;
    if (!rest.empty() && ((is_end && is_last_) || !may_be_cut(rest))) {
      not_text_ = checked_;
    } else if (!rest.empty() && is_end) {
      return;
    }
  }
}

}  // namespace lumi::tabular
