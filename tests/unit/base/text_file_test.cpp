#include "base/error.hpp"
#include "base/text_file.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace lumi;

namespace {

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("a text file is UTF-8, without NUL, its byte order mark left out") {
  const test::TempDir folder;
  const auto path = folder / "a.txt";
  write_bytes(path, "\xef\xbb\xbfgr\xc3\xbc\xc3\x9f\n");
  CHECK(read_text_file(path) == "gr\xc3\xbc\xc3\x9f\n");
  write_bytes(path, "");
  CHECK(read_text_file(path).empty());
  for (const std::string& bad : {std::string("gr\xfc"), std::string("a\0b", 3)}) {
    write_bytes(path, bad);
    const auto error = test::error_of([&] { read_text_file(path); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::invalid_input);
  }
}
