#include "core/services/gc.hpp"
#include "store/files/local_object_store.hpp"
#include "store/job_lock.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "support/processes.hpp"
#include "support/scale.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>

#include <unistd.h>

using lumi::services::DryRun;
using lumi::services::GarbageKind;
using lumi::services::GcReport;
using lumi::services::GcService;
using lumi::test::plant;
using lumi::test::ServiceHome;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t k_day_ms = 86'400'000;

struct GcFixture : ServiceHome {
  GcService gc{{databases, objects, clock}};
};

std::vector<std::string> names_of(const GcReport& report, GarbageKind kind) {
  std::vector<std::string> names;
  for (const auto& item : report.items) {
    if (item.kind == kind) {
      names.push_back(item.name);
    }
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("where there is no home there is no garbage, and none is made") {
  GcFixture empty;
  CHECK(empty.gc.collect(0, DryRun::no).items.empty());
  CHECK_FALSE(fs::exists(empty.home.path()));
}

TEST_CASE("objects of a home that lost its database are not garbage") {
  GcFixture lost;
  plant(lost.object_path("datasets/x/y/dataset.csv"));
  CHECK(lost.gc.collect(0, DryRun::no).items.empty());
  CHECK(fs::exists(lost.object_path("datasets/x/y/dataset.csv")));
}

TEST_CASE_FIXTURE(GcFixture, "what rows name stays, however old") {
  const auto dataset = add_dataset();
  const auto job = add_job();
  clock.advance_hours(10'000);
  CHECK(gc.collect(0, DryRun::no).items.empty());
  CHECK(fs::exists(object_path(dataset.object_key)));
  CHECK(fs::exists(object_path(*job.result_key)));
  CHECK(fs::exists(home.job_folder(job.id) / "job.log"));
}

TEST_CASE_FIXTURE(GcFixture, "an object that no row names goes when it is old enough") {
  add_dataset();
  const std::string key = "datasets/orphan/x.csv/dataset.csv";
  plant(object_path(key));
  CHECK(gc.collect(k_day_ms, DryRun::no).items.empty());
  clock.advance_hours(25);
  const auto dry = gc.collect(k_day_ms, DryRun::yes);
  CHECK(names_of(dry, GarbageKind::unreferenced_object) == Names{key});
  CHECK(dry.freed_bytes() == 7);
  CHECK(fs::exists(object_path(key)));
  const auto report = gc.collect(k_day_ms, DryRun::no);
  CHECK(names_of(report, GarbageKind::unreferenced_object) == Names{key});
  CHECK(report.failures() == 0);
  CHECK_FALSE(fs::exists(object_path("datasets/orphan")));
  CHECK(gc.collect(0, DryRun::no).items.empty());
}

TEST_CASE_FIXTURE(GcFixture, "a removal that failed is tried again") {
  const auto dataset = add_dataset();
  lumi::store::GarbageRepository garbage(databases.get());
  plant(object_path("datasets/deleted/x/dataset.csv"));
  garbage.insert({"file:", "datasets/deleted/x/dataset.csv", clock.now(), 1, "busy"});
  garbage.insert({"nowhere://bucket", "datasets/far/x/dataset.csv", clock.now(), 1, "unreachable"});
  CHECK(gc.collect(k_day_ms, DryRun::yes).items.size() == 2);
  CHECK(garbage.count() == 2);
  const auto report = gc.collect(k_day_ms, DryRun::no);
  CHECK(names_of(report, GarbageKind::deleted_object).size() == 2);
  CHECK(report.failures() == 1);
  CHECK_FALSE(fs::exists(object_path("datasets/deleted")));
  REQUIRE(garbage.count() == 1);
  CHECK(garbage.list()[0].storage_url == "nowhere://bucket");
  CHECK(garbage.list()[0].attempts >= 1);
  CHECK(fs::exists(object_path(dataset.object_key)));
}

TEST_CASE_FIXTURE(GcFixture, "what dead processes left goes, what living ones write stays") {
  add_dataset();
  const auto alive = objects.for_new().create("datasets/alive/x/dataset.csv");
  const auto pid = lumi::test::start_process([&] {
    const auto writer = objects.for_new().create("datasets/dead/x/dataset.csv");
    writer->write(std::string(300'000, 'x'));
    ::raise(SIGKILL);
  });
  lumi::test::wait_for_process(pid);
  plant(home.path() / ".lumi-0.part");
  plant(home.path() / ".lumi-1.part" / "lumi.db");
  plant(home.path() / "mine.txt");
  const auto report = gc.collect(0, DryRun::no);
  CHECK(names_of(report, GarbageKind::temporary_file).size() == 3);
  CHECK(report.failures() == 0);
  CHECK_FALSE(fs::exists(object_path("datasets/dead")));
  CHECK_FALSE(fs::exists(home.path() / ".lumi-1.part"));
  CHECK(fs::exists(home.path() / "mine.txt"));
  alive->write("x");
  alive->commit();
  CHECK(object_text("datasets/alive/x/dataset.csv") == "x");
}

TEST_CASE_FIXTURE(GcFixture, "folders of jobs without a row go, unless a process holds them") {
  const auto job = add_job();
  const auto dead = ids.uuid();
  const auto alive = ids.uuid();
  plant(home.job_folder(dead) / "job.log");
  plant(home.jobs_folder() / "not an id" / "x");
  const auto pid = lumi::test::start_process([&] {
    const auto lock = lumi::store::JobLock::try_acquire(home, alive, lumi::SystemClock());
    plant(folder / "ready");
    ::pause();
  });
  for (int i = 0; i < 2000 && !fs::exists(folder / "ready"); ++i) {
    ::usleep(5000);
  }
  const auto report = gc.collect(0, DryRun::no);
  ::kill(pid, SIGKILL);
  lumi::test::wait_for_process(pid);
  CHECK(names_of(report, GarbageKind::job_folder) == Names{"jobs/" + dead});
  CHECK_FALSE(fs::exists(home.job_folder(dead)));
  CHECK(fs::exists(home.job_folder(alive)));
  CHECK(fs::exists(home.job_folder(job.id)));
  CHECK(fs::exists(home.jobs_folder() / "not an id" / "x"));
}

TEST_CASE_FIXTURE(GcFixture, "collecting while others create takes nothing that a row names") {
  add_dataset();
  const int creators = 4;
  const int each = lumi::test::loops(5, 100);
  std::vector<pid_t> pids;
  for (int i = 0; i < creators; ++i) {
    pids.push_back(lumi::test::start_process([&] {
      for (int k = 0; k < each; ++k) {
        ServiceHome* own = this;
        lumi::store::DatabaseProvider own_databases(own->home);
        lumi::services::DatasetService service({own_databases, objects, clock, ids});
        lumi::TextSource source("examples\nx\n");
        lumi::services::CreateOptions options;
        options.filename = "c.csv";
        service.create(source, options);
      }
    }));
  }
  for (int round = 0; round < each * 4; ++round) {
    gc.collect(0, DryRun::no);
  }
  for (const auto pid : pids) {
    CHECK(lumi::test::wait_for_process(pid) == 0);
  }
  const auto all = datasets.list({0, 0});
  CHECK(all.total == static_cast<std::uint64_t>(creators * each) + 1);
  for (const auto& dataset : all.items) {
    CHECK(fs::exists(object_path(dataset.object_key)));
  }
}

namespace {

/// A storage that keeps what was never completed, as S3 does.
class UploadStore final : public lumi::store::ObjectStore {
public:
  explicit UploadStore(std::vector<lumi::store::UnfinishedObject>& uploads) : uploads_(uploads) {}

  std::string url() const override { return "test://uploads"; }
  std::unique_ptr<lumi::store::ObjectWriter> create(const std::string& /*key*/,
                                                    const lumi::store::Writing& /*how*/) override {
    return nullptr;
  }
  std::unique_ptr<lumi::ByteSource> open(const std::string& /*key*/, std::uint64_t /*offset*/) override {
    return nullptr;
  }
  std::optional<lumi::store::ObjectInfo> find(const std::string& /*key*/) override { return std::nullopt; }
  void list(const std::string& /*prefix*/,
            const std::function<void(const lumi::store::ObjectInfo&)>& /*visit*/) override {}
  bool remove(const std::string& /*key*/) override { return false; }
  std::string download_url(const std::string& /*key*/, std::int64_t /*expires_s*/) override { return ""; }

  void list_unfinished(const std::string& prefix,
                       const std::function<void(const lumi::store::UnfinishedObject&)>& visit) override {
    for (const auto& upload : uploads_) {
      if (upload.key.starts_with(prefix)) {
        visit(upload);
      }
    }
  }

  bool remove_unfinished(const lumi::store::UnfinishedObject& object) override {
    return std::erase_if(uploads_, [&](const auto& upload) { return upload.id == object.id; }) > 0;
  }

private:
  std::vector<lumi::store::UnfinishedObject>& uploads_;
};

}  // namespace

TEST_CASE_FIXTURE(GcFixture, "uploads that were never completed go when they are old enough and lumi's own") {
  add_dataset();
  std::vector<lumi::store::UnfinishedObject> uploads{
      {"datasets/a", "old", {clock.now().microseconds - 2 * k_day_ms * 1000}},
      {"jobs/results/b", "young", clock.now()},
      {"somebody/else", "other", {0}}};
  std::vector<lumi::store::UnfinishedObject> none;
  lumi::store::ObjectStores elsewhere("test://uploads", [&](const std::string& url) {
    return std::make_unique<UploadStore>(url == "test://uploads" ? uploads : none);
  });
  GcService gc_there{{databases, elsewhere, clock}};
  CHECK(names_of(gc_there.collect(k_day_ms, DryRun::yes), GarbageKind::unfinished_upload) == Names{"datasets/a"});
  CHECK(uploads.size() == 3);
  CHECK(names_of(gc_there.collect(k_day_ms, DryRun::no), GarbageKind::unfinished_upload) == Names{"datasets/a"});
  CHECK(names_of(gc_there.collect(0, DryRun::no), GarbageKind::unfinished_upload) == Names{"jobs/results/b"});
  REQUIRE(uploads.size() == 1);
  CHECK(uploads[0].id == "other");
}

TEST_CASE_FIXTURE(GcFixture, "the source of a copy stays until its removal is asked for") {
  add_dataset();
  plant(object_path("datasets/copied/x/dataset.csv"));
  lumi::store::GarbageRepository garbage(databases.get());
  garbage.insert({"file:", "datasets/copied/x/dataset.csv", clock.now(), lumi::store::k_kept_source, ""});
  clock.advance_hours(1000);
  CHECK(gc.collect(0, DryRun::no).items.empty());
  CHECK(fs::exists(object_path("datasets/copied/x/dataset.csv")));
  const auto report = gc.collect(0, DryRun::no, lumi::services::CopiedSources::remove);
  CHECK(names_of(report, GarbageKind::copied_object) == Names{"datasets/copied/x/dataset.csv"});
  CHECK_FALSE(fs::exists(object_path("datasets/copied")));
  CHECK(garbage.count() == 0);
}
