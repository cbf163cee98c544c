#include "base/error.hpp"
#include "core/services/garbage.hpp"
#include "core/services/gc.hpp"
#include "core/services/storage_copy.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "support/fake_s3.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lumi;
using namespace lumi::services;
using lumi::test::FakeS3;
using lumi::test::ServiceHome;

namespace {

constexpr const char* k_bucket = "s3://bucket";

/// A home that writes to a bucket which it may share.
struct BucketHome : ServiceHome {
  FakeS3 bucket;
  store::ObjectStores stores{k_bucket, [this](const std::string& url) {
                               return url == k_bucket ? bucket.open() : store::open_object_store(url, home);
                             }};
  GcService gc{{databases, stores, clock}};
  StorageCopyService storage{{databases, stores, clock}};

  store::GarbageRepository garbage() { return store::GarbageRepository(databases.get()); }
  CopySummary copy() { return storage.copy(k_bucket, ReadBack::yes, {}); }

  /// What a process leaves that is killed before it writes.
  void announce(const std::string& key, const std::string& mark) {
    announce_objects(databases, k_bucket, {{key, mark}}, clock.now());
  }
};

}  // namespace

TEST_CASE_FIXTURE(BucketHome, "of what was announced, gc removes only what has the mark of its note") {
  bucket.objects = {{"ours", {"x", "m1"}},
                    {"theirs", {"x", "m9"}},
                    {"theirs without a mark", {"x", ""}},
                    {"of an older lumi", {"x", "m9"}}};
  announce("ours", "m1");
  announce("theirs", "m2");
  announce("theirs without a mark", "m3");
  announce("of an older lumi", "");
  announce("never written", "m4");
  const auto planned = gc.collect(0, DryRun::yes);
  CHECK(planned.items.size() == 2);
  CHECK(garbage().count() == 5);
  const auto report = gc.collect(0, DryRun::no);
  CHECK(report.items.size() == 2);
  CHECK(report.freed_bytes() == 2);
  CHECK(garbage().count() == 0);
  CHECK(bucket.objects.size() == 2);
  CHECK(bucket.objects.contains("theirs"));
  CHECK(bucket.objects.contains("theirs without a mark"));
}

TEST_CASE_FIXTURE(BucketHome, "what a row names is never garbage, whatever is noted") {
  const auto dataset = add_dataset();
  CHECK(copy().copied == 1);
  garbage().insert({k_bucket, dataset.object_key, clock.now(), 0, ""});
  CHECK(gc.collect(0, DryRun::no).items.empty());
  CHECK(bucket.objects.contains(dataset.object_key));
  CHECK_FALSE(garbage().is_noted(k_bucket, dataset.object_key));
}

TEST_CASE_FIXTURE(BucketHome,
                  "a copy that was killed before it wrote does not replace what somebody else has written") {
  const auto dataset = add_dataset();
  announce(dataset.object_key, "m1");
  bucket.objects[dataset.object_key] = {"theirs", "m9"};
  const auto summary = copy();
  CHECK(summary.copied == 0);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].find("already, with other content") != std::string::npos);
  CHECK(gc.collect(0, DryRun::no).items.empty());
  CHECK(bucket.objects.at(dataset.object_key).content == "theirs");
}

TEST_CASE_FIXTURE(BucketHome, "a copy whose connection breaks before its object is sent leaves no claim to another's") {
  const auto dataset = add_dataset();
  bucket.fate = [&](const FakeS3::Request& request) {
    return request.method == "PUT" ? FakeS3::Fate::never_arrives : FakeS3::Fate::answered;
  };
  CHECK_THROWS_AS(copy(), Error);
  CHECK(garbage().is_noted(k_bucket, dataset.object_key));
  bucket.objects[dataset.object_key] = {"theirs", "m9"};
  CHECK(gc.collect(0, DryRun::no).items.empty());
  CHECK(garbage().count() == 0);
  CHECK(bucket.objects.at(dataset.object_key).content == "theirs");
}

TEST_CASE_FIXTURE(BucketHome, "a copy that was killed after it wrote goes on with its own object, and gc knows that") {
  const auto dataset = add_dataset();
  announce(dataset.object_key, "m1");
  bucket.objects[dataset.object_key] = {"half a dataset", "m1"};
  SUBCASE("the next copy replaces it") {
    CHECK(copy().copied == 1);
    CHECK(bucket.objects.at(dataset.object_key).content == object_text(dataset.object_key));
    CHECK(bucket.objects.at(dataset.object_key).mark == "m1");
  }
  SUBCASE("gc removes it") {
    CHECK(gc.collect(0, DryRun::no).items.size() == 1);
    CHECK(bucket.objects.empty());
  }
}

TEST_CASE_FIXTURE(BucketHome, "a folder keeps no marks: what is in it before the note is somebody else's") {
  const auto dataset = add_dataset();
  const auto there = "file://" + (folder / "there").string();
  test::plant(folder / "there" / dataset.object_key, "theirs");
  CHECK(storage.copy(there, ReadBack::yes, {}).failures.size() == 1);
  CHECK_FALSE(garbage().is_noted(there, dataset.object_key));
}
