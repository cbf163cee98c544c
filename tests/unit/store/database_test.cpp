#include "base/file.hpp"
#include "store/database.hpp"
#include "store/database_provider.hpp"
#include "store/query.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "support/errors.hpp"
#include "support/file_mode.hpp"
#include "support/processes.hpp"
#include "support/records.hpp"
#include "support/temp_dir.hpp"

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <sys/stat.h>

using lumi::Error;
using lumi::ErrorCode;
using lumi::store::Access;
using lumi::store::Database;
using lumi::store::DatasetRepository;
using lumi::store::Home;
using lumi::store::Query;
using lumi::test::code_of;
using lumi::test::dataset_record;
using lumi::test::error_of;
namespace fs = std::filesystem;

namespace {

std::int64_t number(Database& database, const std::string& sql) {
  Query query(database, sql);
  REQUIRE(query.next());
  return query.integer();
}

std::string text(Database& database, const std::string& sql) {
  Query query(database, sql);
  REQUIRE(query.next());
  return query.text();
}

}  // namespace

TEST_CASE("reading where there is no database creates nothing") {
  const lumi::test::TempDir folder;
  const Home home(folder / "home");
  CHECK(Database::find(home) == nullptr);
  lumi::store::DatabaseProvider databases(home);
  CHECK(databases.find() == nullptr);
  CHECK_FALSE(fs::exists(home.path()));
  fs::create_directory(home.path());
  CHECK(Database::find(home) == nullptr);
  CHECK(fs::is_empty(home.path()));
}

TEST_CASE("writing creates a private database in WAL mode that is lumi's") {
  const lumi::test::TempDir folder;
  const Home home(folder / "deep" / "home");
  const auto mask = ::umask(0);
  {
    const auto database = Database::open(home);
    CHECK(number(*database, "PRAGMA application_id") == 0x4C554D49);
    CHECK(number(*database, "PRAGMA user_version") == static_cast<int>(lumi::store::all_migrations().size()));
    CHECK(text(*database, "PRAGMA journal_mode") == "wal");
    CHECK(number(*database, "PRAGMA synchronous") == 2);
    CHECK(number(*database, "PRAGMA foreign_keys") == 1);
    CHECK(number(*database, "PRAGMA trusted_schema") == 0);
    CHECK(number(*database, "PRAGMA cell_size_check") == 1);
    CHECK(number(*database, "PRAGMA journal_size_limit") == 4 * 1024 * 1024);
    CHECK(database->access() == Access::write);
    database->set_durability(lumi::store::Durability::normal);
    CHECK(number(*database, "PRAGMA synchronous") == 1);
    DatasetRepository(*database).insert(dataset_record(1));
    CHECK(lumi::test::mode_of(home.path() / "lumi.db-wal") == 0600);
  }
  ::umask(mask);
  CHECK(lumi::test::mode_of(home.path()) == 0700);
  CHECK(lumi::test::mode_of(home.database_path()) == 0600);
  // The last writer leaves one file behind.
  CHECK(std::distance(fs::directory_iterator(home.path()), fs::directory_iterator()) == 1);
  const auto reader = Database::find(home);
  REQUIRE(reader != nullptr);
  CHECK(reader->access() == Access::read);
  CHECK(DatasetRepository(*reader).count() == 1);
}

TEST_CASE("a reader cannot write") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  Database::open(home);
  const auto reader = Database::find(home);
  const auto error = error_of([&] { DatasetRepository(*reader).insert(dataset_record(1)); }).value();
  CHECK(error.code() == ErrorCode::permission);
  CHECK(reader->transaction([&] { return DatasetRepository(*reader).count(); }) == 0);
}

TEST_CASE("a transaction is kept as a whole or not at all") {
  const lumi::test::TempDir folder;
  const auto database = Database::open(Home(folder.path()));
  DatasetRepository datasets(*database);
  const auto count = database->transaction([&] {
    datasets.insert(dataset_record(1));
    database->transaction([&] { datasets.insert(dataset_record(2)); });
    return datasets.count();
  });
  CHECK(count == 2);
  CHECK_THROWS_AS(database->transaction([&] {
    datasets.insert(dataset_record(3));
    throw std::runtime_error("halfway");
  }),
                  std::runtime_error);
  CHECK(datasets.count() == 2);
  database->transaction([&] { datasets.insert(dataset_record(4)); });
  CHECK(datasets.count() == 3);
}

TEST_CASE("a transaction that is thrown out of an inner one is undone as a whole") {
  const lumi::test::TempDir folder;
  const auto database = Database::open(Home(folder.path()));
  DatasetRepository datasets(*database);
  CHECK_THROWS(database->transaction([&] {
    datasets.insert(dataset_record(1));
    database->transaction([&] { throw Error(ErrorCode::failure, "inner"); });
  }));
  CHECK(datasets.count() == 0);
}

TEST_CASE("a transaction that reads first sees what others wrote before it") {
  const lumi::test::TempDir folder;
  const Home home(folder.path());
  const auto one = Database::open(home);
  const auto two = Database::open(home);
  CHECK(DatasetRepository(*one).count() == 0);
  DatasetRepository(*two).insert(dataset_record(1));
  one->transaction([&] {
    CHECK(DatasetRepository(*one).count() == 1);
    DatasetRepository(*one).insert(dataset_record(2));
  });
  CHECK(DatasetRepository(*two).count() == 2);
}

TEST_CASE("a file that is not lumi's database is damaged, and stays as it is") {
  const lumi::test::TempDir folder;
  const Home home(folder / "home");
  fs::create_directory(home.path());
  std::string content;
  std::string what;
  SUBCASE("empty") { what = "the file is empty"; }
  SUBCASE("text") {
    content = std::string(5000, 'x');
    what = "not an SQLite database";
  }
  SUBCASE("short") {
    content = "SQLite";
    what = "not an SQLite database";
  }
  SUBCASE("another program's database") {
    SQLite::Database other((folder / "other.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("CREATE TABLE datasets (id TEXT)");
    content = lumi::read_file(folder / "other.db");
    what = "not a database of lumi";
  }
  SUBCASE("no schema") {
    SQLite::Database other((folder / "other.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("PRAGMA application_id = 0x4C554D49; CREATE TABLE datasets (id TEXT)");
    content = lumi::read_file(folder / "other.db");
    what = "its schema has no version";
  }
  lumi::write_file(home.database_path(), content, lumi::Overwrite::no, lumi::Durable::no);
  for (const bool write : {false, true}) {
    const auto error = error_of([&] { write ? Database::open(home) : Database::find(home); }).value();
    CHECK(error.code() == ErrorCode::storage);
    CHECK(std::string(error.what()).find(what) != std::string::npos);
    CHECK(std::string(error.what()).find(home.database_path().string()) != std::string::npos);
    CHECK(error.hint().find("lumi doctor") != std::string::npos);
    CHECK(lumi::read_file(home.database_path()) == content);
  }
}

TEST_CASE("the journal of another database is not replayed") {
  const lumi::test::TempDir folder;
  const Home home(folder / "home");
  { DatasetRepository(*Database::open(home)).insert(dataset_record(1)); }
  const auto before = lumi::read_file(home.database_path());
  const auto pid = lumi::test::start_process([&] {
    SQLite::Database other((folder / "other.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(500000));");
    other.exec("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; UPDATE t SET x = zeroblob(600000);");
    ::_exit(0);  // leaves a hot journal
  });
  lumi::test::wait_for_process(pid);
  REQUIRE(fs::file_size(folder / "other.db-journal") > 0);
  fs::copy_file(folder / "other.db-journal", home.path() / "lumi.db-journal");
  CHECK(code_of([&] { Database::open(home); }) == ErrorCode::storage);
  CHECK(code_of([&] { Database::find(home); }) == ErrorCode::storage);
  CHECK(lumi::read_file(home.database_path()) == before);
  fs::remove(home.path() / "lumi.db-journal");
  CHECK(DatasetRepository(*Database::find(home)).count() == 1);
}

TEST_CASE("the database is no symbolic link, the home may be one") {
  const lumi::test::TempDir folder;
  fs::create_directory(folder / "real");
  fs::create_directory_symlink(folder / "real", folder / "link");
  { DatasetRepository(*Database::open(Home(folder / "link"))).insert(dataset_record(1)); }
  CHECK(DatasetRepository(*Database::find(Home(folder / "link"))).count() == 1);
  fs::rename(folder / "real" / "lumi.db", folder / "elsewhere.db");
  fs::create_symlink(folder / "elsewhere.db", folder / "real" / "lumi.db");
  CHECK(code_of([&] { Database::open(Home(folder / "real")); }) == ErrorCode::storage);
  CHECK(code_of([&] { Database::find(Home(folder / "real")); }) == ErrorCode::storage);
}

TEST_CASE("a home below something that is no folder cannot be made") {
  const lumi::test::TempDir folder;
  lumi::write_file(folder / "file", "x", lumi::Overwrite::no, lumi::Durable::no);
  CHECK_THROWS_AS(Database::open(Home(folder / "file")), Error);
  CHECK_THROWS_AS(Database::open(Home(folder / "file" / "home")), Error);
}

TEST_CASE("the provider opens what is asked for, once") {
  const lumi::test::TempDir folder;
  lumi::store::DatabaseProvider databases{Home(folder.path())};
  auto& writer = databases.get();
  CHECK(&databases.get() == &writer);
  CHECK(databases.find() == &writer);
  lumi::store::DatabaseProvider others{Home(folder.path())};
  auto* reader = others.find();
  REQUIRE(reader != nullptr);
  CHECK(others.find() == reader);
  CHECK(reader->access() == Access::read);
  CHECK(others.get().access() == Access::write);
  CHECK(others.find() == &others.get());
}
