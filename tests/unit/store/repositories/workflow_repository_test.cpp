#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/workflow_repository.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace lumi::store;
using lumi::ErrorCode;
using lumi::Timestamp;
using lumi::test::code_of;

namespace {

struct WorkflowRepositoryFixture {
  lumi::test::TempDir folder;
  std::unique_ptr<Database> database = Database::open(Home(folder.path()));
  ExperimentRepository experiments{*database};
  WorkflowRepository workflows{*database};

  ExperimentRecord experiment(char digit) {
    ExperimentRecord record;
    record.id = std::string(32, digit);
    record.name = "e";
    record.dataset_id = "d";
    record.config_json = R"({"max_samples":1})";
    record.created_at = Timestamp{digit};
    record.updated_at = Timestamp{9};
    experiments.insert(record);
    return record;
  }

  WorkflowRecord workflow(char digit, const std::string& status = "created", char of = 'e') {
    WorkflowRecord record;
    record.id = std::string(32, digit);
    record.experiment_id = std::string(32, of);
    record.name = "w";
    record.status = status;
    record.created_at = Timestamp{digit};
    workflows.insert(record);
    return record;
  }
};

WorkflowChange workflow_to(const std::string& status) {
  WorkflowChange change;
  change.status = status;
  return change;
}

}  // namespace

TEST_CASE_FIXTURE(WorkflowRepositoryFixture, "an experiment's row comes back, and its name is taken for ever") {
  const auto made = experiment('e');
  const auto found = experiments.find(made.id).value();
  CHECK(found.config_json == made.config_json);
  CHECK(found.updated_at == made.updated_at);
  CHECK(experiments.find_ids_of_dataset("d") == std::vector<std::string>{made.id});
  CHECK(experiments.take_name("n"));
  CHECK_FALSE(experiments.take_name("n"));
  experiment('f');
  CHECK(experiments.list({0, 1}).items.front().id == std::string(32, 'f'));
  CHECK(experiments.list({0, 1}).total == 2);
  CHECK(experiments.remove(made.id));
  CHECK_FALSE(experiments.remove(made.id));
  CHECK_FALSE(experiments.take_name("n"));
}

TEST_CASE_FIXTURE(WorkflowRepositoryFixture, "a workflow's row changes only for its owner, and not after its end") {
  experiment('e');
  const auto made = workflow('1');
  CHECK_FALSE(workflows.change({made.id, 2, "created"}, workflow_to("running")));
  CHECK_FALSE(workflows.change({made.id, 1, "running"}, workflow_to("failed")));
  CHECK(workflows.change({made.id, 1, "created"}, workflow_to("running")));
  WorkflowChange end;
  end.status = "failed";
  end.reason = "a reason";
  end.exit_code = 7;
  end.end_time = Timestamp{5};
  CHECK(workflows.change({made.id, 1, "running"}, end));
  CHECK_FALSE(workflows.change({made.id, 1, "failed"}, workflow_to("running")));
  CHECK_FALSE(workflows.resume({made.id, 2, "failed"}));
  CHECK(workflows.resume({made.id, 1, "failed"}));
  const auto found = workflows.find(made.id).value();
  CHECK(found.attempt == 2);
  CHECK(found.status == "created");
  CHECK(found.reason.empty());
  CHECK_FALSE(found.exit_code);
}

TEST_CASE_FIXTURE(WorkflowRepositoryFixture, "workflows are listed newest first, by experiment and status") {
  experiment('e');
  experiment('f');
  workflow('1', "succeeded");
  workflow('2', "running");
  workflow('3', "running", 'f');
  CHECK(workflows.list({}, {}).total == 3);
  CHECK(workflows.list({}, {1, 1}).items.front().id == std::string(32, '2'));
  CHECK(workflows.list({.experiment_id = std::string(32, 'e')}, {}).total == 2);
  CHECK(workflows.list({.experiment_id = std::string(32, 'e'), .status = "running"}, {}).items.size() == 1);
  CHECK(workflows.list_unfinished().size() == 2);
  CHECK(workflows.find_ids_by_prefix("111", 5).size() == 1);
  CHECK(code_of([&] { experiments.remove(std::string(32, 'e')); }) == ErrorCode::conflict);
  CHECK(workflows.remove(std::string(32, '3')));
  CHECK(experiments.remove(std::string(32, 'f')));
}
