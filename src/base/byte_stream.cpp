#include "base/byte_stream.hpp"

#include <algorithm>
#include <cstring>

namespace lumi {

std::size_t TextSource::read(char* buffer, std::size_t capacity) {
  const auto count = std::min(capacity, rest_.size());
  if (count > 0) {
    std::memcpy(buffer, rest_.data(), count);
    rest_.remove_prefix(count);
  }
  return count;
}

BufferedSink::BufferedSink(ByteSink& behind, std::size_t capacity) : behind_(behind), capacity_(capacity) {
  buffer_.reserve(capacity);
}

void BufferedSink::write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() > capacity_) {
    flush();
  }
  if (bytes.size() >= capacity_) {
    behind_.write(bytes);
  } else {
    buffer_ += bytes;
  }
}

void BufferedSink::flush() {
  if (!buffer_.empty()) {
    behind_.write(buffer_);
    buffer_.clear();
  }
}

std::string read_all(ByteSource& source) {
  std::string all;
  constexpr std::size_t k_step = 64 * 1024;
  for (;;) {
    const auto before = all.size();
    all.resize(before + k_step);
    const auto count = source.read(all.data() + before, k_step);
    all.resize(before + count);
    if (count == 0) {
      return all;
    }
  }
}

}  // namespace lumi
