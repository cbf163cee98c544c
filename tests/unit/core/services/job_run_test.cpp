#include "core/services/job_control.hpp"
#include "core/services/job_run.hpp"
#include "store/database.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "support/errors.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include <unistd.h>

using namespace lumi::services;
using lumi::Error;
using lumi::ErrorCode;
using lumi::store::JobRecord;
using lumi::store::JobRepository;
using lumi::test::code_of;

namespace {

struct JobRunFixture : lumi::test::ServiceHome {
  JobRun run_of(OwnedJob job) {
    return {{databases, objects, clock, [](ErrorCode code) { return 100 + static_cast<int>(code); }}, std::move(job)};
  }

  OwnedJob new_job() { return keep_job(databases, lumi::test::job_record(1), clock); }

  JobRecord row(const std::string& id) { return JobRepository(databases.get()).find(id).value(); }

  std::unique_ptr<lumi::store::ObjectWriter> results(const std::string& text) {
    auto writer = objects.for_new().create("jobs/results/x/results.json");
    writer->write(text);
    return writer;
  }

  /// What another process that took the lock away does.
  void take_over(const std::string& id) {
    JobRepository jobs(databases.get());
    lumi::store::JobChange change;
    change.status = "failed";
    const auto before = row(id);
    REQUIRE(jobs.change({id, before.attempt, before.status}, change, clock.now()));
    REQUIRE(jobs.resume({id, before.attempt, "failed"}, clock.now()));
    change.status = "running";
    REQUIRE(jobs.change({id, before.attempt + 1, "created"}, change, clock.now()));
  }

  std::string log(const std::string& id) { return lumi::read_file(home.job_folder(id) / "job.log"); }
};

}  // namespace

TEST_CASE_FIXTURE(JobRunFixture, "a job that succeeds has its results, its summary and the exit code of its verdict") {
  auto run = run_of(new_job());
  const auto id = run.row().id;
  run.start();
  CHECK(row(id).status == "running");
  CHECK(row(id).start_time.has_value());
  const auto writer = results("{}");
  run.succeed(*writer, {R"({"n":1})", ErrorCode::partial});
  const auto job = row(id);
  CHECK(job.status == "succeeded");
  CHECK(job.result_key == "jobs/results/x/results.json");
  CHECK(job.result_sha256->size() == 64);
  CHECK(job.summary_json == R"({"n":1})");
  CHECK(job.driver_exit_code == 100 + static_cast<int>(ErrorCode::partial));
  CHECK(object_text(*job.result_key) == "{}");
  CHECK(log(id).find("started\n") != std::string::npos);
  CHECK(log(id).ends_with("succeeded\n"));
}

TEST_CASE_FIXTURE(JobRunFixture, "what stops the work ends the job, and is thrown on") {
  for (const auto& each : {std::pair(ErrorCode::budget, "failed"), std::pair(ErrorCode::interrupted, "stopped")}) {
    const auto code = each.first;
    const auto* status = each.second;
    auto run = run_of(new_job());
    const auto error = lumi::test::error_of([&] { run_job(run, [&] { throw Error(code, "the reason"); }); });
    REQUIRE(error.has_value());
    CHECK(error->code() == code);
    CHECK(row(run.row().id).status == status);
    CHECK(row(run.row().id).message == "the reason");
    CHECK(row(run.row().id).driver_exit_code == 100 + static_cast<int>(code));
    CHECK(log(run.row().id).ends_with(std::string(status) + ": the reason\n"));
  }
  auto run = run_of(new_job());
  CHECK_THROWS_AS(run_job(run, [] { throw std::runtime_error("a bug"); }), std::runtime_error);
  CHECK(row(run.row().id).message == "a bug");
}

TEST_CASE_FIXTURE(JobRunFixture, "a process that was overtaken writes neither row nor results") {
  auto run = run_of(new_job());
  const auto id = run.row().id;
  run.start();
  run.check_owned();
  const auto first = results("of the first attempt");
  take_over(id);
  objects.for_new().create("jobs/results/x/results.json")->commit();
  const auto taken = row(id);

  CHECK(code_of([&] { run.succeed(*first, {}); }) == ErrorCode::conflict);
  CHECK(object_text("jobs/results/x/results.json").empty());
  run.fail(Error(ErrorCode::failure, "too late"));
  ::usleep(60'000);
  bool was_asked = false;
  CHECK(code_of([&] {
          run.progress([&] {
            was_asked = true;
            return std::string("far");
          });
        }) == ErrorCode::conflict);
  CHECK_FALSE(was_asked);
  CHECK(row(id).status == "running");
  CHECK(row(id).attempt == 2);
  CHECK(row(id).updated_at == taken.updated_at);
  CHECK(log(id).find("too late") == std::string::npos);
}

TEST_CASE_FIXTURE(JobRunFixture, "a process whose lock was removed notices before its next write") {
  auto run = run_of(new_job());
  run.start();
  run.check_owned();
  std::filesystem::remove(home.job_folder(run.row().id) / "lock");
  CHECK(code_of([&] { run.check_owned(); }) == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(JobRunFixture, "others can write to the database while results are on their way") {
  struct SlowWriter final : lumi::store::ObjectWriter {
    explicit SlowWriter(const lumi::store::Home& at) : home(at) {}
    void write(std::string_view /*bytes*/) override {}
    lumi::store::StoredObject commit() override {
      const auto other = lumi::store::Database::open(home);
      lumi::store::DatasetRepository(*other).insert(lumi::test::dataset_record(1));
      return {"jobs/results/x/results.json", 2, std::string(64, '0')};
    }
    const lumi::store::Home& home;
  };
  auto run = run_of(new_job());
  run.start();
  SlowWriter writer(home);
  run.succeed(writer, {});
  CHECK(row(run.row().id).status == "succeeded");
}

TEST_CASE_FIXTURE(JobRunFixture, "a job whose row is gone is not this process's any more") {
  auto run = run_of(new_job());
  run.start();
  JobRepository(databases.get()).remove(run.row().id);
  const auto writer = results("{}");
  CHECK(code_of([&] { run.succeed(*writer, {}); }) == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(JobRunFixture, "progress is in the log after a second, and not for every sample") {
  auto run = run_of(new_job());
  run.start();
  int asked = 0;
  const auto say = [&] { return "sample " + std::to_string(++asked); };
  run.progress(say);
  CHECK(asked == 0);
  ::usleep(1'050'000);
  run.progress(say);
  run.progress(say);
  CHECK(asked == 1);
  CHECK(log(run.row().id).ends_with(" sample 1\n"));
}

TEST_CASE_FIXTURE(JobRunFixture, "a log is read line by line while it is written") {
  const auto path = folder / "job.log";
  JobLogReader reader(path);
  CHECK(reader.read_lines().empty());
  std::ofstream log(path);
  log << "one\ntwo\nthr" << std::flush;
  CHECK(reader.read_lines() == std::vector<std::string>{"one", "two"});
  CHECK(reader.rest() == "thr");
  log << "ee\n\n" << std::string(40'000, 'x') << "\n" << std::flush;
  CHECK(reader.read_lines() == std::vector<std::string>{"three", "", std::string(40'000, 'x')});
  CHECK(reader.read_lines().empty());
}
