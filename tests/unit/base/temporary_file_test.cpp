#include "base/temporary_file.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>

using namespace lumi;
using lumi::test::TempDir;

namespace {

/// Sets TMPDIR for one test.
class TemporaryFolderIs {
public:
  explicit TemporaryFolderIs(const std::filesystem::path& folder) {
    if (const char* before = std::getenv("TMPDIR"); before != nullptr) {
      before_ = before;
    }
    ::setenv("TMPDIR", folder.c_str(), 1);
  }
  ~TemporaryFolderIs() {
    if (before_) {
      ::setenv("TMPDIR", before_->c_str(), 1);
    } else {
      ::unsetenv("TMPDIR");
    }
  }
  TemporaryFolderIs(const TemporaryFolderIs&) = delete;
  TemporaryFolderIs& operator=(const TemporaryFolderIs&) = delete;

private:
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("TemporaryFile has no name, in the folder that TMPDIR names") {
  const TempDir dir;
  const TemporaryFolderIs folder(dir.path());
  TemporaryFile file;
  file.append("abc");
  CHECK(std::filesystem::is_empty(dir.path()));
  const TemporaryFolderIs absent(dir / "absent");
  CHECK(test::code_of([] { TemporaryFile(); }) == ErrorCode::not_found);
}

TEST_CASE("TemporaryFile reads and writes anywhere") {
  TemporaryFile file;
  CHECK(file.size() == 0);
  file.append("hello ");
  file.append("world");
  file.write_at(6, "there");
  CHECK(file.size() == 11);
  std::array<char, 16> buffer{};
  CHECK(file.read_at(6, buffer.data(), buffer.size()) == 5);
  CHECK(std::string(buffer.data(), 5) == "there");
  CHECK(file.read_at(11, buffer.data(), buffer.size()) == 0);
}

TEST_CASE("a temporary file outlives the object that made it while a source reads it") {
  auto file = std::make_shared<TemporaryFile>();
  TemporaryFileSink sink(*file);
  sink.write("kept ");
  sink.write("alive");
  TemporaryFileSource first(file);
  TemporaryFileSource second(file);
  file.reset();
  CHECK(read_all(first) == "kept alive");
  CHECK(read_all(second) == "kept alive");
}
