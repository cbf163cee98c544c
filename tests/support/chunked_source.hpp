#pragma once
#include "base/byte_stream.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace lumi::test {

/// A source that gives at most `chunk` bytes of a text at once, as pipes do.
class ChunkedSource final : public ByteSource {
public:
  ChunkedSource(std::string_view text, std::size_t chunk) : text_(text), chunk_(chunk) {}

  std::size_t read(char* buffer, std::size_t capacity) override {
    return text_.read(buffer, std::min(capacity, chunk_));
  }

private:
  TextSource text_;
  std::size_t chunk_;
};

}  // namespace lumi::test
