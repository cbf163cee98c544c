#include "base/byte_stream.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace lumi;

namespace {

class RecordingSink final : public ByteSink {
public:
  void write(std::string_view bytes) override { writes.emplace_back(bytes); }
  std::vector<std::string> writes;
};

/// Gives one byte at a time, as a slow pipe may.
class SlowSource final : public ByteSource {
public:
  explicit SlowSource(std::string text) : text_(std::move(text)) {}
  std::size_t read(char* buffer, std::size_t capacity) override {
    if (at_ == text_.size() || capacity == 0) {
      return 0;
    }
    *buffer = text_[at_++];
    return 1;
  }

private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("TextSource gives its text in pieces, then nothing") {
  TextSource source("abcde");
  std::array<char, 3> buffer{};
  CHECK(source.read(buffer.data(), 3) == 3);
  CHECK(std::string(buffer.data(), 3) == "abc");
  CHECK(source.read(buffer.data(), 3) == 2);
  CHECK(std::string(buffer.data(), 2) == "de");
  CHECK(source.read(buffer.data(), 3) == 0);
}

TEST_CASE("read_all reads to the end however small the pieces are") {
  std::string text(200'000, 'x');
  text += "end";
  TextSource quick(text);
  CHECK(read_all(quick) == text);
  SlowSource slow("some text");
  CHECK(read_all(slow) == "some text");
  TextSource empty("");
  CHECK(read_all(empty).empty());
}

TEST_CASE("BufferedSink joins small writes, keeps the order, and passes large ones on") {
  RecordingSink behind;
  BufferedSink sink(behind, 8);
  sink.write("abc");
  sink.write("defgh");
  CHECK(behind.writes.empty());
  sink.write("i");
  CHECK(behind.writes == std::vector<std::string>{"abcdefgh"});
  sink.write("0123456789");
  CHECK(behind.writes == std::vector<std::string>{"abcdefgh", "i", "0123456789"});
  sink.write("jk");
  sink.flush();
  sink.flush();
  CHECK(behind.writes == std::vector<std::string>{"abcdefgh", "i", "0123456789", "jk"});
}
