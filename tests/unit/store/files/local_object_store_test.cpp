#include "conformance/object_store_suite.hpp"
#include "store/files/local_object_store.hpp"
#include "store/files/object_stores.hpp"
#include "support/file_mode.hpp"
#include "support/processes.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using lumi::Error;
using lumi::ErrorCode;
using lumi::store::LocalObjectStore;
using lumi::test::get;
using lumi::test::keys_of;
using lumi::test::put;
namespace fs = std::filesystem;

namespace {

int count_files(const fs::path& folder) {
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    count += entry.is_regular_file() ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("a local folder is an object store") {
  const lumi::test::TempDir folder;
  lumi::test::check_object_store([&] { return std::make_unique<LocalObjectStore>(folder / "objects", "file:"); });
}

TEST_CASE("looking at an object store makes no folder") {
  const lumi::test::TempDir folder;
  LocalObjectStore objects(folder / "objects", "file:");
  CHECK(keys_of(objects).empty());
  CHECK_FALSE(objects.find("a/b").has_value());
  CHECK_FALSE(objects.remove("a/b"));
  CHECK_FALSE(fs::exists(folder / "objects"));
}

TEST_CASE("objects and their folders are for their owner only") {
  const lumi::test::TempDir folder;
  const auto mask = ::umask(0);
  LocalObjectStore objects(folder / "deep" / "objects", "file:");
  put(objects, "a/b", "x");
  ::umask(mask);
  CHECK(lumi::test::mode_of(folder / "deep") == 0700);
  CHECK(lumi::test::mode_of(folder / "deep" / "objects" / "a") == 0700);
  CHECK(lumi::test::mode_of(folder / "deep" / "objects" / "a/b") == 0600);
}

TEST_CASE("removal leaves no empty folders, and keeps those in use") {
  const lumi::test::TempDir folder;
  LocalObjectStore objects(folder / "objects", "file:");
  put(objects, "datasets/1/a.csv/dataset.csv", "x");
  put(objects, "datasets/2/b.csv/dataset.csv", "x");
  objects.remove("datasets/1/a.csv/dataset.csv");
  CHECK_FALSE(fs::exists(folder / "objects" / "datasets/1"));
  CHECK(fs::exists(folder / "objects" / "datasets/2"));
  const auto writer = objects.create("datasets/2/c");
  objects.remove("datasets/2/b.csv/dataset.csv");
  writer->commit();
  CHECK(get(objects, "datasets/2/c").empty());
}

TEST_CASE("symbolic links below the folder lead nowhere") {
  const lumi::test::TempDir folder;
  LocalObjectStore objects(folder / "objects", "file:");
  put(objects, "real/x", "inside");
  fs::create_directory(folder / "outside");
  std::ofstream(folder / "outside" / "x") << "secret";
  fs::create_directory_symlink(folder / "outside", folder / "objects" / "trap");
  fs::create_symlink(folder / "outside" / "x", folder / "objects" / "real" / "link");
  fs::create_symlink(folder / "outside" / "new", folder / "objects" / "real" / "dangling");

  for (const std::string key : {"trap/x", "real/link", "real/dangling"}) {
    CAPTURE(key);
    CHECK_FALSE(objects.find(key).has_value());
    CHECK_THROWS_AS(objects.open(key), Error);
  }
  CHECK_THROWS_AS(objects.create("trap/y"), Error);
  CHECK_THROWS_AS(objects.create("trap/sub/y"), Error);
  put(objects, "real/dangling", "replaces the link");
  put(objects, "real/link", "replaces the link");
  CHECK(fs::is_regular_file(fs::symlink_status(folder / "objects" / "real" / "link")));
  CHECK_FALSE(fs::exists(folder / "outside" / "new"));
  CHECK(lumi::read_file(folder / "outside" / "x") == "secret");
  CHECK(count_files(folder / "outside") == 1);
  CHECK_FALSE(objects.remove("trap/x"));
  CHECK(keys_of(objects) == std::vector<std::string>{"real/dangling", "real/link", "real/x"});
}

TEST_CASE("what is no file is no object") {
  const lumi::test::TempDir folder;
  LocalObjectStore objects(folder / "objects", "file:");
  put(objects, "x", "x");
  REQUIRE(::mkfifo((folder / "objects" / "fifo").c_str(), 0600) == 0);
  CHECK_FALSE(objects.find("fifo").has_value());
  CHECK_THROWS_AS(objects.open("fifo"), Error);
  CHECK(keys_of(objects) == std::vector<std::string>{"x"});
}

TEST_CASE("an object cannot be where a folder is, nor the other way round") {
  const lumi::test::TempDir folder;
  LocalObjectStore objects(folder / "objects", "file:");
  put(objects, "a/b", "x");
  CHECK_THROWS_AS(put(objects, "a", "y"), Error);
  CHECK_THROWS_AS(put(objects, "a/b/c", "y"), Error);
  CHECK(keys_of(objects) == std::vector<std::string>{"a/b"});
  CHECK(count_files(folder.path()) == 1);
}

TEST_CASE("a temporary file is stale once its writer is dead, and not before") {
  const lumi::test::TempDir folder;
  LocalObjectStore objects(folder / "objects", "file:");
  const auto stale = [&] {
    std::vector<std::string> paths;
    objects.list_stale([&](const auto& info) { paths.push_back(info.key); });
    return paths;
  };
  const auto alive = objects.create("a/alive");
  alive->write(std::string(200'000, 'x'));
  const auto pid = lumi::test::start_process([&] {
    const auto writer = objects.create("a/dead");
    writer->write(std::string(200'000, 'x'));
    ::raise(SIGKILL);
  });
  CHECK(lumi::test::wait_for_process(pid) == -SIGKILL);
  CHECK(count_files(folder.path()) == 2);
  CHECK(keys_of(objects).empty());
  const auto paths = stale();
  REQUIRE(paths.size() == 1);
  CHECK(objects.remove_stale(paths[0]));
  CHECK_FALSE(objects.remove_stale(paths[0]));
  CHECK(stale().empty());
  alive->commit();
  CHECK(keys_of(objects) == std::vector<std::string>{"a/alive"});
  CHECK_FALSE(objects.remove_stale("a/alive"));
}

TEST_CASE("creating and removing race for the folders, and nothing is lost") {
  const lumi::test::TempDir folder;
  const int failures = lumi::test::count_failures(8, [&](int number) {
    LocalObjectStore objects(folder / "objects", "file:");
    for (int i = 0; i < 100; ++i) {
      const auto key = "shared/folder/" + std::to_string(number);
      put(objects, key, key);
      if (get(objects, key) != key || !objects.remove(key)) {
        throw Error(ErrorCode::failure, "lost " + key);
      }
    }
    put(objects, "kept/" + std::to_string(number), "x");
  });
  CHECK(failures == 0);
  LocalObjectStore objects(folder / "objects", "file:");
  CHECK(keys_of(objects).size() == 8);
  CHECK(count_files(folder.path()) == 8);
}

TEST_CASE("no permission is said with the key") {
  const lumi::test::TempDir folder;
  LocalObjectStore objects(folder / "objects", "file:");
  put(objects, "a/b", "x");
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(folder / "objects", fs::perms(0555));
  fs::permissions(folder / "objects" / "a", fs::perms(0));
  const int code = lumi::test::run_unprivileged([&] {
    const auto code_of = [](const std::function<void()>& work) {
      try {
        work();
      } catch (const Error& error) {
        return error.code();
      }
      return ErrorCode::failure;
    };
    const bool as_expected = code_of([&] { objects.create("new/x"); }) == ErrorCode::permission &&
                             code_of([&] { objects.open("a/b"); }) == ErrorCode::permission &&
                             code_of([&] { objects.create("a/c"); }) == ErrorCode::permission;
    _exit(as_expected ? 0 : 3);
  });
  CHECK(code == 0);
  fs::permissions(folder / "objects", fs::perms(0700));
  fs::permissions(folder / "objects" / "a", fs::perms(0700));
}

TEST_CASE("a storage URL names a store") {
  const lumi::test::TempDir folder;
  const lumi::store::Home home(folder / "home");
  const auto in_home = lumi::store::open_object_store("file:", home);
  put(*in_home, "x", "1");
  CHECK(fs::exists(home.objects_folder() / "x"));
  CHECK(in_home->url() == "file:");

  const auto url = "file://" + (folder / "my%20objects").string();
  const auto elsewhere = lumi::store::open_object_store(url, home);
  put(*elsewhere, "a b", "2");
  CHECK(fs::exists(folder / "my objects" / "a b"));
  CHECK(elsewhere->url() == url);
  CHECK(elsewhere->download_url("a b", 1) == "file://" + (folder / "my%20objects/a%20b").string());

  for (const std::string bad : {"", "file:x", "file://host/x", "s3://", "http://x", "/tmp"}) {
    CAPTURE(bad);
    try {
      lumi::store::open_object_store(bad, home);
      FAIL("opened");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
    }
  }
}

TEST_CASE("object stores are opened once, when they are needed") {
  const lumi::test::TempDir folder;
  int opened = 0;
  lumi::store::ObjectStores stores("file:", [&](const std::string& url) {
    ++opened;
    return std::make_unique<LocalObjectStore>(folder / "objects", url);
  });
  CHECK(opened == 0);
  CHECK(stores.for_new().url() == "file:");
  CHECK(&stores.at("file:") == &stores.for_new());
  CHECK(opened == 1);
  CHECK(stores.at("file:///other").url() == "file:///other");
  CHECK(opened == 2);
}
