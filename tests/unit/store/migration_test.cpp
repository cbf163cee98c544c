#include "base/file.hpp"
#include "base/ids.hpp"
#include "store/database.hpp"
#include "store/query.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "support/errors.hpp"
#include "support/file_mode.hpp"
#include "support/processes.hpp"
#include "support/records.hpp"
#include "support/scale.hpp"
#include "support/temp_dir.hpp"

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

using lumi::EmbeddedFile;
using lumi::ErrorCode;
using lumi::store::Database;
using lumi::store::DatasetRepository;
using lumi::store::Home;
using lumi::store::Query;
using lumi::test::code_of;
using lumi::test::dataset_record;
using lumi::test::error_of;
using lumi::test::loops;
namespace fs = std::filesystem;

namespace {

/// A version after the present one: replaces a table that another refers to, and fills a new one.
std::vector<EmbeddedFile> next_migrations() {
  const auto all = lumi::store::all_migrations();
  std::vector<EmbeddedFile> migrations(all.begin(), all.end());
  migrations.push_back({"9999_next.sql",
                        "CREATE TABLE later (id TEXT NOT NULL PRIMARY KEY) STRICT;"
                        "INSERT INTO later SELECT id FROM datasets;"
                        "ALTER TABLE datasets ADD COLUMN note TEXT;"});
  return migrations;
}

/// Everything that makes up the schema.
std::vector<std::string> schema_of(Database& database) {
  Query query(database, "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1");
  std::vector<std::string> lines;
  while (query.next()) {
    lines.push_back(query.text());
  }
  return lines;
}

std::int64_t number(Database& database, const std::string& sql) {
  Query query(database, sql);
  REQUIRE(query.next());
  return query.integer();
}

void make_home(const Home& home, int datasets) {
  const auto database = Database::open(home);
  for (int i = 0; i < datasets; ++i) {
    DatasetRepository(*database).insert(dataset_record(i));
  }
}

}  // namespace

TEST_CASE("every schema ever released becomes the present one") {
  for (const auto& entry : fs::directory_iterator(fs::path(LUMI_SOURCE_DIR) / "tests/data/schemas")) {
    CAPTURE(entry.path().string());
    const lumi::test::TempDir folder;
    const Home old_home(folder / "old");
    fs::create_directory(old_home.path());
    {
      SQLite::Database old(old_home.database_path().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      old.exec(lumi::read_file(entry.path()));
    }
    const auto migrated = Database::open(old_home);
    const auto fresh = Database::open(Home(folder / "fresh"));
    CHECK(schema_of(*migrated) == schema_of(*fresh));
    CHECK(number(*migrated, "PRAGMA user_version") == number(*fresh, "PRAGMA user_version"));
    CHECK(DatasetRepository(*migrated).list({}).total > 0);
    CHECK_FALSE(Query(*migrated, "PRAGMA foreign_key_check").next());
  }
}

TEST_CASE("there is a fixture of every schema") {
  for (std::size_t version = 1; version <= lumi::store::all_migrations().size(); ++version) {
    const auto name = std::string(4 - std::to_string(version).size(), '0') + std::to_string(version) + ".sql";
    CHECK(fs::exists(fs::path(LUMI_SOURCE_DIR) / "tests/data/schemas" / name));
    CHECK(lumi::store::all_migrations()[version - 1].name.starts_with(name.substr(0, 4)));
  }
}

TEST_CASE("an older schema is migrated, and a copy of it is kept") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  make_home(home, 3);
  const auto migrations = next_migrations();
  SUBCASE("when writing") { CHECK(number(*Database::open(home, migrations), "SELECT count(*) FROM later") == 3); }
  SUBCASE("when reading") { CHECK(number(*Database::find(home, migrations), "SELECT count(*) FROM later") == 3); }
  const auto copy = home.database_path().string() + ".schema-" + std::to_string(lumi::store::all_migrations().size());
  CHECK(lumi::test::mode_of(copy) == 0600);
  fs::create_directory(folder / "old");
  fs::rename(copy, folder / "old" / "lumi.db");
  CHECK(DatasetRepository(*Database::find(Home(folder / "old"))).count() == 3);
}

TEST_CASE("a newer schema is refused, and stays as it is") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  const auto migrations = next_migrations();
  Database::open(home, migrations);
  const auto before = lumi::read_file(home.database_path());
  for (const auto& error :
       {error_of([&] { Database::open(home); }).value(), error_of([&] { Database::find(home); }).value()}) {
    CHECK(error.code() == ErrorCode::storage);
    CHECK(std::string(error.what()).find("newer lumi") != std::string::npos);
    CHECK(error.hint().find("upgrade lumi") != std::string::npos);
  }
  CHECK(lumi::read_file(home.database_path()) == before);
}

TEST_CASE("a migration that fails changes nothing") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  make_home(home, 2);
  auto migrations = next_migrations();
  SUBCASE("it does not fit the database") {
    migrations.push_back({"bad.sql", "ALTER TABLE datasets ADD COLUMN note TEXT;"});
  }
  SUBCASE("it breaks a reference") {
    migrations.push_back({"bad.sql",
                          "INSERT INTO jobs (id, name, description, type, status, experiment_id, config_json, message, "
                          "created_at, attempt) VALUES ('1', '', '', 'x', 'created', 'nobody', '{}', '', 1, 1);"});
  }
  CHECK(code_of([&] { Database::open(home, migrations); }) == ErrorCode::storage);
  const auto database = Database::open(home);
  CHECK(DatasetRepository(*database).count() == 2);
  CHECK(number(*database, "SELECT count(*) FROM sqlite_schema WHERE name = 'later'") == 0);
}

TEST_CASE("64 processes create a home at once") {
  for (int round = 0; round < loops(1, 10); ++round) {
    const lumi::test::TempDir folder;
    const Home home(folder / "deep" / "home");
    const int failures = lumi::test::count_failures(64, [&](int i) {
      const auto database = Database::open(home);
      database->transaction([&] { DatasetRepository(*database).insert(dataset_record(i)); });
    });
    CHECK(failures == 0);
    const auto database = Database::open(home);
    CHECK(DatasetRepository(*database).count() == 64);
    CHECK(std::distance(fs::directory_iterator(home.path()), fs::directory_iterator()) == 3);
  }
}

TEST_CASE("many processes change the database at once, and no change is lost") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  make_home(home, 1);
  const int processes = loops(16, 128);
  const int changes = loops(25, 200);
  const int failures = lumi::test::count_failures(processes, [&](int i) {
    // Half of them as commands do it, a connection for each change; half as jobs do it, with one for all.
    auto database = Database::open(home);
    for (int k = 0; k < changes; ++k) {
      if (i % 2 == 0) {
        database = Database::open(home);
      }
      database->transaction([&] {
        Query query(*database, "SELECT rows FROM datasets");
        query.next();
        const auto rows = query.integer();
        Query(*database, "UPDATE datasets SET rows = ?").bind(rows + 1).run();
      });
    }
  });
  CHECK(failures == 0);
  CHECK(DatasetRepository(*Database::find(home)).list({}).items.at(0).rows ==
        static_cast<std::uint64_t>(7 + processes * changes));
}

TEST_CASE("32 processes migrate at once: one does, all go on") {
  for (int round = 0; round < loops(1, 10); ++round) {
    const lumi::test::TempDir folder;
    const Home home(folder.path());
    make_home(home, 5);
    const auto migrations = next_migrations();
    const int failures = lumi::test::count_failures(32, [&](int i) {
      const auto database = i % 2 == 0 ? Database::open(home, migrations) : Database::find(home, migrations);
      if (number(*database, "SELECT count(*) FROM later") != 5) {
        throw lumi::Error(ErrorCode::failure, "migrated twice or not at all");
      }
    });
    CHECK(failures == 0);
  }
}

TEST_CASE("kill -9 in a migration leaves the old or the new schema") {
  for (int round = 0; round < loops(20, 200); ++round) {
    const lumi::test::TempDir folder;
    const Home home(folder.path());
    make_home(home, 5);
    const auto migrations = next_migrations();
    const auto pid = lumi::test::start_process([&] { Database::open(home, migrations); });
    ::usleep(static_cast<useconds_t>(round * 10'000 / loops(20, 200)));
    ::kill(pid, SIGKILL);
    lumi::test::wait_for_process(pid);
    const auto database = Database::open(home, migrations);
    CHECK(number(*database, "SELECT count(*) FROM later") == 5);
    Query check(*database, "PRAGMA integrity_check");
    REQUIRE(check.next());
    CHECK(check.text() == "ok");
  }
}

TEST_CASE("kill -9 while a home is made leaves none or a whole one") {
  for (int round = 0; round < loops(30, 500); ++round) {
    const lumi::test::TempDir folder;
    const Home home(folder / "home");
    const auto pid = lumi::test::start_process([&] {
      for (int i = 0; i < 100; ++i) {
        DatasetRepository(*Database::open(home)).insert(dataset_record(i));
      }
    });
    ::usleep(static_cast<useconds_t>(round * 20'000 / loops(30, 500)));
    ::kill(pid, SIGKILL);
    lumi::test::wait_for_process(pid);
    Database::find(home);
    const auto database = Database::open(home);
    const auto listing = DatasetRepository(*database).list({0, 0});
    CHECK(listing.total == listing.items.size());
    Query check(*database, "PRAGMA integrity_check");
    REQUIRE(check.next());
    CHECK(check.text() == "ok");
  }
}
