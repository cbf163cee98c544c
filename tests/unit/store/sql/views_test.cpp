#include "store/database.hpp"
#include "store/query.hpp"
#include "store/repositories/baseline_repository.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/sql/sandbox.hpp"
#include "store/sql/views.hpp"
#include "support/records.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace lumi;
using namespace lumi::store;

namespace {

std::string cell_text(const sql::Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    return std::to_string(*number);
  }
  if (const auto* real = std::get_if<double>(&cell)) {
    return std::to_string(*real);
  }
  const auto* text = std::get_if<std::string_view>(&cell);
  return text == nullptr ? "NULL" : std::string(*text);
}

struct ViewsFixture {
  test::TempDir folder;
  std::unique_ptr<Database> database = Database::open(Home(folder / "home"));

  /// The rows, `|` between cells and a line end behind each.
  std::string ask(const std::string& statement) const {
    sql::Sandbox sandbox(sql::view_tables(database.get()));
    const auto answer = sandbox.run(statement);
    std::string text;
    while (answer->next()) {
      for (std::size_t i = 0; i < answer->columns().size(); ++i) {
        text += (i == 0 ? "" : "|") + cell_text(answer->cell(i));
      }
      text += '\n';
    }
    return text;
  }

  JobRecord add_job(const std::string& summary, const std::string& config = "{}") const {
    auto job = test::job_record(1);
    job.status = "succeeded";
    job.summary_json = summary;
    job.config_json = config;
    JobRepository(*database).insert(job);
    return job;
  }
};

}  // namespace

TEST_CASE("views: every column that is documented is there, with its type") {
  const ViewsFixture fixture;
  fixture.add_job("{}");
  DatasetRepository(*fixture.database).insert(test::dataset_record(1));
  for (const auto& view : sql::all_views()) {
    for (const auto& column : view.columns) {
      CAPTURE(view.name);
      CAPTURE(column.name);
      CHECK_NOTHROW(fixture.ask("SELECT " + std::string(column.name) + " FROM " + std::string(view.name)));
      CHECK_FALSE(column.meaning.empty());
    }
    CHECK_NOTHROW(fixture.ask("SELECT * FROM " + std::string(view.name)));
    CHECK(view.columns.size() < 31);
  }
}

TEST_CASE("views: times are texts of one length, which sort as the times do") {
  const ViewsFixture fixture;
  auto early = test::dataset_record(0);
  auto late = test::dataset_record(0);
  early.created_at = {1'700'000'000'000'000};
  late.created_at = {1'700'000'000'500'000};
  DatasetRepository(*fixture.database).insert(late);
  DatasetRepository(*fixture.database).insert(early);
  CHECK(fixture.ask("SELECT created_at FROM datasets ORDER BY created_at") ==
        "2023-11-14T22:13:20.000000Z\n2023-11-14T22:13:20.500000Z\n");
  CHECK(fixture.ask("SELECT id FROM datasets WHERE created_at > '2023-11-14T22:13:20.1'") == late.id + "\n");
  CHECK(fixture.ask("SELECT count(*) FROM datasets WHERE ground_truth = 1 AND generated = 0") == "2\n");
  CHECK(fixture.ask("SELECT count(*) FROM datasets WHERE run_id IS NULL") == "2\n");
}

TEST_CASE("views: metrics are the means of a job's summary") {
  const ViewsFixture fixture;
  const auto scored = fixture.add_job(
      R"({"n":2,"coverage":0.5,"metrics":{"rouge":{"rouge1_mean":0.25,"rougeL_mean":null},"comet":{"mean_score":0.75}},)"
      R"("signatures":{"rouge":"r|1"}})");
  auto asked = fixture.add_job(R"({"n":3,"metrics":{"avg_total_tokens":12},"cost":0.125})",
                               R"({"model_name_or_path":"m","job_config":{"provider":"p"}})");
  fixture.add_job("{damaged", "{damaged");
  CHECK(fixture.ask("SELECT metric, score, value, signature FROM metrics WHERE job_id = '" + scored.id +
                    "' ORDER BY score") == "comet|mean_score|0.750000|NULL\nrouge|rouge1|0.250000|r|1\n");
  CHECK(fixture.ask("SELECT metric, score, value FROM metrics WHERE job_id = '" + asked.id + "'") ==
        "evaluator|avg_total_tokens|12.000000\n");
  CHECK(fixture.ask("SELECT count(*) FROM metrics") == "3\n");
  CHECK(fixture.ask("SELECT samples, coverage, cost FROM jobs WHERE id = '" + scored.id + "'") == "2|0.500000|NULL\n");
  CHECK(fixture.ask("SELECT samples, cost, model, provider FROM jobs WHERE model = 'm'") == "3|0.125000|m|p\n");
}

TEST_CASE("views: baselines name evaluations, whose scores can be joined") {
  const ViewsFixture fixture;
  const auto job = fixture.add_job(R"({"metrics":{"rouge":{"rougeL_mean":0.5}}})");
  BaselineRepository(*fixture.database).put({"main", job.id, {1'700'000'000'000'000}});
  CHECK(fixture.ask("SELECT name, job_id, created_at FROM baselines") ==
        "main|" + job.id + "|2023-11-14T22:13:20.000000Z\n");
  CHECK(fixture.ask("SELECT b.name, m.value FROM baselines b JOIN metrics m USING (job_id)") == "main|0.500000\n");
  CHECK(fixture.ask("SELECT count(*) FROM baselines WHERE job_id = 'x'") == "0\n");
}

TEST_CASE("views: a statement sees one moment") {
  const ViewsFixture fixture;
  fixture.add_job("{}");
  sql::Sandbox sandbox(sql::view_tables(fixture.database.get()));
  CHECK(sandbox.run("SELECT count(*) FROM jobs")->next());
  const auto other = Database::open(Home(fixture.folder / "home"));
  JobRepository(*other).insert(test::job_record(2));
  const auto answer = sandbox.run("SELECT count(*) FROM jobs");
  CHECK(answer->next());
  CHECK(cell_text(answer->cell(0)) == "1");
}

TEST_CASE("views: no column tells a configuration or a secret") {
  for (const auto& view : sql::all_views()) {
    for (const auto& column : view.columns) {
      CHECK(column.name.find("config") == std::string_view::npos);
      CHECK(column.name.find("sealed") == std::string_view::npos);
    }
  }
  const ViewsFixture fixture;
  fixture.add_job("{}", R"({"api_key":"canary","job_config":{"hf_token":"canary"},"model_name_or_path":"m"})");
  CHECK(fixture.ask("SELECT * FROM jobs").find("canary") == std::string::npos);
}

TEST_CASE("views: without a database they are empty") {
  sql::Sandbox sandbox(sql::view_tables(nullptr));
  for (const auto& view : sql::all_views()) {
    CHECK_FALSE(sandbox.run("SELECT * FROM " + std::string(view.name))->next());
  }
}
