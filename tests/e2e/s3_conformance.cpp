// The conformance suite on the storage that LUMI_STORAGE names; below it, every part gets a folder of its own.
#include "base/environment.hpp"
#include "base/ids.hpp"
#include "conformance/object_store_suite.hpp"
#include "store/files/object_stores.hpp"
#include "store/home.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace lumi;
using lumi::test::get;
using lumi::test::put;

namespace {

std::unique_ptr<store::ObjectStore> new_store() {
  const auto url = environment("LUMI_STORAGE");
  REQUIRE(url.has_value());
  return store::open_object_store(*url + "/" + RandomIds().uuid(), store::Home("/nonexistent"));
}

/// Content that is written again and again, of this size in all.
void write_much(store::ObjectWriter& writer, const std::string& piece, std::size_t size) {
  for (std::size_t done = 0; done < size; done += piece.size()) {
    writer.write(piece);
  }
}

std::size_t count_unfinished(store::ObjectStore& objects) {
  std::size_t count = 0;
  objects.list_unfinished("", [&](const store::UnfinishedObject&) { ++count; });
  return count;
}

}  // namespace

TEST_CASE("a bucket is an object store") { test::check_object_store(new_store); }

TEST_CASE("an object in parts comes back from every offset, and is not seen before its commit") {
  const auto objects = new_store();
  const auto piece = test::some_bytes(1'000'003);
  constexpr std::size_t k_pieces = 41;
  const auto writer = objects->create("large/object.csv");
  write_much(*writer, piece, k_pieces * piece.size());
  CHECK(count_unfinished(*objects) == 1);
  CHECK_FALSE(objects->find("large/object.csv").has_value());
  CHECK(test::keys_of(*objects).empty());
  const auto stored = writer->commit();
  CHECK(count_unfinished(*objects) == 0);
  CHECK(stored.size_bytes == k_pieces * piece.size());

  std::string whole;
  for (std::size_t i = 0; i < k_pieces; ++i) {
    whole += piece;
  }
  CHECK(stored.sha256 == sha256_hex(whole));
  CHECK(get(*objects, "large/object.csv") == whole);
  for (const std::size_t offset : {1UL, 1048575UL, 1048576UL, 8388607UL, 33554432UL, whole.size() - 1}) {
    CAPTURE(offset);
    CHECK(get(*objects, "large/object.csv", offset) == whole.substr(offset));
  }
  CHECK(objects->find("large/object.csv")->size_bytes == whole.size());
}

TEST_CASE("a writer that goes leaves nothing of its parts") {
  const auto objects = new_store();
  {
    const auto writer = objects->create("abandoned");
    write_much(*writer, test::some_bytes(1 << 20), std::size_t{30} << 20U);
    CHECK(count_unfinished(*objects) == 1);
  }
  CHECK(count_unfinished(*objects) == 0);
  CHECK(test::keys_of(*objects).empty());
}

TEST_CASE("what an upload left is found by its key, and removed") {
  const auto objects = new_store();
  const auto writer = objects->create("a key/with + signs");
  write_much(*writer, test::some_bytes(1 << 20), std::size_t{9} << 20U);
  std::vector<store::UnfinishedObject> found;
  objects->list_unfinished("a key/", [&](const auto& object) { found.push_back(object); });
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "a key/with + signs");
  CHECK(std::abs(found[0].started_at.microseconds - SystemClock().now().microseconds) < std::int64_t{600'000'000});
  CHECK(objects->remove_unfinished(found[0]));
  CHECK_FALSE(objects->remove_unfinished(found[0]));
  CHECK_THROWS_AS(writer->commit(), Error);
  CHECK(test::keys_of(*objects).empty());
}

TEST_CASE("an upload that was left is gone on with, and one that is gone is begun anew") {
  const auto objects = new_store();
  std::vector<std::string> begun;
  store::Writing how{.mark = objects->new_mark(), .on_upload = [&](const std::string& id) { begun.push_back(id); }};
  const auto piece = test::some_bytes(1'000'003);
  write_much(*objects->create("resumed", how), piece, 31 * piece.size());
  REQUIRE(begun.size() == 1);
  CHECK(count_unfinished(*objects) == 1);
  how.upload_id = begun[0];
  // Swift knows an upload even when it is completed.
  for (const std::size_t most_begun : {1U, 2U}) {
    const auto writer = objects->create("resumed", how);
    write_much(*writer, piece, 41 * piece.size());
    const auto stored = writer->commit();
    CHECK(begun.size() <= most_begun);
    CHECK(sha256_hex(get(*objects, "resumed")) == stored.sha256);
    CHECK(objects->find("resumed")->mark == how.mark);
    CHECK(count_unfinished(*objects) == 0);
  }
}

TEST_CASE("an object that is changed while it is read is no object at all") {
  const auto objects = new_store();
  const auto put_large = [&](const std::string& piece) {
    const auto writer = objects->create("changed");
    write_much(*writer, piece, std::size_t{40} << 20U);
    writer->commit();
  };
  put_large(test::some_bytes(1 << 20));
  const auto source = objects->open("changed");
  put_large(std::string(1 << 20, 'x'));
  try {
    read_all(*source);
    FAIL("a mixture was read");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::conflict);
    CHECK(std::string(error.what()).find("changed") != std::string::npos);
  }
}

TEST_CASE("more objects than a page are listed in order") {
  const auto objects = new_store();
  std::vector<std::string> keys;
  for (int i = 0; i < 1100; ++i) {
    keys.push_back("many/" + std::to_string(100'000 + i) + " +&");
    put(*objects, keys.back(), "");
  }
  CHECK(test::keys_of(*objects, "many/") == keys);
}
