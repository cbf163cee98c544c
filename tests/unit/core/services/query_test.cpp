#include "core/services/query.hpp"
#include "support/errors.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace lumi;

namespace {

constexpr const char* k_results =
    R"({"metrics":{"rouge":{"rouge1":[1.0,null],"rouge1_mean":1.0},"token_length":{"length":[3,4],"length_mean":3.5}},)"
    R"("artifacts":{"predictions":["a b",""],"ground_truth":["a b","c"]}})";

struct QueryFixture : test::ServiceHome {
  services::QueryService service{{databases, objects, clock}};

  std::string add(const std::string& results, std::optional<std::string> sha256 = {}) {
    auto record = test::job_record(1);
    record.status = "succeeded";
    record.storage_url = "file:";
    record.result_key = "jobs/results/job/" + record.id + "/results.json";
    const auto writer = objects.for_new().create(*record.result_key);
    writer->write(results);
    const auto stored = writer->commit().sha256;
    record.result_sha256 = sha256.value_or(stored);
    store::JobRepository(databases.get()).insert(record);
    return record.id;
  }

  /// The rows of one column of texts or numbers, a space between them.
  std::string ask(const std::string& statement) {
    const auto answer = service.run(statement);
    std::string text;
    while (answer->next()) {
      const auto cell = answer->cell(0);
      text += text.empty() ? "" : " ";
      if (const auto* number = std::get_if<std::int64_t>(&cell)) {
        text += std::to_string(*number);
      } else if (const auto* words = std::get_if<std::string_view>(&cell)) {
        text += *words;
      } else {
        text += "?";
      }
    }
    return text;
  }
};

}  // namespace

TEST_CASE("query: samples are read from the results of jobs") {
  QueryFixture fixture;
  const auto first = fixture.add(k_results);
  const auto second = fixture.add(k_results);
  CHECK(fixture.ask("SELECT count(*) FROM samples") == "4");
  CHECK(fixture.ask("SELECT row FROM samples WHERE job_id = '" + first + "'") == "1 2");
  CHECK(fixture.ask("SELECT status FROM samples WHERE job_id = '" + second + "'") == "ok empty");
  CHECK(fixture.ask("SELECT prediction || '/' || ground_truth FROM samples WHERE row = 1") == "a b/a b a b/a b");
  CHECK(fixture.ask("SELECT scores FROM samples WHERE job_id = '" + first + "'") ==
        R"({"rouge1":1.0,"length":3} {"rouge1":null,"length":4})");
  CHECK(fixture.ask("SELECT scores ->> 'length' FROM samples JOIN jobs ON jobs.id = job_id WHERE jobs.id = '" + first +
                    "'") == "3 4");
  CHECK(fixture.ask("SELECT count(*) FROM samples WHERE job_id = 'nobody'") == "0");
}

TEST_CASE("query: only the results that are asked for are read") {
  QueryFixture fixture;
  const auto whole = fixture.add(k_results);
  const auto damaged = fixture.add(k_results, std::string(64, '0'));
  CHECK(fixture.ask("SELECT count(*) FROM samples WHERE job_id = '" + whole + "'") == "2");
  CHECK(test::code_of([&] { fixture.ask("SELECT count(*) FROM samples"); }) == ErrorCode::storage);
  CHECK(test::code_of([&] { fixture.ask("SELECT count(*) FROM samples WHERE job_id = '" + damaged + "'"); }) ==
        ErrorCode::storage);
  CHECK(fixture.ask("SELECT count(*) FROM jobs") == "2");
}

TEST_CASE("query: where nothing was ever kept, all tables are empty and none is made") {
  QueryFixture fixture;
  for (const auto& table : services::QueryService::tables()) {
    CHECK(fixture.ask("SELECT count(*) FROM " + std::string(table.name)) == "0");
  }
  CHECK_FALSE(std::filesystem::exists(fixture.home.path()));
}

TEST_CASE("query: results of jobs that are unfinished are not there yet") {
  QueryFixture fixture;
  store::JobRepository(fixture.databases.get()).insert(test::job_record(1));
  CHECK(fixture.ask("SELECT count(*) FROM samples") == "0");
}
