#include "base/file.hpp"
#include "store/database.hpp"
#include "store/files/local_object_store.hpp"
#include "store/query.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/errors.hpp"
#include "support/mounts.hpp"
#include "support/processes.hpp"
#include "support/records.hpp"
#include "support/scale.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <unistd.h>

using lumi::Error;
using lumi::ErrorCode;
using lumi::store::Database;
using lumi::store::DatasetRepository;
using lumi::store::GarbageRepository;
using lumi::store::Home;
using lumi::store::JobRepository;
using lumi::test::code_of;
using lumi::test::dataset_record;
using lumi::test::error_of;
using lumi::test::loops;
namespace fs = std::filesystem;

namespace {

void make_home(const Home& home, int rows) {
  const auto database = Database::open(home);
  for (int i = 0; i < rows; ++i) {
    DatasetRepository(*database).insert(dataset_record(i));
    JobRepository(*database).insert(lumi::test::job_record(i));
    GarbageRepository(*database).insert({"file:", std::to_string(i), {i}, 0, ""});
  }
}

/// Everything a reading command may do.
std::uint64_t read_everything(Database& database) {
  GarbageRepository(database).visit_references([](const auto&) {});
  GarbageRepository(database).list();
  JobRepository(database).list({}, {0, 0});
  JobRepository(database).list_unfinished();
  return DatasetRepository(database).list({0, 0}).items.size();
}

std::uint64_t count_datasets(const Home& home) { return read_everything(*Database::find(home)); }

void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Uses the damaged database in all ways: nothing but Errors that say what to do may come of it.
void use_damaged(const Home& home) {
  const auto expect_error = [](const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      const bool says_what = error.code() == ErrorCode::storage || error.code() == ErrorCode::permission ||
                             error.code() == ErrorCode::conflict;
      CAPTURE(error.what());
      CHECK(says_what);
    }
  };
  const auto before = lumi::read_file(home.database_path());
  expect_error([&] { count_datasets(home); });
  CHECK(lumi::read_file(home.database_path()) == before);
  expect_error([&] {
    const auto database = Database::open(home);
    read_everything(*database);
    database->transaction([&] {
      DatasetRepository(*database).insert(dataset_record(999));
      JobRepository(*database).insert(lumi::test::job_record(999));
    });
    DatasetRepository(*database).remove(DatasetRepository(*database).list({}).items.at(0).id);
  });
}

void remove_side_files(const Home& home) {
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    fs::remove(home.database_path().string() + suffix);
  }
}

}  // namespace

TEST_CASE("a read-only folder is read, and writing names the path") {
  const lumi::test::TempDir folder;
  fs::permissions(folder.path(), fs::perms(0755));
  const Home home(folder / "home");
  make_home(home, 3);
  bool is_readable = true;
  SUBCASE("read-only folder") {
    fs::permissions(home.database_path(), fs::perms(0644));
    fs::permissions(home.path(), fs::perms(0555));
  }
  SUBCASE("read-only file in it") {
    fs::permissions(home.database_path(), fs::perms(0444));
    fs::permissions(home.path(), fs::perms(0777));
  }
  SUBCASE("read-only file in a read-only folder") {
    fs::permissions(home.database_path(), fs::perms(0444));
    fs::permissions(home.path(), fs::perms(0555));
  }
  SUBCASE("side files are there") {
    { read_everything(*Database::find(home)); }
    REQUIRE(fs::exists(home.database_path().string() + "-shm"));
    fs::permissions(home.database_path(), fs::perms(0444));
    fs::permissions(home.database_path().string() + "-wal", fs::perms(0444));
    fs::permissions(home.database_path().string() + "-shm", fs::perms(0444));
    fs::permissions(home.path(), fs::perms(0555));
  }
  SUBCASE("no permission to read") {
    fs::permissions(home.database_path(), fs::perms(0));
    fs::permissions(home.path(), fs::perms(0555));
    is_readable = false;
  }
  SUBCASE("no permission to look into the folder") {
    fs::permissions(home.path(), fs::perms(0));
    is_readable = false;
  }
  const int code = lumi::test::run_unprivileged([&] {
    const auto outcome_of = [](const std::function<void()>& work) -> std::string {
      try {
        work();
      } catch (const Error& error) {
        return error.code() == ErrorCode::permission ? error.what() : std::string("wrong code: ") + error.what();
      }
      return "worked";
    };
    const auto path = home.database_path().string();
    const auto reading = outcome_of([&] {
      if (count_datasets(home) != 3) {
        throw std::runtime_error("rows are missing");
      }
    });
    const auto writing = outcome_of([&] { DatasetRepository(*Database::open(home)).insert(dataset_record(9)); });
    const bool is_right = (is_readable ? reading == "worked" : reading.find(path) != std::string::npos) &&
                          writing.find(path) != std::string::npos && !writing.starts_with("wrong");
    if (!is_right) {
      std::fprintf(stderr, "reading: %s\nwriting: %s\n", reading.c_str(), writing.c_str());
    }
    _exit(is_right ? 0 : 3);
  });
  CHECK(code == 0);
  fs::permissions(home.path(), fs::perms(0700));
  fs::permissions(home.database_path(), fs::perms(0600));
  CHECK(count_datasets(home) == 3);
}

TEST_CASE("changes that only a writable folder can show are not left out silently") {
  const lumi::test::TempDir folder;
  fs::permissions(folder.path(), fs::perms(0755));
  const Home home(folder / "home");
  make_home(home, 3);
  const auto pid = lumi::test::start_process([&] {
    const auto database = Database::open(home);
    DatasetRepository(*database).insert(dataset_record(9));
    ::raise(SIGKILL);
  });
  lumi::test::wait_for_process(pid);
  REQUIRE(fs::file_size(home.database_path().string() + "-wal") > 0);
  fs::remove(home.database_path().string() + "-shm");
  fs::permissions(home.database_path(), fs::perms(0644));
  fs::permissions(home.database_path().string() + "-wal", fs::perms(0644));
  fs::permissions(home.path(), fs::perms(0555));
  const int code = lumi::test::run_unprivileged([&] {
    try {
      _exit(count_datasets(home) == 4 ? 0 : 4);
    } catch (const Error& error) {
      _exit(error.code() == ErrorCode::permission ? 0 : 3);
    }
  });
  CHECK(code == 0);
  fs::permissions(home.path(), fs::perms(0700));
  CHECK(count_datasets(home) == 4);
}

TEST_CASE("a read-only mount is read, and writing names the path") {
  const lumi::test::TempDir folder;
  const lumi::test::SmallDisk disk(folder / "disk", "8m");
  if (!disk.is_mounted()) {
    MESSAGE("skipped: mounting needs root");
    return;
  }
  const Home home(folder / "disk" / "home");
  make_home(home, 3);
  REQUIRE(disk.make_read_only());
  CHECK(count_datasets(home) == 3);
  const auto error = error_of([&] { Database::open(home); }).value();
  CHECK(error.code() == ErrorCode::permission);
  CHECK(std::string(error.what()).find(home.database_path().string()) != std::string::npos);
  const auto absent = error_of([&] { Database::open(Home(folder / "disk" / "other")); }).value();
  CHECK(absent.code() == ErrorCode::permission);
  lumi::store::LocalObjectStore objects(home.objects_folder(), "file:");
  CHECK(code_of([&] { objects.create("a/b"); }) == ErrorCode::permission);
}

TEST_CASE("a full disk keeps what was there, and can be read") {
  const lumi::test::TempDir folder;
  const lumi::test::SmallDisk disk(folder / "disk", "512k");
  if (!disk.is_mounted()) {
    MESSAGE("skipped: mounting needs root");
    return;
  }
  const Home home(folder / "disk");
  std::uint64_t acknowledged = 0;
  const auto error =
      error_of([&] {
        make_home(home, 1);
        for (acknowledged = 1; acknowledged < 10'000; ++acknowledged) {
          DatasetRepository(*Database::open(home)).insert(dataset_record(static_cast<int>(acknowledged)));
        }
      }).value();
  CHECK(error.code() == ErrorCode::permission);
  CHECK(std::string(error.what()).find(home.database_path().string()) != std::string::npos);
  CHECK(acknowledged > 10);
  lumi::store::LocalObjectStore objects(home.objects_folder(), "file:");
  const auto full = error_of([&] {
                      const auto writer = objects.create("a/b");
                      for (int i = 0; i < 100; ++i) {
                        writer->write(std::string(65536, 'x'));
                      }
                      writer->commit();
                    }).value();
  CHECK(full.code() == ErrorCode::permission);
  CHECK_FALSE(objects.find("a/b").has_value());

  std::ofstream filler(folder / "disk" / "filler", std::ios::binary);
  while (filler.put('x').flush()) {
  }
  filler.close();
  for (const bool without_index : {false, true}) {
    if (without_index) {  // the WAL may hold rows, its index is made from it
      fs::remove(home.database_path().string() + "-shm");
      std::ofstream rest(folder / "disk" / "rest", std::ios::binary);
      while (rest.put('x').flush()) {
      }
    }
    CHECK(fs::space(folder / "disk").available == 0);
    CHECK(count_datasets(home) == acknowledged);
    CHECK(code_of([&] { DatasetRepository(*Database::open(home)).insert(dataset_record(1)); }) ==
          ErrorCode::permission);
    CHECK(count_datasets(home) == acknowledged);
  }
  REQUIRE(disk.resize("4m"));
  DatasetRepository(*Database::open(home)).insert(dataset_record(1));
  CHECK(count_datasets(home) == acknowledged + 1);
}

TEST_CASE("a database cut at any page is damaged, never a crash") {
  const lumi::test::TempDir folder;
  const Home home(folder / "home");
  make_home(home, 40);
  const auto whole = lumi::read_file(home.database_path());
  REQUIRE(whole.size() % 4096 == 0);
  int noticed = 0;
  for (std::size_t size = 0; size < whole.size(); size += 4096) {
    remove_side_files(home);
    write_bytes(home.database_path(), whole.substr(0, size));
    use_damaged(home);
    try {
      count_datasets(home);
    } catch (const Error& error) {
      noticed += error.code() == ErrorCode::storage ? 1 : 0;
    }
  }
  CHECK(noticed == static_cast<int>(whole.size() / 4096));
}

TEST_CASE("a flipped bit is damage or goes unnoticed, never a crash") {
  const lumi::test::TempDir folder;
  const Home home(folder / "home");
  make_home(home, 40);
  const auto whole = lumi::read_file(home.database_path());
  std::mt19937_64 random(20250601);
  for (int round = 0; round < loops(250, 5000); ++round) {
    // Half of the flips hit the header and the schema, which matter most.
    const std::size_t at = random() % (round % 2 == 0 ? whole.size() : std::size_t{8192});
    const auto mask = static_cast<unsigned char>(1U << (random() % 8));
    CAPTURE(at);
    CAPTURE(static_cast<int>(mask));
    auto damaged = whole;
    damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ mask);
    remove_side_files(home);
    write_bytes(home.database_path(), damaged);
    use_damaged(home);
  }
}

TEST_CASE("a random header, a foreign WAL and a lost WAL are survived") {
  const lumi::test::TempDir folder;
  const Home home(folder / "home");
  make_home(home, 5);
  const auto whole = lumi::read_file(home.database_path());
  std::mt19937_64 random(1);
  SUBCASE("random header") {
    for (int round = 0; round < loops(20, 500); ++round) {
      auto damaged = whole;
      for (std::size_t i = round % 2 == 0 ? 16 : 0; i < 100; ++i) {
        damaged[i] = static_cast<char>(random() & 0xFF);
      }
      write_bytes(home.database_path(), damaged);
      CHECK(code_of([&] { Database::find(home); }) == ErrorCode::storage);
      CHECK(code_of([&] { Database::open(home); }) == ErrorCode::storage);
      CHECK(lumi::read_file(home.database_path()) == damaged);
    }
  }
  SUBCASE("foreign WAL") {
    write_bytes(home.database_path().string() + "-wal", std::string(10'000, 'w'));
    CHECK(count_datasets(home) == 5);
    use_damaged(home);
  }
  SUBCASE("lost WAL") {
    const auto pid = lumi::test::start_process([&] {
      const auto database = Database::open(home);
      DatasetRepository(*database).insert(dataset_record(9));
      ::raise(SIGKILL);
    });
    lumi::test::wait_for_process(pid);
    fs::remove(home.database_path().string() + "-wal");
    CHECK(count_datasets(home) == 5);
    use_damaged(home);
  }
}

TEST_CASE("kill -9 while writing loses nothing that was acknowledged") {
  for (int round = 0; round < loops(20, 500); ++round) {
    const lumi::test::TempDir folder;
    const Home home(folder / "home");
    make_home(home, 0);
    const auto pid = lumi::test::start_process([&] {
      for (int i = 0;; ++i) {
        const auto record = dataset_record(i);
        DatasetRepository(*Database::open(home)).insert(record);
        lumi::write_file(folder / "acknowledged", std::to_string(i + 1), lumi::Overwrite::yes, lumi::Durable::no);
      }
    });
    ::usleep(static_cast<useconds_t>(20'000 + (round * 7919) % 60'000));
    ::kill(pid, SIGKILL);
    lumi::test::wait_for_process(pid);
    const auto count = count_datasets(home);
    const auto acknowledged =
        fs::exists(folder / "acknowledged") ? std::stoull(lumi::read_file(folder / "acknowledged")) : 0;
    CHECK(count >= acknowledged);
    CHECK(count <= acknowledged + 1);
    const auto database = Database::open(home);
    lumi::store::Query check(*database, "PRAGMA integrity_check");
    REQUIRE(check.next());
    CHECK(check.text() == "ok");
  }
}
