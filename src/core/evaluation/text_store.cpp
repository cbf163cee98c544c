#include "core/evaluation/text_store.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace lumi::evaluation {

namespace {

constexpr std::size_t k_block = 128 * 1024;
constexpr std::uint64_t k_null_length = std::numeric_limits<std::uint64_t>::max();

}  // namespace

void TextStore::add(std::optional<std::string_view> text) {
  const std::uint64_t length = text ? text->size() : k_null_length;
  pending_.append(reinterpret_cast<const char*>(&length), sizeof length);
  pending_.append(text.value_or(std::string_view()));
  ++count_;
  if (pending_.size() >= k_block) {
    flush();
  }
}

void TextStore::flush() {
  file_->append(pending_);
  pending_.clear();
}

TextStream TextStore::read() {
  flush();
  return {file_, count_};
}

std::optional<std::string_view> TextStream::next() {
  if (left_ == 0) {
    return std::nullopt;
  }
  --left_;
  std::uint64_t length = 0;
  std::memcpy(&length, take(sizeof length), sizeof length);
  if (length == k_null_length) {
    return std::nullopt;
  }
  return std::string_view(take(static_cast<std::size_t>(length)), static_cast<std::size_t>(length));
}

// The next `count` bytes, in one piece.
const char* TextStream::take(std::size_t count) {
  if (end_ - at_ < count) {
    buffer_.erase(0, at_);
    end_ -= at_;
    at_ = 0;
    buffer_.resize(std::max(count, k_block));
    while (end_ < count) {
      const auto got = source_.read(buffer_.data() + end_, buffer_.size() - end_);
      if (got == 0) {
        throw Error(ErrorCode::failure, "a temporary file lost its end");
      }
      end_ += got;
    }
  }
  at_ += count;
  return buffer_.data() + at_ - count;
}

}  // namespace lumi::evaluation
