#include "base/error.hpp"
#include "base/file.hpp"
#include "support/child_process.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace lumi;
using lumi::test::code_of;
using lumi::test::error_of;
using lumi::test::TempDir;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

/// Root may write anywhere: what needs a refusal cannot be tested as root.
bool is_root() { return ::geteuid() == 0; }

}  // namespace

TEST_CASE("UniqueFd closes what it owns, once") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const auto is_open = [](int fd) { return ::fcntl(fd, F_GETFD) >= 0; };
  {
    UniqueFd first(ends[0]);
    UniqueFd second(std::move(first));
    CHECK(second.get() == ends[0]);
    UniqueFd third(ends[1]);
    third = std::move(second);
    CHECK_FALSE(is_open(ends[1]));
    CHECK(third.get() == ends[0]);
    UniqueFd& same = third;
    third = std::move(same);
    CHECK(is_open(ends[0]));
  }
  CHECK_FALSE(is_open(ends[0]));
}

TEST_CASE("AtomicFile shows nothing before commit and leaves nothing else behind") {
  const TempDir dir;
  const auto path = dir / "out.txt";
  AtomicFile file(path, Overwrite::no, Durable::yes);
  file.write("one ");
  file.write("two");
  CHECK_FALSE(fs::exists(path));
  CHECK(names_in(dir.path()).size() == 1);
  file.commit();
  CHECK(read_file(path) == "one two");
  CHECK(names_in(dir.path()) == std::vector<std::string>{"out.txt"});
}

TEST_CASE("AtomicFile without commit leaves the folder as it was") {
  const TempDir dir;
  const auto path = dir / "out.txt";
  write_file(path, "old", Overwrite::no, Durable::no);
  {
    AtomicFile file(path, Overwrite::yes, Durable::no);
    file.write("new");
  }
  CHECK(read_file(path) == "old");
  CHECK(names_in(dir.path()).size() == 1);
}

TEST_CASE("AtomicFile replaces an existing file only if told to") {
  const TempDir dir;
  const auto path = dir / "out.txt";
  write_file(path, "first", Overwrite::no, Durable::no);
  const auto error = error_of([&] { write_file(path, "second", Overwrite::no, Durable::no); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::conflict);
  CHECK(error->what() == "\"" + path.string() + "\" exists");
  CHECK(read_file(path) == "first");
  CHECK(names_in(dir.path()).size() == 1);
  write_file(path, "third", Overwrite::yes, Durable::no);
  CHECK(read_file(path) == "third");
}

TEST_CASE("AtomicFile replaces a symbolic link, not the file it leads to") {
  const TempDir dir;
  write_file(dir / "target", "kept", Overwrite::no, Durable::no);
  fs::create_symlink("target", dir / "link");
  fs::create_symlink("nowhere", dir / "dangling");
  CHECK(code_of([&] { write_file(dir / "link", "x", Overwrite::no, Durable::no); }) == ErrorCode::conflict);
  CHECK(code_of([&] { write_file(dir / "dangling", "x", Overwrite::no, Durable::no); }) == ErrorCode::conflict);
  write_file(dir / "link", "new", Overwrite::yes, Durable::no);
  CHECK_FALSE(fs::is_symlink(dir / "link"));
  CHECK(read_file(dir / "link") == "new");
  CHECK(read_file(dir / "target") == "kept");
  CHECK_FALSE(fs::exists(dir / "nowhere"));
}

TEST_CASE("AtomicFile lets only the owner read, or whom the umask lets") {
  const TempDir dir;
  const auto before = ::umask(022);
  write_file(dir / "private", "x", Overwrite::no, Durable::no);
  AtomicFile file(dir / "public", Overwrite::no, Durable::no, Readers::by_umask);
  file.commit();
  ::umask(before);
  CHECK(mode_of(dir / "private") == 0600);
  CHECK(mode_of(dir / "public") == 0644);
}

TEST_CASE("AtomicFile writes straight through what is no file") {
  const TempDir dir;
  const auto fifo = dir / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::string got;
  std::thread reader([&] { got = read_file(fifo); });
  write_file(fifo, "through", Overwrite::no, Durable::yes);
  reader.join();
  CHECK(got == "through");
  CHECK(fs::is_fifo(fifo));

  write_file("/dev/null", "gone", Overwrite::yes, Durable::yes);
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(code_of([] { write_file("/dev/full", "x", Overwrite::yes, Durable::no); }) == ErrorCode::permission);
  CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("AtomicFile says what is in the way") {
  const TempDir dir;
  fs::create_directory(dir / "folder");
  write_file(dir / "file", "x", Overwrite::no, Durable::no);
  const auto write = [](const fs::path& path) { write_file(path, "x", Overwrite::yes, Durable::no); };
  CHECK(code_of([&] { write(dir / "folder"); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { write_file(dir / "folder", "x", Overwrite::no, Durable::no); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { write(dir / "absent" / "file"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { write(dir / "file" / "below"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { write(dir / std::string(300, 'n')); }) == ErrorCode::invalid_input);
  const auto error = error_of([&] { write(dir / "absent" / "file"); });
  REQUIRE(error);
  CHECK(std::string(error->what()).find("absent/file\": No such file") != std::string::npos);
  CHECK(names_in(dir.path()).size() == 2);
}

TEST_CASE("AtomicFile leaves nothing behind when there is no space") {
  const TempDir dir;
  test::ChildProcess child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto code = code_of([&] { write_file(dir / "big", std::string(5000, 'x'), Overwrite::no, Durable::no); });
    return code == ErrorCode::permission ? 0 : 1;
  });
  CHECK(child.wait().exit_code == 0);
  CHECK(names_in(dir.path()).empty());
}

TEST_CASE("AtomicFile writes to the current folder by a bare name") {
  const TempDir dir;
  test::ChildProcess child([&] {
    fs::current_path(dir.path());
    write_file("bare", "x", Overwrite::no, Durable::yes);
    return 0;
  });
  CHECK(child.wait().exit_code == 0);
  CHECK(read_file(dir / "bare") == "x");
}

TEST_CASE("only one of many writers that may not overwrite wins") {
  const TempDir dir;
  std::atomic<int> won = 0;
  std::atomic<int> lost = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const auto code = code_of([&] { write_file(dir / "one", std::to_string(i), Overwrite::no, Durable::no); });
      won += code ? 0 : 1;
      lost += code == ErrorCode::conflict ? 1 : 0;
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK(won == 1);
  CHECK(lost == 7);
  CHECK(names_in(dir.path()).size() == 1);
}

TEST_CASE("FileSource reads in pieces and knows the size of files only") {
  const TempDir dir;
  write_file(dir / "file", "abcdef", Overwrite::no, Durable::no);
  FileSource source(dir / "file");
  CHECK(source.size() == 6);
  std::array<char, 4> buffer{};
  CHECK(source.read(buffer.data(), buffer.size()) == 4);
  CHECK(source.read(buffer.data(), buffer.size()) == 2);
  CHECK(source.read(buffer.data(), buffer.size()) == 0);

  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  std::thread writer([&] { write_file(dir / "fifo", "piped", Overwrite::no, Durable::no); });
  FileSource fifo(dir / "fifo");
  CHECK(fifo.size() == 0);
  CHECK(read_all(fifo) == "piped");
  writer.join();
}

TEST_CASE("FileSource says why a file cannot be read") {
  const TempDir dir;
  write_file(dir / "file", "x", Overwrite::no, Durable::no);
  fs::create_symlink("loop", dir / "loop");
  CHECK(code_of([&] { read_file(dir / "absent"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { read_file(dir / "file" / "below"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { read_file(dir.path()); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { read_file(dir / "loop"); }) == ErrorCode::invalid_input);
  CHECK(code_of([&] { read_file(dir / std::string(300, 'n')); }) == ErrorCode::invalid_input);
  if (!is_root()) {
    fs::permissions(dir / "file", fs::perms::none);
    CHECK(code_of([&] { read_file(dir / "file"); }) == ErrorCode::permission);
  }
  const auto error = error_of([&] { read_file(dir / "a\nb"); });
  REQUIRE(error);
  CHECK(std::string(error->what()) == "cannot open \"" + dir.path().string() + "/a\\x0ab\": No such file or directory");
}

TEST_CASE("make_private_folder makes what is missing and keeps what is there") {
  const TempDir dir;
  const auto before = ::umask(0);
  make_private_folder(dir / "a" / "b" / "c");
  ::umask(before);
  for (const auto* name : {"a", "a/b", "a/b/c"}) {
    CHECK(mode_of(dir / name) == 0700);
  }
  fs::permissions(dir / "a", fs::perms::all);
  make_private_folder(dir / "a");
  make_private_folder(dir / "a/b/d/");
  CHECK(fs::is_directory(dir / "a/b/d"));
  CHECK(mode_of(dir / "a") == 0777);
  fs::create_directory_symlink("a", dir / "link");
  make_private_folder(dir / "link");
  make_private_folder(dir / "link" / "e");
  CHECK(fs::is_directory(dir / "a" / "e"));
}

TEST_CASE("make_private_folder says what is in the way") {
  const TempDir dir;
  write_file(dir / "file", "x", Overwrite::no, Durable::no);
  CHECK(code_of([&] { make_private_folder(dir / "file"); }) == ErrorCode::conflict);
  CHECK(code_of([&] { make_private_folder(dir / "file" / "below"); }) == ErrorCode::permission);
  if (!is_root()) {
    CHECK(code_of([] { make_private_folder("/no-place-for-users"); }) == ErrorCode::permission);
  }
}

TEST_CASE("make_private_folder is not led astray by a folder that comes and goes") {
  const TempDir dir;
  std::atomic<bool> over = false;
  std::thread remover([&] {
    while (!over) {
      ::rmdir((dir / "a").c_str());
    }
  });
  std::optional<ErrorCode> failed;
  for (int i = 0; i < 3000 && !failed; ++i) {
    failed = code_of([&] { make_private_folder(dir / "a"); });
  }
  over = true;
  remover.join();
  CHECK(failed == std::nullopt);
}

TEST_CASE("make_private_folder can be called by many at once") {
  const TempDir dir;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { failed += code_of([&] { make_private_folder(dir / "a/b/c/d/e"); }) ? 1 : 0; });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK(failed == 0);
  CHECK(fs::is_directory(dir / "a/b/c/d/e"));
}

TEST_CASE("MappedFile maps files and nothing else") {
  const TempDir dir;
  write_file(dir / "file", std::string(10'000, 'm'), Overwrite::no, Durable::no);
  write_file(dir / "empty", "", Overwrite::no, Durable::no);
  CHECK(MappedFile(dir / "file").bytes() == std::string(10'000, 'm'));
  CHECK(MappedFile(dir / "empty").bytes().empty());
  const MappedFile forgotten(dir / "file");
  for (const auto& [begin, end] :
       {std::pair(0, 10'000), std::pair(4000, 9000), std::pair(1, 2), std::pair(0, 1'000'000)}) {
    forgotten.forget(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
    CHECK(forgotten.bytes() == std::string(10'000, 'm'));
  }
  CHECK(code_of([&] { MappedFile(dir / "absent"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { MappedFile(dir.path()); }) == ErrorCode::invalid_input);
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  CHECK(code_of([&] { MappedFile(dir / "fifo"); }) == ErrorCode::invalid_input);
}
