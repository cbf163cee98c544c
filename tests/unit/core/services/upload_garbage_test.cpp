#include "base/error.hpp"
#include "core/services/garbage.hpp"
#include "core/services/gc.hpp"
#include "core/services/storage_copy.hpp"
#include "core/services/transfer.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "support/errors.hpp"
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
constexpr std::size_t k_part_bytes = 100'000;

/// A home that writes to a bucket which it may share.
struct BucketHome : ServiceHome {
  FakeS3 bucket;
  store::ObjectStores stores{k_bucket, [this](const std::string& url) {
                               return url == k_bucket ? bucket.open(k_part_bytes) : store::open_object_store(url, home);
                             }};
  GcService gc{{databases, stores, clock}};
  TransferService transfers{databases, stores, clock};
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

namespace {

/// The same, and an export of another home to import.
struct ImportingHome : BucketHome {
  ServiceHome other;
  store::DatasetRecord dataset = other.add_dataset();
  std::string key = dataset.object_key;
  std::filesystem::path exported = other.folder / "out";

  ImportingHome() { TransferService(other.databases, other.objects, other.clock).write({dataset.id}, exported); }
};

}  // namespace

TEST_CASE_FIXTURE(ImportingHome, "an import uses what somebody else has under its key if it is the same") {
  bucket.objects[key] = {other.object_text(key), "m9"};
  CHECK(transfers.read(exported).objects == 1);
  CHECK(bucket.objects.at(key).mark == "m9");
  CHECK(datasets.get(dataset.id).storage_url == k_bucket);
}

TEST_CASE_FIXTURE(ImportingHome, "an import leaves alone what somebody else has under its key, and so does gc then") {
  bucket.objects[key] = {"theirs", "m9"};
  CHECK(test::code_of([&] { transfers.read(exported); }) == ErrorCode::conflict);
  CHECK(gc.collect(0, DryRun::no).items.empty());
  CHECK(bucket.objects.at(key).content == "theirs");
}

TEST_CASE_FIXTURE(ImportingHome, "what an import has left that was killed twice is known to gc") {
  bucket.fate = [](const FakeS3::Request& request) {
    return request.method == "PUT" ? FakeS3::Fate::never_arrives : FakeS3::Fate::answered;
  };
  announce(key, "m1");
  bucket.objects[key] = {other.object_text(key), "m1"};
  CHECK_THROWS_AS(transfers.read(exported), Error);
  CHECK(gc.collect(0, DryRun::no).items.size() == 1);
  CHECK(bucket.objects.empty());
}

namespace {

/// The same with a dataset in parts whose copy was killed: the bucket has some of them.
struct BegunCopy : BucketHome {
  store::DatasetRecord dataset = add_dataset("large.csv", large_csv());
  std::string key = dataset.object_key;

  BegunCopy() {
    bucket.fate = [this](const FakeS3::Request& request) {
      const bool is_over = request.is("PUT", "partNumber") && bucket.part_bytes >= 5 * k_part_bytes;
      return is_over ? FakeS3::Fate::never_arrives : FakeS3::Fate::answered;
    };
    CHECK_THROWS_AS(copy(), Error);
    bucket.fate = [](const FakeS3::Request&) { return FakeS3::Fate::answered; };
    REQUIRE(bucket.uploads.size() == 1);
    CHECK(bucket.uploads.begin()->second.parts.size() == 5);
    bucket.part_bytes = 0;
    set_age_hours(0);
  }

  static std::string large_csv() {
    std::string text = "examples\n";
    for (int i = 0; text.size() < 1'950'000; ++i) {
      text += std::to_string(i) + std::string(1000, 'x') + "\n";
    }
    return text;
  }

  /// The server's clock, as this one.
  void set_age_hours(std::int64_t hours) {
    for (auto& [id, upload] : bucket.uploads) {
      upload.started_at = to_rfc3339({clock.now().microseconds - hours * 3'600'000'000});
    }
  }

  store::ObjectStores next_process() {
    return {k_bucket, [this](const std::string& url) {
              return url == k_bucket ? bucket.open(k_part_bytes) : store::open_object_store(url, home);
            }};
  }

  CopySummary copy_again() {
    auto anew = next_process();
    return StorageCopyService({databases, anew, clock}).copy(k_bucket, ReadBack::yes, {});
  }
};

}  // namespace

TEST_CASE_FIXTURE(BegunCopy, "the next copy sends only what the bucket does not have") {
  const auto note = garbage().find(k_bucket, key);
  REQUIRE(note.has_value());
  CHECK(note->upload_id == bucket.uploads.begin()->first);
  CHECK(note->mark == bucket.uploads.begin()->second.mark);
  CHECK(copy_again().copied == 1);
  CHECK(bucket.part_bytes == dataset.object_size_bytes - 5 * k_part_bytes);
  CHECK(bucket.objects.at(key).content == object_text(key));
  CHECK(bucket.uploads.empty());
  CHECK_FALSE(garbage().is_noted(k_bucket, key));
  CHECK(datasets.get(dataset.id).storage_url == k_bucket);
}

TEST_CASE_FIXTURE(BegunCopy, "gc leaves what a copy may go on with, and gives it up when that has become old") {
  constexpr std::int64_t k_day_ms = 86'400'000;
  SUBCASE("young") {
    CHECK(gc.collect(k_day_ms, DryRun::no).items.empty());
    CHECK(copy_again().copied == 1);
    CHECK(bucket.part_bytes < dataset.object_size_bytes);
  }
  SUBCASE("begun long ago, gone on with today") {
    clock.advance_hours(100);
    bucket.fate = [](const FakeS3::Request& request) {
      return request.method == "PUT" ? FakeS3::Fate::never_arrives : FakeS3::Fate::answered;
    };
    CHECK_THROWS_AS(copy_again(), Error);
    set_age_hours(100);
    CHECK(gc.collect(k_day_ms, DryRun::no).items.empty());
    CHECK(bucket.uploads.size() == 1);
  }
  SUBCASE("old") {
    clock.advance_hours(100);
    const auto planned = gc.collect(k_day_ms, DryRun::yes);
    REQUIRE(planned.items.size() == 1);
    CHECK(planned.items[0].kind == GarbageKind::unfinished_upload);
    CHECK(gc.collect(k_day_ms, DryRun::no).items.size() == 1);
    CHECK(bucket.uploads.empty());
    CHECK(garbage().count() == 0);
    CHECK(copy_again().copied == 1);
    CHECK(bucket.part_bytes == dataset.object_size_bytes);
  }
}

TEST_CASE_FIXTURE(BegunCopy, "a copy that cannot be gone on with leaves no parts") {
  SUBCASE("somebody else was faster") { bucket.objects[key] = {"theirs", "m9"}; }
  SUBCASE("the source is gone") { std::filesystem::remove(object_path(key)); }
  CHECK(copy_again().failures.size() == 1);
  CHECK(bucket.uploads.empty());
}
