#include "base/error.hpp"
#include "base/tar.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>

using lumi::ErrorCode;
using lumi::TarReader;
using lumi::TarWriter;
using lumi::TextSink;
using lumi::TextSource;
using lumi::test::code_of;

namespace {

std::map<std::string, std::string> read_archive(const std::string& bytes) {
  TextSource source(bytes);
  TarReader reader(source, "x.tar");
  std::map<std::string, std::string> files;
  while (const auto entry = reader.next()) {
    std::string content(static_cast<std::size_t>(entry->size_bytes), '\0');
    std::size_t done = 0;
    while (const auto count = reader.read(content.data() + done, 1000)) {
      done += count;
    }
    CHECK(done == content.size());
    files[entry->name] = content;
  }
  return files;
}

std::string write_archive(const std::map<std::string, std::string>& files) {
  TextSink sink;
  TarWriter writer(sink, {1'700'000'000'000'000});
  for (const auto& [name, content] : files) {
    writer.add(name, content);
  }
  writer.finish();
  return sink.text();
}

}  // namespace

TEST_CASE("files come back from an archive under names of every kind") {
  const std::map<std::string, std::string> files{{"a", ""},
                                                 {"b", "x"},
                                                 {"c/d", std::string(511, 'y')},
                                                 {"e", std::string(512, 'z')},
                                                 {"f", std::string(100'000, '\0')},
                                                 {std::string(100, 'n'), "just fits"},
                                                 {std::string(101, 'n'), "does not"},
                                                 {std::string(1000, 'n'), "long"},
                                                 {"\xC3\xA4 new\nline=", "odd"}};
  const auto bytes = write_archive(files);
  CHECK(bytes.size() % 512 == 0);
  CHECK(read_archive(bytes) == files);
}

TEST_CASE("files need not be read to their end") {
  const auto bytes = write_archive({{"a", std::string(5000, 'a')}, {"b", "b"}});
  TextSource source(bytes);
  TarReader reader(source, "x.tar");
  CHECK(reader.next()->name == "a");
  char one = 0;
  CHECK(reader.read(&one, 1) == 1);
  CHECK(reader.next()->name == "b");
  CHECK_FALSE(reader.next().has_value());
}

TEST_CASE("a size that does not fit into the header is in an extended one") {
  class Counting final : public lumi::ByteSink {
  public:
    void write(std::string_view bytes) override {
      if (head.size() < 4096) {
        head += bytes;
      }
    }
    std::string head;
  };
  Counting sink;
  TarWriter writer(sink, {0});
  constexpr std::uint64_t k_size = 9'000'000'000;
  writer.begin("big", k_size);
  writer.write("x");
  TextSource source(sink.head);
  TarReader reader(source, "x.tar");
  const auto entry = reader.next();
  REQUIRE(entry.has_value());
  CHECK(entry->size_bytes == k_size);
  CHECK(entry->name == "big");
}

TEST_CASE("a file has the size that was said") {
  TextSink sink;
  TarWriter writer(sink, {0});
  writer.begin("a", 2);
  CHECK(code_of([&] { writer.write("abc"); }) == ErrorCode::failure);
  writer.write("a");
  CHECK(code_of([&] { writer.begin("b", 0); }) == ErrorCode::failure);
  CHECK(code_of([&] { writer.finish(); }) == ErrorCode::failure);
}

TEST_CASE("what is no archive of plain files is refused") {
  const auto good = write_archive({{"a", "content"}});
  CHECK(code_of([&] { read_archive(""); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { read_archive(good.substr(0, 700)); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { read_archive(good.substr(0, 1024)); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { read_archive(std::string(512, 'x')); }) == ErrorCode::invalid_input);
  for (std::size_t at = 0; at < 512; ++at) {
    if (at == 155) {
      continue;  // the blank behind the sum
    }
    auto damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CAPTURE(at);
    CHECK(code_of([&] { read_archive(damaged); }) == ErrorCode::invalid_input);
  }
}
