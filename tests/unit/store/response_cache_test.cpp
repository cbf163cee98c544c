#include "store/response_cache.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include <sys/stat.h>

using namespace lumi;
using store::Home;
using store::ResponseCache;

TEST_CASE("what was put is found again, by others too") {
  const test::TempDir folder;
  const Home home(folder.path());
  {
    ResponseCache cache(home);
    CHECK_FALSE(cache.find("a"));
    cache.put("a", "{\"x\":1}", {5});
    CHECK(cache.find("a") == "{\"x\":1}");
    cache.put("a", "{\"x\":2}", {6});
  }
  ResponseCache cache(home);
  CHECK(cache.find("a") == "{\"x\":2}");
  CHECK_FALSE(cache.find("b"));
}

TEST_CASE("two processes may use one cache") {
  const test::TempDir folder;
  const Home home(folder.path());
  ResponseCache one(home);
  ResponseCache two(home);
  for (int i = 0; i < 300; ++i) {
    one.put("one" + std::to_string(i), "1", {1});
    two.put("two" + std::to_string(i), "2", {2});
  }
  one.flush();
  two.flush();
  CHECK(one.find("two299") == "2");
  CHECK(two.find("one0") == "1");
  CHECK(ResponseCache::statistics(home).entries == 600);
}

TEST_CASE("the statistics count, and clearing removes") {
  const test::TempDir folder;
  const Home home(folder.path());
  CHECK(ResponseCache::statistics(home).entries == 0);
  CHECK(ResponseCache::clear(home) == 0);
  CHECK_FALSE(std::filesystem::exists(ResponseCache::folder(home)));
  {
    ResponseCache cache(home);
    cache.put("a", "12345", {5});
    cache.put("b", "é", {9});
  }
  const auto statistics = ResponseCache::statistics(home);
  CHECK(statistics.entries == 2);
  CHECK(statistics.size_bytes == 1 + 5 + 1 + 2);
  CHECK(statistics.oldest == Timestamp{5});
  CHECK(statistics.newest == Timestamp{9});
  CHECK(ResponseCache::clear(home) == 2);
  CHECK(ResponseCache::statistics(home).entries == 0);
}

TEST_CASE("nobody else can read it") {
  const test::TempDir folder;
  const Home home(folder.path());
  ResponseCache cache(home);
  cache.put("a", "1", {1});
  cache.flush();
  for (const auto& entry : std::filesystem::directory_iterator(ResponseCache::folder(home))) {
    struct stat info {};
    REQUIRE(::stat(entry.path().c_str(), &info) == 0);
    CHECK((info.st_mode & 077) == 0);
  }
}

TEST_CASE("a damaged cache is made anew, and one that cannot be written is done without") {
  const test::TempDir folder;
  const Home home(folder.path());
  std::filesystem::create_directories(ResponseCache::folder(home));
  std::ofstream(ResponseCache::folder(home) / "lumi.db") << "this is no database";
  {
    ResponseCache cache(home);
    CHECK_FALSE(cache.find("a"));
    cache.put("a", "1", {1});
  }
  CHECK(ResponseCache(home).find("a") == "1");

  const test::TempDir other;
  const Home blocked(other.path());
  std::ofstream(ResponseCache::folder(blocked)) << "a file in the way";
  ResponseCache cache(blocked);
  CHECK_FALSE(cache.find("a"));
  cache.put("a", "1", {1});
  cache.flush();
  CHECK_FALSE(cache.find("a"));
}
