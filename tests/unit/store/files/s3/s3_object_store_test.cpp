#include "base/error.hpp"
#include "support/errors.hpp"
#include "support/fake_s3.hpp"

#include <doctest/doctest.h>

#include <string>
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
  for (const auto& [write, content] :
       {std::pair<Write, std::string>{write_kept, small}, {write_kept, in_parts}, {write_kept_among_many, small}}) {
    for (const std::string mark : {"their mark", ""}) {
      CAPTURE(content.size());
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
      CHECK(write(*objects, content) == ErrorCode::conflict);
      CHECK(sent == 2);
      CHECK(bucket.objects.at("key").content == "theirs");
      CHECK(bucket.uploads.empty());
    }
  }
}

TEST_CASE("every object has the mark that it was to have, or one of its own") {
  FakeS3 bucket;
  const auto objects = bucket.open();
  for (const std::string content : {"", "small", std::string(2500, 'x').c_str()}) {
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
