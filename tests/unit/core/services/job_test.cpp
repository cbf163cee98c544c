#include "base/interrupt.hpp"
#include "base/json_writer.hpp"
#include "core/services/dataset.hpp"
#include "core/services/evaluator.hpp"
#include "core/services/job.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/errors.hpp"
#include "support/processes.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>

using namespace lumi::services;
using lumi::ErrorCode;
using lumi::test::code_of;
using lumi::test::error_of;

namespace {

constexpr const char* k_predictions = "predictions,ground_truth,prediction_status\n"
                                      "the cat sat on the mat,the cat sat on the mat,ok\n"
                                      "a dog,the cat sat on the mat,ok\n"
                                      ",the cat sat on the mat,refused\n";

/// A home with everything that jobs need. Exit codes are those of the error plus 100, to see where they come from.
struct JobSetup {
  explicit JobSetup(const std::filesystem::path& home = {}) : at(home.empty() ? folder / "home" : home) {}

  lumi::test::TempDir folder;
  lumi::store::Home at;
  lumi::store::DatabaseProvider databases{at};
  lumi::store::ObjectStores objects{"file:", at};
  lumi::SystemClock clock;
  lumi::RandomIds ids;
  DatasetService datasets{{databases, objects, clock, ids}};
  JobService jobs{{databases, objects, clock}};
  EvaluatorService evaluator{
      {databases, objects, {}, clock, ids, [](ErrorCode code) { return 100 + static_cast<int>(code); }}};

  lumi::store::DatasetRecord dataset(const std::string& csv, const std::string& name = "predictions.csv") {
    lumi::TextSource source(csv);
    CreateOptions options;
    options.filename = name;
    options.required_columns = {};
    return datasets.create(source, options).dataset;
  }
};

EvaluatorJob an_evaluation() {
  EvaluatorJob job;
  job.request.metrics = {"rouge", "bleu"};
  job.request.threads = 1;
  return job;
}

std::string results_text(JobSetup& setup, const std::string& id) {
  lumi::TextSink sink;
  setup.jobs.download(id, sink);
  return sink.text();
}

}  // namespace

TEST_CASE("an evaluator job runs from created to succeeded and can be read back") {
  JobSetup setup;
  auto job = an_evaluation();
  job.name = "my évaluation/1";
  job.description = "what it is for";
  job.request.requirements = {"rougeL > 0.1"};
  const auto dataset = setup.dataset(k_predictions);
  auto owned = setup.evaluator.create(job, dataset);
  const auto id = owned.row.id;
  CHECK(setup.jobs.get(id).status == "created");
  CHECK(code_of([&] { setup.jobs.results(id); }) == ErrorCode::pending);
  const auto answer = setup.evaluator.run(std::move(owned));
  CHECK(answer.job_id == id);
  CHECK(answer.dataset_id == dataset.id);
  CHECK(answer.outcome.rows == 3);

  const auto row = setup.jobs.get(id.substr(0, 6));
  CHECK(row.status == "succeeded");
  CHECK(row.type == "evaluator");
  CHECK(row.name == "my évaluation/1");
  CHECK(row.description == "what it is for");
  CHECK(row.dataset_id == dataset.id);
  CHECK(row.driver_exit_code == 100 + static_cast<int>(ErrorCode::partial));
  CHECK(row.result_key == "jobs/results/my-évaluation-1/" + id + "/results.json");
  CHECK(row.start_time);
  CHECK(row.end_time);
  const auto summary = nlohmann::json::parse(row.summary_json.value_or(""));
  CHECK(summary.at("n") == 3);
  CHECK(summary.at("samples").at("refused") == 1);
  CHECK(summary.at("metrics").at("rouge").at("rouge1_mean") == 0.5);

  const auto results = setup.jobs.results(id);
  CHECK(results.outcome().rows == 3);
  CHECK(results.outcome().samples == answer.outcome.samples);
  const auto json = nlohmann::json::parse(results_text(setup, id));
  CHECK(json.at("parameters").at("name") == "my évaluation/1/" + id);
  CHECK(json.at("parameters").at("evaluation").at("metrics") == nlohmann::json{"rouge", "bleu"});
  CHECK(json.at("parameters").at("dataset").at("path") == "file:" + dataset.object_key);
  CHECK(setup.jobs.download_url(id, 60).starts_with("file://"));
  const auto logs = setup.jobs.logs(id);
  CHECK(logs.find("started") != std::string::npos);
  CHECK(logs.find("warning: 33.3 % of the predictions are missing") != std::string::npos);
  CHECK(logs.find("succeeded") != std::string::npos);
  CHECK_FALSE(lumi::store::JobLock::is_held(setup.at, id));
}

TEST_CASE("a job's configuration says all that was asked for") {
  auto job = an_evaluation();
  job.name = "n";
  job.batch_size = 3;
  job.task_definition = {"translation", "en", "de"};
  job.llm_as_judge = lumi::schemas::LlmAsJudge{"m", "http://localhost"};
  job.secret_key_name = "openai_api_key";
  job.request.task = "translation";
  job.request.max_samples = 5;
  job.request.columns.predictions = "answer";
  job.request.columns.map = {{"ground_truth", "a column"}};
  job.request.missing_references = lumi::evaluation::MissingReferences::skip;
  job.request.empty_predictions = lumi::evaluation::EmptyPredictions::missing;
  job.request.requirements = {"bleu > 0"};
  lumi::store::DatasetRecord dataset;
  dataset.id = "an id";
  dataset.filename = "a file";
  const auto text = evaluator_config_json(job, dataset);
  CHECK(evaluator_config_json(parse_evaluator_config(text), dataset) == text);
  const auto json = nlohmann::json::parse(text);
  CHECK(json.at("dataset") == nlohmann::json{{"id", "an id"}, {"name", "a file"}});
  CHECK(json.at("max_samples") == 5);
  CHECK(json.at("model_name_or_path").is_null());
  CHECK(json.at("job_config").at("task_definition").at("target_language") == "de");
  CHECK(code_of([] { parse_evaluator_config("{}"); }) == ErrorCode::storage);
}

TEST_CASE("a job without metrics lists the task's default ones and keeps that none were named") {
  EvaluatorJob job;
  const auto text = evaluator_config_json(job, {});
  CHECK(nlohmann::json::parse(text).at("job_config").at("metrics") == nlohmann::json{"bertscore", "meteor", "rouge"});
  CHECK(parse_evaluator_config(text).request.metrics.empty());
}

TEST_CASE("the key of results keeps letters of any script and nothing that means something in a path") {
  CHECK(results_key("a b/c:é東_.-9", "id") == "jobs/results/a-b-c-é東_.-9/id/results.json");
  CHECK(results_key("..", "id") == "jobs/results/--/id/results.json");
  CHECK(results_key("", "id") == "jobs/results/-/id/results.json");
  CHECK(results_key(std::string(5000, 'x'), "id").size() < 300);
}

TEST_CASE("what is wrong is found before a job exists") {
  JobSetup setup;
  const auto dataset = setup.dataset("predictions,ground_truth\na,a\nb,\nc, \n");
  const auto expect = [&](const EvaluatorJob& job, ErrorCode code, const std::string& part) {
    const auto error = error_of([&] { setup.evaluator.create(job, dataset); });
    REQUIRE(error);
    CHECK(error->code() == code);
    CHECK(std::string(error->what()).find(part) != std::string::npos);
  };
  expect(an_evaluation(), ErrorCode::invalid_input, "\"predictions.csv\" has no ground truth in rows 2, 3");
  auto job = an_evaluation();
  job.request.metrics = {"ruoge"};
  expect(job, ErrorCode::usage, "unknown metric \"ruoge\"");
  job = an_evaluation();
  job.request.columns.predictions = "answer";
  expect(job, ErrorCode::invalid_input, "has no column \"answer\"");
  job = an_evaluation();
  job.request.requirements = {"meteor > 0.5"};
  expect(job, ErrorCode::usage, "meteor");
  job = an_evaluation();
  job.name = "n";
  job.secret_key_name = "no_such_key";
  expect(job, ErrorCode::credentials, "Cannot create job 'n': Requested secret key 'no_such_key' is not configured.");
  CHECK(setup.jobs.list({}).total == 0);
}

TEST_CASE("a job in which nothing can be scored fails and leaves no results") {
  JobSetup setup;
  const auto dataset = setup.dataset("predictions,ground_truth,prediction_status\n,a,error\n,b,refused\n");
  auto owned = setup.evaluator.create(an_evaluation(), dataset);
  const auto id = owned.row.id;
  const auto error = error_of([&] { setup.evaluator.run(std::move(owned)); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::failure);
  const auto row = setup.jobs.get(id);
  CHECK(row.status == "failed");
  CHECK(row.message == "none of the 2 samples could be scored");
  CHECK(row.driver_exit_code == 100 + static_cast<int>(ErrorCode::failure));
  CHECK(code_of([&] { setup.jobs.results(id); }) == ErrorCode::not_found);
  CHECK(setup.jobs.logs(id).find("failed: none of the 2 samples") != std::string::npos);
}

TEST_CASE("a signal stops a job, and says so in its row") {
  JobSetup setup;
  const auto dataset = setup.dataset(k_predictions);
  // The process that is interrupted must not share its database connection with this one.
  const auto home = setup.at.path();
  const int exit_code = lumi::test::wait_for_process(lumi::test::start_process([&] {
    JobSetup child(home);
    auto owned = child.evaluator.create(an_evaluation(), dataset);
    lumi::watch_for_interrupts();
    std::raise(SIGINT);
    if (code_of([&] { child.evaluator.run(std::move(owned)); }) != ErrorCode::interrupted) {
      throw std::runtime_error("not interrupted");
    }
  }));
  CHECK(exit_code == 0);
  const auto listing = setup.jobs.list({});
  REQUIRE(listing.total == 1);
  CHECK(listing.items[0].status == "stopped");
  CHECK(listing.items[0].end_time);
  CHECK_FALSE(listing.items[0].result_key);
}

TEST_CASE("a job whose process was killed is failed as interrupted by the next command") {
  JobSetup setup;
  const auto dataset = setup.dataset(k_predictions);
  const auto home = setup.at.path();
  const int signal_number = lumi::test::wait_for_process(lumi::test::start_process([&] {
    JobSetup child(home);
    auto owned = child.evaluator.create(an_evaluation(), dataset);
    lumi::store::JobChange change;
    change.status = "running";
    lumi::store::JobRepository(child.databases.get()).change({owned.row.id, 1, "created"}, change, child.clock.now());
    std::raise(SIGKILL);
  }));
  CHECK(signal_number == -SIGKILL);
  const auto listing = setup.jobs.list({});
  REQUIRE(listing.total == 1);
  CHECK(listing.items[0].status == "failed");
  CHECK(listing.items[0].message == "interrupted");
}

TEST_CASE("jobs are listed newest first and picked by type and status") {
  JobSetup setup;
  const auto dataset = setup.dataset(k_predictions);
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    auto owned = setup.evaluator.create(an_evaluation(), dataset);
    ids.push_back(owned.row.id);
    setup.evaluator.run(std::move(owned));
  }
  const auto held = setup.evaluator.create(an_evaluation(), dataset);
  CHECK(setup.jobs.list({}).items.front().id == held.row.id);
  CHECK(setup.jobs.list({{}, {"succeeded"}, 0, 100}).total == 3);
  const auto page = setup.jobs.list({{"evaluator", "inference"}, {"succeeded", "created"}, 1, 2});
  CHECK(page.total == 4);
  REQUIRE(page.items.size() == 2);
  CHECK(page.items[0].id == ids[2]);
  CHECK(page.items[1].id == ids[1]);
  CHECK(setup.jobs.list({{"inference"}, {}, 0, 100}).total == 0);
  CHECK(setup.jobs.list({{}, {}, 0, 0}).items.size() == 4);
}

TEST_CASE("jobs are named by prefixes, and unknown ones are not found") {
  JobSetup setup;
  CHECK(code_of([&] { setup.jobs.get("abcd1234"); }) == ErrorCode::not_found);
  CHECK(setup.jobs.list({}).total == 0);
  CHECK_FALSE(std::filesystem::exists(setup.at.path()));
  CHECK(code_of([&] { setup.jobs.get("abc"); }) == ErrorCode::usage);
  auto owned = setup.evaluator.create(an_evaluation(), setup.dataset(k_predictions));
  const auto id = owned.row.id;
  std::string compact;
  for (const char c : id) {
    compact += c == '-' ? "" : std::string(1, static_cast<char>(std::toupper(c)));
  }
  CHECK(setup.jobs.get(compact).id == id);
  CHECK(setup.jobs.get(compact.substr(0, 12)).id == id);
  CHECK(setup.jobs.logs(id).empty());
  CHECK(code_of([&] { setup.jobs.dataset(id); }) == ErrorCode::not_found);
}

TEST_CASE("damaged results and datasets are found out before they are used") {
  JobSetup setup;
  const auto dataset = setup.dataset(k_predictions);
  auto owned = setup.evaluator.create(an_evaluation(), dataset);
  const auto id = owned.row.id;
  setup.evaluator.run(std::move(owned));
  const auto damage = [&](const std::string& key) {
    const auto path = setup.at.objects_folder() / key;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    std::fstream file(path, std::ios::in | std::ios::out);
    file.seekp(-20, std::ios::end);
    file.put('7');
  };
  damage(*setup.jobs.get(id).result_key);
  lumi::TextSink sink;
  CHECK(code_of([&] { setup.jobs.download(id, sink); }) == ErrorCode::storage);
  damage(dataset.object_key);
  CHECK(code_of([&] { setup.evaluator.run(setup.evaluator.create(an_evaluation(), dataset)); }) == ErrorCode::storage);
}
