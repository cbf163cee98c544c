#include "base/byte_stream.hpp"
#include "core/services/storage_check.hpp"
#include "store/files/local_object_store.hpp"
#include "support/errors.hpp"
#include "support/manual_time.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

using namespace lumi;
using services::StorageCheckService;

namespace {

enum class Fault { none, alters, does_not_list, does_not_delete, cannot_read };

/// A local store with a fault, which takes a millisecond for everything.
class FaultyStore final : public store::ObjectStore {
public:
  FaultyStore(const std::filesystem::path& folder, Fault fault, test::ManualTime& time)
      : behind_(folder, "file:"), fault_(fault), time_(time) {}

  std::string url() const override { return "file:"; }
  store::StorageAccess access() override { return {"http://h", "x", "r", "y", "path", "z"}; }
  std::unique_ptr<store::ObjectWriter> create(const std::string& key, const store::Writing& how) override {
    pass();
    return behind_.create(key, how);
  }
  std::unique_ptr<ByteSource> open(const std::string& key, std::uint64_t offset) override {
    pass();
    if (fault_ == Fault::cannot_read) {
      throw Error(ErrorCode::unavailable, "cannot read");
    }
    return behind_.open(key, fault_ == Fault::alters ? offset + 1 : offset);
  }
  std::optional<store::ObjectInfo> find(const std::string& key) override { return behind_.find(key); }
  void list(const std::string& prefix, const std::function<void(const store::ObjectInfo&)>& visit) override {
    pass();
    if (fault_ != Fault::does_not_list) {
      behind_.list(prefix, visit);
    }
  }
  bool remove(const std::string& key) override {
    pass();
    return fault_ == Fault::does_not_delete || behind_.remove(key);
  }
  std::string download_url(const std::string& key, std::int64_t expires_s) override {
    return behind_.download_url(key, expires_s);
  }

private:
  void pass() { time_.advance(std::chrono::milliseconds(1)); }

  store::LocalObjectStore behind_;
  Fault fault_;
  test::ManualTime& time_;
};

struct StorageCheckFixture {
  services::StorageReport check(Fault fault) {
    FaultyStore storage(folder / "objects", fault, time);
    return StorageCheckService({storage, time, ids}).check();
  }

  std::string message(Fault fault) {
    const auto error = test::error_of([&] { check(fault); });
    return error ? error->what() : "no error";
  }

  bool is_empty() const { return std::filesystem::is_empty(folder / "objects"); }

  test::TempDir folder;
  test::ManualTime time;
  RandomIds ids;
};

}  // namespace

TEST_CASE_FIXTURE(StorageCheckFixture, "a storage that works is measured and left as it was") {
  const auto report = check(Fault::none);
  CHECK(report.storage_url == "file:");
  CHECK(report.access.credentials == "z");
  CHECK(report.write_us == 1000);
  CHECK(report.read_us == 1000);
  CHECK(report.list_us == 1000);
  CHECK(report.delete_us == 1000);
  CHECK(is_empty());
}

TEST_CASE_FIXTURE(StorageCheckFixture, "a storage that does not keep its promises is named, and the probe removed") {
  CHECK(message(Fault::alters) == "the storage \"file:\" does not give an object back as it was");
  CHECK(is_empty());
  CHECK(message(Fault::does_not_list) == "the storage \"file:\" does not list an object that was written");
  CHECK(is_empty());
  CHECK(message(Fault::cannot_read) == "cannot read");
  CHECK(is_empty());
  CHECK(message(Fault::does_not_delete) == "the storage \"file:\" does not delete an object");
}
