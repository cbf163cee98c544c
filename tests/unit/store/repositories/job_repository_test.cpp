#include "store/query.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/errors.hpp"
#include "support/records.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using lumi::ErrorCode;
using lumi::Timestamp;
using lumi::store::Database;
using lumi::store::Home;
using lumi::store::JobChange;
using lumi::store::JobFence;
using lumi::store::JobRecord;
using lumi::store::JobRepository;
using lumi::test::job_record;

namespace {

struct JobRepositoryFixture {
  lumi::test::TempDir folder;
  std::unique_ptr<Database> database = Database::open(Home(folder.path()));
  JobRepository jobs{*database};

  JobRecord add(int number, const std::string& status) {
    auto record = job_record(number);
    record.status = status;
    jobs.insert(record);
    return record;
  }
};

JobChange job_to(const std::string& status) {
  JobChange change;
  change.status = status;
  return change;
}

}  // namespace

TEST_CASE_FIXTURE(JobRepositoryFixture, "a job's row comes back as it was inserted") {
  lumi::store::Query(*database, "INSERT INTO experiments VALUES (?, 'e', '', 'd', '{}', 1, NULL)")
      .bind(std::string(32, 'e'))
      .run();
  lumi::store::Query(*database,
                     "INSERT INTO workflows (id, experiment_id, name, description, status, config_json, created_at) "
                     "VALUES (?, ?, 'w', '', 'running', '{}', 1)")
      .bind(std::string(32, 'f'))
      .bind(std::string(32, 'e'))
      .run();
  auto record = job_record(1);
  record.description = "d";
  record.status = "running";
  record.runner = "ray";
  record.experiment_id = std::string(32, 'e');
  record.workflow_id = std::string(32, 'f');
  record.dataset_id = "dataset";
  record.config_json = R"({"a":1})";
  record.message = "m";
  record.error_type = "t";
  record.updated_at = Timestamp{2};
  record.start_time = Timestamp{3};
  record.end_time = Timestamp{4};
  record.driver_exit_code = -1;
  record.attempt = 5;
  record.storage_url = "file:";
  record.result_key = "key";
  record.result_sha256 = "hash";
  record.summary_json = "{}";
  jobs.insert(record);
  const auto found = jobs.find(record.id);
  REQUIRE(found.has_value());
  CHECK(found->name == record.name);
  CHECK(found->description == record.description);
  CHECK(found->type == record.type);
  CHECK(found->status == record.status);
  CHECK(found->runner == record.runner);
  CHECK(found->experiment_id == record.experiment_id);
  CHECK(found->workflow_id == record.workflow_id);
  CHECK(found->dataset_id == record.dataset_id);
  CHECK(found->config_json == record.config_json);
  CHECK(found->message == record.message);
  CHECK(found->error_type == record.error_type);
  CHECK(found->created_at == record.created_at);
  CHECK(found->updated_at == record.updated_at);
  CHECK(found->start_time == record.start_time);
  CHECK(found->end_time == record.end_time);
  CHECK(found->driver_exit_code == record.driver_exit_code);
  CHECK(found->attempt == record.attempt);
  CHECK(found->storage_url == record.storage_url);
  CHECK(found->result_key == record.result_key);
  CHECK(found->result_sha256 == record.result_sha256);
  CHECK(found->summary_json == record.summary_json);
  CHECK_FALSE(jobs.find("nothing").has_value());
}

TEST_CASE_FIXTURE(JobRepositoryFixture, "a job belongs to a workflow that is there") {
  auto record = job_record(1);
  record.workflow_id = std::string(32, 'f');
  CHECK(lumi::test::code_of([&] { jobs.insert(record); }) == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(JobRepositoryFixture, "jobs are listed by type and status") {
  add(1, "running");
  add(2, "failed");
  auto other = job_record(3);
  other.type = "inference";
  other.status = "failed";
  jobs.insert(other);
  CHECK(jobs.list({}, {}).total == 3);
  CHECK(jobs.list({}, {}).items.at(0).id == other.id);
  CHECK(jobs.list({.type = "evaluator"}, {}).total == 2);
  CHECK(jobs.list({.status = "failed"}, {0, 1}).total == 2);
  CHECK(jobs.list({.status = "failed"}, {0, 1}).items.size() == 1);
  CHECK(jobs.list({.type = "inference", .status = "failed"}, {}).total == 1);
  CHECK(jobs.list({.type = "inference", .status = "running"}, {}).total == 0);
  CHECK(jobs.list({.experiment_id = "x"}, {}).total == 0);
  CHECK(jobs.list({.workflow_id = "x"}, {}).total == 0);
  CHECK(jobs.count() == 3);
}

TEST_CASE_FIXTURE(JobRepositoryFixture, "an owner changes its job, and what it does not name stays") {
  const auto job = add(1, "created");
  CHECK(jobs.change({job.id, 1, "created"}, job_to("running"), Timestamp{10}));
  JobChange change;
  change.message = "half done";
  change.start_time = Timestamp{11};
  change.summary_json = R"({"n":1})";
  CHECK(jobs.change({job.id, 1, "running"}, change, Timestamp{12}));
  auto found = jobs.find(job.id);
  CHECK(found->status == "running");
  CHECK(found->message == "half done");
  CHECK(found->start_time == Timestamp{11});
  CHECK(found->updated_at == Timestamp{12});
  CHECK(found->summary_json == R"({"n":1})");
  change = job_to("succeeded");
  change.end_time = Timestamp{13};
  change.driver_exit_code = 0;
  change.message = "";
  CHECK(jobs.change({job.id, 1, "running"}, change, Timestamp{13}));
  found = jobs.find(job.id);
  CHECK(found->status == "succeeded");
  CHECK(found->message.empty());
  CHECK(found->start_time == Timestamp{11});
  CHECK(found->end_time == Timestamp{13});
  CHECK(found->driver_exit_code == 0);
}

TEST_CASE_FIXTURE(JobRepositoryFixture, "who is not the owner any more changes nothing") {
  const auto job = add(1, "running");
  CHECK_FALSE(jobs.change({job.id, 2, "running"}, job_to("failed"), Timestamp{1}));
  CHECK_FALSE(jobs.change({job.id, 1, "created"}, job_to("failed"), Timestamp{1}));
  CHECK_FALSE(jobs.change({"other", 1, "running"}, job_to("failed"), Timestamp{1}));
  CHECK(jobs.find(job.id)->status == "running");
  CHECK_FALSE(jobs.find(job.id)->updated_at.has_value());
}

TEST_CASE_FIXTURE(JobRepositoryFixture, "a finished job changes only by resume") {
  for (const std::string status : {"succeeded", "failed", "stopped"}) {
    CAPTURE(status);
    auto record = job_record(1);
    record.status = status;
    record.message = "interrupted";
    record.end_time = Timestamp{1};
    record.driver_exit_code = 1;
    record.error_type = "e";
    jobs.insert(record);
    const JobFence fence{record.id, 1, status};
    CHECK_FALSE(jobs.change(fence, job_to("running"), Timestamp{2}));
    for (const char* column : {"message = 'x'", "status = 'running'", "attempt = attempt + 1", "end_time = NULL"}) {
      const auto error = lumi::test::error_of([&] {
                           lumi::store::Query(*database, std::string("UPDATE jobs SET ") + column).run();
                         }).value();
      CHECK(error.code() == ErrorCode::conflict);
      CHECK(std::string(error.what()).find("a finished job changes only by resume") != std::string::npos);
    }
    CHECK_FALSE(jobs.resume({record.id, 2, status}, Timestamp{3}));
    CHECK_FALSE(jobs.resume({record.id, 1, "running"}, Timestamp{3}));
    CHECK(jobs.resume(fence, Timestamp{3}));
    CHECK_FALSE(jobs.resume(fence, Timestamp{3}));
    const auto found = jobs.find(record.id);
    CHECK(found->status == "created");
    CHECK(found->attempt == 2);
    CHECK(found->message.empty());
    CHECK_FALSE(found->end_time.has_value());
    CHECK_FALSE(found->driver_exit_code.has_value());
    CHECK_FALSE(found->error_type.has_value());
    CHECK_FALSE(jobs.change({record.id, 1, "created"}, job_to("running"), Timestamp{4}));
    CHECK(jobs.change({record.id, 2, "created"}, job_to("running"), Timestamp{4}));
    jobs.remove(record.id);
  }
}

TEST_CASE_FIXTURE(JobRepositoryFixture, "a status that does not exist is refused") {
  const auto job = add(1, "running");
  CHECK_THROWS_AS(jobs.change({job.id, 1, "running"}, job_to("KILLED"), Timestamp{1}), lumi::Error);
  CHECK(jobs.find(job.id)->status == "running");
}

TEST_CASE_FIXTURE(JobRepositoryFixture, "unfinished jobs, and those that read a dataset") {
  auto one = job_record(2);
  one.status = "pending";
  one.dataset_id = "d1";
  jobs.insert(one);
  auto two = job_record(1);
  two.status = "succeeded";
  two.dataset_id = "d1";
  jobs.insert(two);
  const auto three = add(0, "created");
  const auto unfinished = jobs.list_unfinished();
  REQUIRE(unfinished.size() == 2);
  CHECK(unfinished[0].id == three.id);
  CHECK(unfinished[1].id == one.id);
  CHECK(jobs.find_unfinished_of_dataset("d1") == std::vector<std::string>{one.id});
  CHECK(jobs.find_unfinished_of_dataset("d2").empty());
}

TEST_CASE_FIXTURE(JobRepositoryFixture, "jobs are found by the start of their id, and removed") {
  const auto job = add(1, "failed");
  CHECK(jobs.find_ids_by_prefix(job.id.substr(0, 8), 2) == std::vector<std::string>{job.id});
  CHECK(jobs.find_near_ids(job.id.substr(0, 35) + "x") == std::vector<std::string>{job.id});
  CHECK(jobs.remove(job.id));
  CHECK_FALSE(jobs.remove(job.id));
}
