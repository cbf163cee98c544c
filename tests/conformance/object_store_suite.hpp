#pragma once
#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "store/files/object_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lumi::test {

using ObjectStoreFactory = std::function<std::unique_ptr<store::ObjectStore>()>;

/// Bytes of no pattern that a store could compress or confuse.
inline std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = 88172645463325252ULL + size;
  for (char& byte : bytes) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    byte = static_cast<char>(state & 0xFF);
  }
  return bytes;
}

inline store::StoredObject put(store::ObjectStore& objects, const std::string& key, const std::string& content) {
  const auto writer = objects.create(key);
  writer->write(content);
  return writer->commit();
}

inline std::string get(store::ObjectStore& objects, const std::string& key, std::uint64_t offset = 0) {
  return read_all(*objects.open(key, offset));
}

inline std::vector<std::string> keys_of(store::ObjectStore& objects, const std::string& prefix = {}) {
  std::vector<std::string> keys;
  objects.list(prefix, [&](const store::ObjectInfo& info) { keys.push_back(info.key); });
  return keys;
}

inline std::vector<std::string> nasty_keys() {
  return {"plain",
          "datasets/0/a b.csv/dataset.csv",
          "percent%20literal/100%/%",
          "plus+and&amp;/=?#",
          "quotes'\"`/\\back\\slash",
          "brackets/(x)[y]{z}!*~;,:@$",
          "umlaute/\xC3\xA4\xC3\xB6\xC3\xBC/\xE6\x97\xA5\xE6\x9C\xAC/\xF0\x9F\xA6\x8A.csv",
          "combining/e\xCC\x81",
          "spaces/ leading and trailing ",
          "dots/.hidden/..twodots/end.",
          "new\nline/tab\there",
          "-dash/--rm",
          "CON/nul/aux.txt",
          "long/" + std::string(255, 'x') + "/" + std::string(255, 'y')};
}

inline void check_content(store::ObjectStore& objects) {
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 131071U, 131073U, 3'000'001U}) {
    const auto content = some_bytes(size);
    const auto stored = put(objects, "sizes/" + std::to_string(size), content);
    CHECK(stored.size_bytes == size);
    CHECK(stored.sha256 == sha256_hex(content));
    CHECK(get(objects, stored.key) == content);
    const auto info = objects.find(stored.key);
    REQUIRE(info.has_value());
    CHECK(info->key == stored.key);
    CHECK(info->size_bytes == size);
    const SystemClock clock;
    CHECK(info->modified_at.microseconds > clock.now().microseconds - std::int64_t{600'000'000});
    CHECK(info->modified_at.microseconds < clock.now().microseconds + std::int64_t{600'000'000});
  }
}

inline void check_writing(store::ObjectStore& objects) {
  {
    const auto abandoned = objects.create("w/abandoned");
    abandoned->write(some_bytes(300'000));
    CHECK_FALSE(objects.find("w/abandoned").has_value());
    CHECK(keys_of(objects).empty());
  }
  CHECK(keys_of(objects).empty());
  CHECK_FALSE(objects.find("w/abandoned").has_value());

  const auto pieces = objects.create("w/pieces");
  std::string expected;
  for (int i = 0; i < 50'000; ++i) {
    const auto piece = std::to_string(i) + ",";
    pieces->write(piece);
    expected += piece;
  }
  CHECK_FALSE(objects.find("w/pieces").has_value());
  CHECK(pieces->commit().sha256 == sha256_hex(expected));
  CHECK(get(objects, "w/pieces") == expected);

  put(objects, "w/pieces", "shorter");
  CHECK(get(objects, "w/pieces") == "shorter");
  CHECK(keys_of(objects) == std::vector<std::string>{"w/pieces"});
}

/// A reader sees the object as it was when opened, and of two writers the later commit stays.
inline void check_two_at_once(store::ObjectStore& objects) {
  put(objects, "two", some_bytes(1'000'000));
  const auto reader = objects.open("two");
  const auto first = objects.create("two");
  const auto second = objects.create("two");
  first->write("first");
  second->write("second");
  second->commit();
  CHECK(get(objects, "two") == "second");
  first->commit();
  CHECK(get(objects, "two") == "first");
  CHECK(read_all(*reader) == some_bytes(1'000'000));
  CHECK(keys_of(objects) == std::vector<std::string>{"two"});
}

inline void check_offsets(store::ObjectStore& objects) {
  const auto content = some_bytes(200'000);
  put(objects, "offsets", content);
  for (const std::size_t offset : {0U, 1U, 65536U, 199'999U, 200'000U}) {
    CHECK(get(objects, "offsets", offset) == content.substr(offset));
  }
  CHECK(get(objects, "offsets", 200'001).empty());
}

inline void check_listing(store::ObjectStore& objects) {
  CHECK(keys_of(objects).empty());
  std::vector<std::string> keys{
      "a", "a-b", "a.b/c", "b/a", "b/a0", "b/a/z", "b/b", "b-/x", "b0", "datasets/1/f.csv/dataset.csv"};
  keys.erase(std::find(keys.begin(), keys.end(), "b/a"));  // "b/a/z" makes b/a a folder in stores of files
  for (const auto& key : keys) {
    put(objects, key, key);
  }
  std::sort(keys.begin(), keys.end());
  CHECK(keys_of(objects) == keys);
  CHECK(keys_of(objects, "b/") == std::vector<std::string>{"b/a/z", "b/a0", "b/b"});
  CHECK(keys_of(objects, "b/a") == std::vector<std::string>{"b/a/z", "b/a0"});
  CHECK(keys_of(objects, "datasets/1/f") == std::vector<std::string>{"datasets/1/f.csv/dataset.csv"});
  CHECK(keys_of(objects, "nothing").empty());
  std::uint64_t bytes = 0;
  objects.list("b/", [&](const store::ObjectInfo& info) { bytes += info.size_bytes; });
  CHECK(bytes == 12);
}

inline void check_removal(store::ObjectStore& objects) {
  CHECK_FALSE(objects.remove("r/nothing"));
  put(objects, "r/s/one", "1");
  put(objects, "r/s/two", "2");
  CHECK(objects.remove("r/s/one"));
  CHECK_FALSE(objects.remove("r/s/one"));
  CHECK(get(objects, "r/s/two") == "2");
  CHECK(objects.remove("r/s/two"));
  CHECK(keys_of(objects).empty());
  put(objects, "r/s/one", "again");
  CHECK(get(objects, "r/s/one") == "again");
  put(objects, "r2", "a folder's name may become an object's");
  CHECK(objects.remove("r/s/one"));
  put(objects, "r", "now an object");
  CHECK(get(objects, "r") == "now an object");
}

/// Many at a time, of which one is not there.
inline void check_many(store::ObjectStore& objects) {
  std::vector<store::WholeObject> written;
  std::vector<std::string> keys;
  for (int i = 0; i < 70; ++i) {
    keys.push_back("many/" + std::to_string(i) + (i == 7 ? "/new\nline" : "/a+b & c"));
    written.push_back({keys.back(), some_bytes(static_cast<std::size_t>(i) * 500)});
  }
  objects.write_many(written);
  for (const auto& object : written) {
    CHECK_FALSE(object.error.has_value());
    CHECK(get(objects, object.key) == object.content);
  }
  keys.push_back("many/absent");
  const auto found = objects.find_many(keys);
  REQUIRE(found.size() == 71);
  CHECK(found[3]->size_bytes == 1500);
  CHECK_FALSE(found[70].has_value());

  put(objects, "many/large", some_bytes(store::k_largest_whole + 1));
  std::vector<store::WholeObject> read;
  for (const auto& key : keys) {
    read.push_back({key});
  }
  read.push_back({"many/large"});
  objects.read_many(read);
  for (std::size_t i = 0; i < written.size(); ++i) {
    CHECK_FALSE(read[i].error.has_value());
    CHECK(read[i].content == written[i].content);
  }
  REQUIRE(read[70].error.has_value());
  CHECK(read[70].error->code() == ErrorCode::not_found);
  REQUIRE(read[71].error.has_value());
  CHECK(read[71].error->code() == ErrorCode::too_large);

  for (const auto& error : objects.remove_many(keys)) {
    CHECK_FALSE(error.has_value());
  }
  CHECK(keys_of(objects) == std::vector<std::string>{"many/large"});
}

inline std::optional<ErrorCode>
error_of_keeping(store::ObjectStore& objects, const std::string& key, const std::string& content) {
  const auto writer = objects.create(key, {.existing = store::Existing::keep});
  writer->write(content);
  try {
    writer->commit();
    return std::nullopt;
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find(quote(key)) != std::string::npos);
    return error.code();
  }
}

/// A writer that keeps what exists.
inline void check_keeping(store::ObjectStore& objects) {
  for (const std::size_t size : {0U, 1000U, 6'000'000U}) {
    const auto key = "keep/" + std::to_string(size);
    const auto content = some_bytes(size);
    CHECK_FALSE(error_of_keeping(objects, key, content).has_value());
    CHECK(error_of_keeping(objects, key, "other") == ErrorCode::conflict);
    CHECK(error_of_keeping(objects, key, some_bytes(5'500'000)) == ErrorCode::conflict);
    CHECK(error_of_keeping(objects, key, content) == ErrorCode::conflict);
    CHECK(get(objects, key) == content);
  }
  put(objects, "keep/0", "replaced");
  CHECK(get(objects, "keep/0") == "replaced");

  const auto first = objects.create("keep/race", {.existing = store::Existing::keep});
  const auto second = objects.create("keep/race", {.existing = store::Existing::keep});
  first->write("first");
  second->write("second");
  second->commit();
  CHECK_THROWS_AS(first->commit(), Error);
  CHECK(get(objects, "keep/race") == "second");
  CHECK(keys_of(objects).size() == 4);

  using store::Existing;
  std::vector<store::WholeObject> some{{.key = "keep/0", .content = "no", .how = {.existing = Existing::keep}},
                                       {.key = "keep/new", .content = "new", .how = {.existing = Existing::keep}},
                                       {.key = "keep/race", .content = "third"},
                                       {.key = "keep/1000", .content = "", .how = {.existing = Existing::keep}}};
  objects.write_many(some);
  REQUIRE(some[0].error.has_value());
  CHECK(some[0].error->code() == ErrorCode::conflict);
  CHECK(some[0].content == "no");
  CHECK_FALSE(some[1].error.has_value());
  CHECK_FALSE(some[2].error.has_value());
  REQUIRE(some[3].error.has_value());
  CHECK(some[3].error->code() == ErrorCode::conflict);
  CHECK(get(objects, "keep/0") == "replaced");
  CHECK(get(objects, "keep/new") == "new");
  CHECK(get(objects, "keep/race") == "third");
  CHECK(get(objects, "keep/1000") == some_bytes(1000));
}

inline void check_absence(store::ObjectStore& objects) {
  put(objects, "there/is", "x");
  for (const std::string key : {"nothing", "there", "there/is/not", "there/is-not"}) {
    CAPTURE(key);
    CHECK_FALSE(objects.find(key).has_value());
    CHECK_FALSE(objects.remove(key));
    try {
      get(objects, key);
      FAIL("opened");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::not_found);
      CHECK(std::string(error.what()).find(quote(key)) != std::string::npos);
    }
  }
}

inline void check_keys(store::ObjectStore& objects) {
  auto keys = nasty_keys();
  for (const auto& key : keys) {
    CAPTURE(key);
    put(objects, key, "content of " + key);
    CHECK(get(objects, key) == "content of " + key);
    CHECK(objects.find(key).has_value());
    CHECK_FALSE(objects.download_url(key, 60).empty());
    CHECK(keys_of(objects, key) == std::vector<std::string>{key});
  }
  std::sort(keys.begin(), keys.end());
  CHECK(keys_of(objects) == keys);
  for (const auto& key : keys) {
    CAPTURE(key);
    CHECK(objects.remove(key));
    CHECK_FALSE(objects.find(key).has_value());
  }
  CHECK(keys_of(objects).empty());
}

inline void check_impossible_keys(store::ObjectStore& objects) {
  for (const std::string& key : {std::string(),
                                 std::string("/absolute"),
                                 std::string("end/"),
                                 std::string("double//slash"),
                                 std::string(".."),
                                 std::string("../outside"),
                                 std::string("in/../../outside"),
                                 std::string("./here"),
                                 std::string("nul\0byte", 8),
                                 std::string("not utf-8 \xFF"),
                                 std::string("long/") + std::string(256, 'x'),
                                 std::string(1025, 'x')}) {
    CAPTURE(key);
    CHECK_THROWS_AS(objects.create(key), Error);
    CHECK_THROWS_AS(objects.open(key), Error);
    CHECK_THROWS_AS(objects.find(key), Error);
    CHECK_THROWS_AS(objects.remove(key), Error);
    CHECK_THROWS_AS(objects.download_url(key, 60), Error);
  }
  CHECK(keys_of(objects).empty());
}

/// What every object store must do; `make` returns an empty one. Call it in a TEST_CASE: each part is a subcase.
inline void check_object_store(const ObjectStoreFactory& make) {
  const std::array<std::pair<const char*, void (*)(store::ObjectStore&)>, 11> parts{{
      {"content of all sizes comes back, with its hash", check_content},
      {"nothing is visible before commit", check_writing},
      {"readers and writers at once", check_two_at_once},
      {"reading from an offset", check_offsets},
      {"listing by prefix, in order of the keys", check_listing},
      {"removal", check_removal},
      {"many at a time", check_many},
      {"writers that keep what exists", check_keeping},
      {"what is not there", check_absence},
      {"keys of every kind", check_keys},
      {"keys that cannot be", check_impossible_keys},
  }};
  for (const auto& [name, check] : parts) {
    DOCTEST_SUBCASE(name) { check(*make()); }
  }
}

}  // namespace lumi::test
