#include "core/services/transfer.hpp"
#include "core/services/transfer_manifest.hpp"
#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/workflow_repository.hpp"
#include "support/errors.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <string_view>

using namespace lumi;
namespace fs = std::filesystem;

namespace {

struct Home : test::ServiceHome {
  services::TransferService transfers{databases, objects, clock};

  std::uint64_t jobs() { return databases.find() == nullptr ? 0 : store::JobRepository(*databases.find()).count(); }

  store::ExperimentRecord add_experiment(const std::string& dataset) {
    store::ExperimentRecord record;
    record.id = std::string(31, 'e') + "1";
    record.name = "e";
    record.dataset_id = dataset;
    record.created_at = {1'700'000'000'000'000};
    store::ExperimentRepository(databases.get()).insert(record);
    return record;
  }

  store::WorkflowRecord add_workflow(const std::string& experiment, const std::string& status) {
    store::WorkflowRecord record;
    record.id = std::string(31, 'f') + "1";
    record.experiment_id = experiment;
    record.name = "w";
    record.status = status;
    record.created_at = {1'700'000'000'000'000};
    store::WorkflowRepository(databases.get()).insert(record);
    return record;
  }

  /// A finished job with its result, which belongs to a workflow.
  store::JobRecord add_job_of(const store::WorkflowRecord& workflow, const std::string& config = "{}") {
    auto record = test::job_record(7);
    record.status = "succeeded";
    record.experiment_id = workflow.experiment_id;
    record.workflow_id = workflow.id;
    record.config_json = config;
    record.storage_url = "file:";
    record.result_key = "jobs/results/job/" + record.id + "/results.json";
    const auto writer = objects.for_new().create(*record.result_key);
    writer->write("{\"metrics\":{}}");
    record.result_sha256 = writer->commit().sha256;
    store::JobRepository(databases.get()).insert(record);
    return record;
  }
};

/// Replaces a part of the manifest in `folder`.
void forge(const fs::path& folder, std::string_view part, std::string_view by) {
  auto text = read_file(folder / "manifest.json");
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  write_file(folder / "manifest.json", text.replace(at, part.size(), by), Overwrite::yes, Durable::no);
}

struct Two {
  Home from;
  Home to;
  fs::path folder = from.folder / "out";
};

}  // namespace

TEST_CASE("transfer: an experiment arrives with all that belongs to it, ids and times kept") {
  Two two;
  const auto dataset = two.from.add_dataset();
  const auto experiment = two.from.add_experiment(dataset.id);
  const auto workflow = two.from.add_workflow(experiment.id, "succeeded");
  const auto job = two.from.add_job_of(workflow);
  two.from.add_job();  // belongs to nobody
  const auto written = two.from.transfers.write({experiment.id.substr(0, 8)}, two.folder);
  CHECK(written.rows == std::array<std::uint64_t, 4>{1, 1, 1, 1});
  CHECK(written.objects == 2);

  const auto read = two.to.transfers.read(two.folder);
  CHECK(read.rows == written.rows);
  CHECK(read.objects == 2);
  CHECK(read.skipped == 0);
  auto& database = two.to.databases.get();
  const auto arrived = store::JobRepository(database).find(job.id);
  REQUIRE(arrived.has_value());
  CHECK(arrived->created_at == job.created_at);
  CHECK(arrived->workflow_id == workflow.id);
  CHECK(two.to.object_text(*arrived->result_key) == "{\"metrics\":{}}");
  CHECK(two.to.datasets.get(dataset.id).created_at == dataset.created_at);
  CHECK_FALSE(store::ExperimentRepository(database).take_name("e"));
  CHECK(two.to.jobs() == 1);

  const auto again = two.to.transfers.read(two.folder);
  CHECK(again.rows == std::array<std::uint64_t, 4>{});
  CHECK(again.skipped == 4);
  CHECK(again.objects == 0);
}

TEST_CASE("transfer: what is there with other content is a conflict, and nothing changes") {
  Two two;
  const auto job = two.from.add_job();
  const auto other = two.from.add_job();
  two.from.transfers.write({other.id, job.id}, two.folder);
  auto changed = job;
  changed.name = "another";
  changed.result_key.reset();
  changed.storage_url.reset();
  store::JobRepository(two.to.databases.get()).insert(changed);
  CHECK(test::code_of([&] { two.to.transfers.read(two.folder); }) == ErrorCode::conflict);
  CHECK(two.to.jobs() == 1);
  CHECK_FALSE(fs::exists(two.to.home.objects_folder()));
}

TEST_CASE("transfer: nothing that one machine is trusted with goes to another") {
  Two two;
  const auto workflow = two.from.add_workflow(two.from.add_experiment("gone").id, "failed");
  two.from.add_job_of(
      workflow,
      R"({"lumi":{"allowed_hosts":["evil.example"],"headers":{"X-Key":"canary"},"allow_plaintext":true,)"
      R"("api_key":"canary","max_new_tokens":7}})");
  two.from.transfers.write({workflow.experiment_id}, two.folder);
  const auto manifest = read_file(two.folder / "manifest.json");
  CHECK(manifest.find("canary") == std::string::npos);
  CHECK(manifest.find("evil") == std::string::npos);
  CHECK(manifest.find(R"(max_new_tokens\":7)") != std::string::npos);
  CHECK(two.from.transfers.read(two.folder).skipped == 3);

  forge(two.folder, R"(allowed_hosts\":[])", R"(allowed_hosts\":[\"evil.example\"])");
  two.to.transfers.read(two.folder);
  const auto jobs = store::JobRepository(*two.to.databases.find()).list({}, {0, 0}).items;
  REQUIRE(jobs.size() == 1);
  CHECK(
      jobs[0].config_json ==
      R"({"lumi":{"allowed_hosts":[],"headers":{},"allow_plaintext":false,"api_key":"<REDACTED>","max_new_tokens":7}})");
}

TEST_CASE("transfer: only what has ended, and only whole experiments") {
  Two two;
  const auto experiment = two.from.add_experiment("gone");
  const auto workflow = two.from.add_workflow(experiment.id, "running");
  const auto job = two.from.add_job_of(workflow);
  const auto code = [&](const std::string& id) {
    return test::code_of([&] { two.from.transfers.write({id}, two.folder); });
  };
  CHECK(code(experiment.id) == ErrorCode::pending);
  CHECK(code(job.id) == ErrorCode::usage);
  CHECK(code("00000000-0000-4000-8000-000000000000") == ErrorCode::not_found);
  CHECK_FALSE(fs::exists(two.folder));
  test::plant(two.folder / "something");
  CHECK(code(two.from.add_job().id) == ErrorCode::conflict);
  CHECK(test::code_of([&] { two.to.transfers.write({job.id}, two.folder / "x"); }) == ErrorCode::not_found);
}

TEST_CASE("transfer: an export that is damaged or forged adds no row") {
  Two two;
  const auto job = two.from.add_job();
  two.from.transfers.write({job.id}, two.folder);
  const auto code = [&] { return test::code_of([&] { two.to.transfers.read(two.folder); }); };
  SUBCASE("no manifest") {
    fs::remove(two.folder / "manifest.json");
    CHECK(code() == ErrorCode::not_found);
  }
  SUBCASE("another file") {
    test::plant(two.folder / "objects" / *job.result_key, "{\"metrics\":[]}");
    CHECK(code() == ErrorCode::storage);
  }
  SUBCASE("a file that is a link") {
    const auto file = two.folder / "objects" / *job.result_key;
    fs::rename(file, two.folder / "elsewhere");
    fs::create_symlink(two.folder / "elsewhere", file);
    CHECK(code().has_value());
  }
  SUBCASE("not JSON") {
    test::plant(two.folder / "manifest.json", "{");
    CHECK(code() == ErrorCode::invalid_input);
  }
  SUBCASE("a format of the future") {
    forge(two.folder, "\"format\": 1", "\"format\": 2");
    CHECK(code() == ErrorCode::invalid_input);
  }
  SUBCASE("a schema of the future") {
    forge(two.folder, "\"schema\": ", "\"schema\": 9");
    CHECK(code() == ErrorCode::invalid_input);
  }
  SUBCASE("a column that is a statement") {
    forge(two.folder, "\"attempt\"", "\"attempt) VALUES (1); DROP TABLE jobs; --\"");
    CHECK(code() == ErrorCode::invalid_input);
  }
  SUBCASE("the file of another row") {
    forge(two.folder, "\"result_key\": \"jobs/results/job/", "\"result_key\": \"jobs/results/../");
    CHECK(code() == ErrorCode::invalid_input);
  }
  SUBCASE("a job that would be running") {
    forge(two.folder, "\"succeeded\"", "\"running\"");
    CHECK(code() == ErrorCode::invalid_input);
  }
  SUBCASE("no id") {
    forge(two.folder, "\"id\": \"" + job.id, "\"id\": \"results");
    CHECK(code() == ErrorCode::invalid_input);
  }
  CHECK(two.to.jobs() == 0);
}
