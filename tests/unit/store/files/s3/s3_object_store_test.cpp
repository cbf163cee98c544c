#include "base/error.hpp"
#include "base/sha256.hpp"
#include "support/errors.hpp"
#include "support/fake_s3.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace lumi;
using namespace lumi::store;
using lumi::test::code_of;
using lumi::test::FakeS3;

namespace {

/// Makes the object appear, and returns the error of that.
std::optional<ErrorCode> write_kept(ObjectStore& objects, const std::string& content) {
  const auto writer = objects.create("key", {.existing = Existing::keep});
  return code_of([&] {
    writer->write(content);
    writer->commit();
  });
}

std::optional<ErrorCode> write_kept_among_many(ObjectStore& objects, const std::string& content) {
  std::vector<WholeObject> some{{.key = "key", .content = content, .how = {.existing = Existing::keep}}};
  objects.write_many(some);
  return some[0].error ? std::optional(some[0].error->code()) : std::nullopt;
}

/// Whether the object appears with this request.
bool ends(const FakeS3::Request& request) {
  return (request.method == "PUT" && request.query.empty()) || request.is("POST", "uploadId");
}

}  // namespace

TEST_CASE("an object whose answer was lost is known by its mark") {
  FakeS3 bucket;
  const auto objects = bucket.open();
  int lost = 0;
  bucket.fate = [&](const FakeS3::Request& request) {
    return ends(request) && lost++ == 0 ? FakeS3::Fate::answer_is_lost : FakeS3::Fate::answered;
  };
  std::string content = "ours";
  SUBCASE("alone") { CHECK_FALSE(write_kept(*objects, content).has_value()); }
  SUBCASE("among many") { CHECK_FALSE(write_kept_among_many(*objects, content).has_value()); }
  SUBCASE("in parts") {
    content = std::string(2500, 'x');
    CHECK_FALSE(write_kept(*objects, content).has_value());
  }
  CHECK(lost == 2);
  CHECK(bucket.objects.at("key").content == content);
  CHECK(bucket.uploads.empty());
}

TEST_CASE("where an answer was lost, what somebody else has written meanwhile is not taken for ours") {
  using Write = std::optional<ErrorCode> (*)(ObjectStore&, const std::string&);
  const std::string small = "ours";
  const std::string in_parts(2500, 'x');
  for (const auto& way :
       {std::pair<Write, std::string>{write_kept, small}, {write_kept, in_parts}, {write_kept_among_many, small}}) {
    for (const std::string mark : {"their mark", ""}) {
      CAPTURE(way.second.size());
      CAPTURE(mark);
      FakeS3 bucket;
      const auto objects = bucket.open();
      int sent = 0;
      bucket.fate = [&](const FakeS3::Request& request) {
        if (!ends(request) || sent++ > 0) {
          return FakeS3::Fate::answered;
        }
        bucket.objects["key"] = {"theirs", mark};
        return FakeS3::Fate::never_arrives;
      };
      CHECK(way.first(*objects, way.second) == ErrorCode::conflict);
      CHECK(sent == 2);
      CHECK(bucket.objects.at("key").content == "theirs");
      CHECK(bucket.uploads.empty());
    }
  }
}

TEST_CASE("every object has the mark that it was to have, or one of its own") {
  FakeS3 bucket;
  const auto objects = bucket.open();
  for (const auto& content : {std::string(), std::string("small"), std::string(2500, 'x')}) {
    const auto writer = objects->create("a", {.mark = "the mark"});
    CHECK(writer->mark() == "the mark");
    writer->write(content);
    writer->commit();
    CHECK(objects->find("a")->mark == "the mark");
  }
  std::vector<WholeObject> some{{.key = "b", .how = {.mark = "another"}}, {.key = "c"}};
  objects->write_many(some);
  const auto found = objects->find_many({"a", "b", "c", "d"});
  CHECK(found[1]->mark == "another");
  CHECK(found[2]->mark.size() == 36);
  CHECK_FALSE(found[3].has_value());
  CHECK(objects->create("e")->mark() != objects->create("e")->mark());
}

namespace {

/// What a writer with parts of 1000 bytes that is gone has left in the bucket: two parts of `content`.
struct BegunUpload {
  std::string content = std::string(1000, 'a') + std::string(1000, 'b') + std::string(1000, 'c') + "the rest";
  std::string id = "begun";
  FakeS3 bucket;
  std::unique_ptr<ObjectStore> objects = bucket.open();

  BegunUpload() {
    bucket.uploads[id] = {"key", "mark", {{1, content.substr(0, 1000)}, {2, content.substr(1000, 1000)}}};
  }

  Writing how() {
    return {.existing = Existing::keep, .mark = "mark", .upload_id = id, .on_upload = [this](const std::string& begun) {
              id = begun;
            }};
  }

  void go_on() {
    const auto writer = objects->create("key", how());
    writer->write(content);
    CHECK(writer->commit().sha256 == sha256_hex(content));
    CHECK(bucket.objects.at("key").content == content);
    CHECK(bucket.objects.at("key").mark == "mark");
  }

  std::size_t uploads_begun() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        bucket.requests, [](const FakeS3::Request& request) { return request.is("POST", "uploads"); }));
  }
};

}  // namespace

TEST_CASE_FIXTURE(BegunUpload, "what a writer that is gone has sent is not sent again") {
  go_on();
  CHECK(uploads_begun() == 0);
  CHECK(bucket.part_bytes == 1008);
  CHECK(bucket.uploads.empty());
}

TEST_CASE_FIXTURE(BegunUpload, "more parts than a page are all known") {
  bucket.uploads.at(id).parts[3] = content.substr(2000, 1000);
  go_on();
  CHECK(bucket.part_bytes == 8);
}

TEST_CASE_FIXTURE(BegunUpload, "what is not committed stays for the next writer") {
  id.clear();
  objects->create("key", how())->write(content);
  REQUIRE(bucket.uploads.contains(id));
  CHECK(id != "begun");
  CHECK(bucket.uploads.at(id).mark == "mark");
}

TEST_CASE_FIXTURE(BegunUpload, "a part that is another than it should be is sent again") {
  auto& parts = bucket.uploads.at(id).parts;
  SUBCASE("other content of the same size") { parts[1] = std::string(1000, 'x'); }
  SUBCASE("shorter") { parts[1] = std::string(999, 'a'); }
  SUBCASE("the content of another part") { parts[1] = std::string(1000, 'b'); }
  go_on();
  CHECK(uploads_begun() == 0);
  CHECK(bucket.part_bytes == 2008);
}

TEST_CASE_FIXTURE(BegunUpload, "a part too many is no part of the object") {
  bucket.uploads.at(id).parts[9] = "of another writing";
  go_on();
  CHECK(bucket.part_bytes == 1008);
}

TEST_CASE_FIXTURE(BegunUpload, "an upload that cannot be gone on with is begun anew") {
  SUBCASE("it is gone") { bucket.uploads.clear(); }
  SUBCASE("it is the upload of another object") { bucket.uploads.at(id).key = "another"; }
  SUBCASE("nobody may look at its parts") { bucket.tells_parts = false; }
  SUBCASE("its parts are listed without an end") {
    bucket.pages_on = false;
    for (int part = 3; part < 9; ++part) {
      bucket.uploads.at(id).parts[part] = "x";
    }
  }
  const auto before = id;
  go_on();
  CHECK(uploads_begun() == 1);
  CHECK(id != before);
  CHECK(bucket.part_bytes == content.size());
}

TEST_CASE_FIXTURE(BegunUpload, "an upload whose answers are lost while it is gone on with is whole in the end") {
  int losses = 0;
  bucket.fate = [&](const FakeS3::Request& /*request*/) {
    return losses++ % 2 == 0 ? FakeS3::Fate::answer_is_lost : FakeS3::Fate::answered;
  };
  go_on();
  CHECK(uploads_begun() == 0);
}

TEST_CASE("a writer that nobody goes on with gives its upload up") {
  FakeS3 bucket;
  const auto objects = bucket.open();
  objects->create("key")->write(std::string(2500, 'x'));
  CHECK(bucket.requests.back().is("DELETE", "uploadId"));
  CHECK(bucket.uploads.empty());
}
