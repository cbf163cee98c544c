#include "store/foreign/foreign_database.hpp"
#include "store/foreign/lumigator_database.hpp"
#include "store/foreign/mlflow_database.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace lumi;

namespace {

std::filesystem::path make(const test::TempDir& folder, const std::string& name, const std::string& sql) {
  const auto path = folder / name;
  SQLite::Database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  return path;
}

std::size_t files_in(const test::TempDir& folder) {
  const std::filesystem::directory_iterator files(folder / "");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

}  // namespace

TEST_CASE("a foreign table is read as texts, whatever columns it lacks") {
  const test::TempDir folder;
  const auto path = make(folder, "a.db", "CREATE TABLE t (a, b); INSERT INTO t VALUES (2, NULL), (1, x'ff41');");
  store::ForeignDatabase database(path);
  std::vector<store::ForeignRow> rows;
  const auto keep = [&](const store::ForeignRow& row) { rows.push_back(row); };
  database.visit("t", {"a", "c", "b"}, {"c", "a"}, keep);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0] == store::ForeignRow{"1", std::nullopt, "\xEF\xBF\xBD\x41"});
  CHECK(rows[1] == store::ForeignRow{"2", std::nullopt, std::nullopt});
  database.visit("absent", {"a"}, {}, keep);
  CHECK(rows.size() == 2);
  CHECK(test::code_of([&] { database.need_tables({"t", "u"}, "X"); }) == ErrorCode::invalid_input);
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a database with a write-ahead log is read from a copy") {
  const test::TempDir folder;
  const auto path = folder / "a.db";
  SQLite::Database writer(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  writer.exec("PRAGMA journal_mode=WAL; CREATE TABLE t (a); INSERT INTO t VALUES (5);");
  const auto before = files_in(folder);
  store::ForeignDatabase database(path);
  int rows = 0;
  database.visit("t", {"a"}, {}, [&](const store::ForeignRow& row) { rows += row[0] == "5" ? 1 : 0; });
  CHECK(rows == 1);
  CHECK(files_in(folder) == before);
}

TEST_CASE("what is no database is refused") {
  const test::TempDir folder;
  std::ofstream(folder / "text.db") << "examples\none\n";
  std::ofstream(folder / "empty.db").flush();
  const auto code = [&](const char* name) {
    return test::code_of([&] { store::ForeignDatabase database(folder / name); });
  };
  CHECK(code("text.db") == ErrorCode::invalid_input);
  CHECK(code("empty.db") == ErrorCode::invalid_input);
  CHECK(code("absent.db") == ErrorCode::not_found);
}

TEST_CASE("times of other programs") {
  const auto time = [](const char* text) { return store::parse_foreign_time(std::string(text)); };
  CHECK(time("2025-06-01 08:56:00") == parse_rfc3339("2025-06-01T08:56:00Z"));
  CHECK(time("2025-06-01 08:56:00.250000") == parse_rfc3339("2025-06-01T08:56:00.25Z"));
  CHECK(time("2025-06-01 08:56:00+02:00") == parse_rfc3339("2025-06-01T06:56:00Z"));
  CHECK(time("2025-06-01T08:56:00Z") == parse_rfc3339("2025-06-01T08:56:00Z"));
  CHECK_FALSE(time("2025-06-01"));
  CHECK_FALSE(time("yesterday or so"));
  CHECK_FALSE(store::parse_foreign_time(std::nullopt));
}

TEST_CASE("rows of Lumigator without an id or a time are left out") {
  const test::TempDir folder;
  const auto path =
      make(folder,
           "l.db",
           "CREATE TABLE jobs (id, name, description, status, created_at);"
           "CREATE TABLE datasets (id, filename, format, size, ground_truth, created_at);"
           "INSERT INTO datasets VALUES ('00000000000040008000000000000001', 'a.csv', 'JOB', 12, 1, '2025-06-01 "
           "08:56:00'), ('x', 'b.csv', 'JOB', 1, 0, '2025-06-01 08:56:00'),"
           "('00000000000040008000000000000002', 'c.csv', 'JOB', 1, 0, NULL);"
           "INSERT INTO jobs VALUES ('00000000-0000-4000-8000-00000000000A', 'n', 'd', 'SUCCEEDED', '2025-06-01 "
           "08:57:00');");
  store::LumigatorDatabase database(path);
  const auto datasets = database.datasets();
  REQUIRE(datasets.size() == 1);
  CHECK(datasets[0].id == "00000000-0000-4000-8000-000000000001");
  CHECK(datasets[0].size_bytes == 12);
  CHECK(datasets[0].ground_truth);
  CHECK(database.unreadable() == 2);
  int jobs = 0;
  database.visit_jobs([&](const store::LumigatorJob& job) {
    ++jobs;
    CHECK(job.id == "00000000-0000-4000-8000-00000000000a");
    CHECK(job.status == "succeeded");
    CHECK(job.type.empty());
  });
  CHECK(jobs == 1);
  CHECK(database.secrets().empty());
  CHECK(test::code_of([&] { store::MlflowDatabase mlflow(path); }) == ErrorCode::invalid_input);
}
