#include "base/tar.hpp"
#include "core/services/backup.hpp"
#include "core/services/backup_archive.hpp"
#include "store/database_check.hpp"
#include "store/job_lock.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "support/errors.hpp"
#include "support/file_mode.hpp"
#include "support/processes.hpp"
#include "support/scale.hpp"
#include "support/service_home.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include <sys/stat.h>

using lumi::ErrorCode;
using lumi::Overwrite;
using lumi::services::BackupService;
using lumi::services::Replace;
using lumi::services::WithObjects;
using lumi::test::code_of;
using lumi::test::error_of;
using lumi::test::plant;
using lumi::test::ServiceHome;
namespace fs = std::filesystem;

namespace {

struct BackupFixture : ServiceHome {
  BackupService backups{{databases, objects, clock, ids}};
  fs::path file = folder / "backup.tar";

  lumi::services::BackupSummary back_up() { return backups.create(file, WithObjects::yes, Overwrite::no); }
};

bool is_bare(const fs::path& path) { return !fs::exists(path) || fs::is_empty(path); }

}  // namespace

TEST_CASE_FIXTURE(BackupFixture, "a home comes back from its backup as it was") {
  const auto one = add_dataset("\xC3\xA4/" + std::string(180, 'x') + ".csv");
  const auto two = add_dataset();
  const auto job = add_job();
  std::uint64_t reported = 0;
  const auto made =
      backups.create(file, WithObjects::yes, Overwrite::no, [&](std::uint64_t bytes) { reported = bytes; });
  CHECK(made.datasets == 2);
  CHECK(made.jobs == 1);
  CHECK(made.objects == 3);
  CHECK(reported == made.size_bytes);
  CHECK(lumi::test::mode_of(file) == 0600);

  BackupFixture other;
  const auto restored = other.backups.restore(file, Replace::no);
  CHECK(restored.datasets == 2);
  CHECK(restored.jobs == 1);
  CHECK(restored.objects == 3);
  CHECK(restored.created_at == made.created_at);
  CHECK_FALSE(restored.replaced_database.has_value());
  for (const auto& dataset : {one, two}) {
    CHECK(other.datasets.get(dataset.id).sha256 == dataset.sha256);
    CHECK(other.object_text(dataset.object_key) == object_text(dataset.object_key));
  }
  CHECK(other.object_text(*job.result_key) == object_text(*job.result_key));
  CHECK(lumi::read_file(other.home.job_folder(job.id) / "job.log") == "done\n");
  CHECK(lumi::store::journal_mode(other.databases.get()) == "wal");
  CHECK(lumi::store::check_database(other.databases.get()).empty());
  other.add_dataset();
  CHECK(other.datasets.list({}).total == 3);
  for (const auto& entry : fs::directory_iterator(other.home.path())) {
    CHECK_FALSE(entry.path().filename().string().starts_with(".lumi-"));
  }
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 2);
}

TEST_CASE_FIXTURE(BackupFixture, "tar can read a backup") {
  add_dataset("with \xC3\xA4 and much more that makes it long " + std::string(100, 'y') + ".csv");
  back_up();
  const auto folder_name = (folder / "unpacked").string();
  fs::create_directory(folder_name);
  const auto command = "tar -xf '" + file.string() + "' -C '" + folder_name + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK(fs::exists(folder / "unpacked" / "manifest.json"));
  const auto dataset = datasets.list({}).items.at(0);
  CHECK(lumi::read_file(folder / "unpacked" / "objects" / dataset.object_key) == object_text(dataset.object_key));
}

TEST_CASE_FIXTURE(BackupFixture, "a backup without objects holds the rows") {
  add_dataset();
  CHECK(backups.create(file, WithObjects::no, Overwrite::no).objects == 0);
  BackupFixture other;
  CHECK(other.backups.restore(file, Replace::no).datasets == 1);
  CHECK(other.datasets.list({}).total == 1);
}

TEST_CASE_FIXTURE(BackupFixture, "there is no backup of nothing, of damage, or over another file") {
  CHECK(code_of([&] { back_up(); }) == ErrorCode::not_found);
  CHECK_FALSE(fs::exists(home.path()));
  const auto dataset = add_dataset();
  plant(file, "precious");
  CHECK(code_of([&] { back_up(); }) == ErrorCode::conflict);
  CHECK(lumi::read_file(file) == "precious");
  fs::remove(file);
  SUBCASE("damaged") { plant(object_path(dataset.object_key), "something else"); }
  SUBCASE("missing") { fs::remove(object_path(dataset.object_key)); }
  const auto error = error_of([&] { back_up(); }).value();
  CHECK(error.code() == ErrorCode::storage);
  CHECK(std::string(error.what()).find(dataset.id) != std::string::npos);
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE_FIXTURE(BackupFixture, "a home that holds something is not replaced unless that is asked for") {
  const auto dataset = add_dataset();
  back_up();
  const auto younger = add_dataset("younger.csv");
  CHECK(code_of([&] { backups.restore(file, Replace::no); }) == ErrorCode::conflict);
  CHECK(datasets.list({}).total == 2);
  lumi::services::BackupSummary restored;
  {
    lumi::store::DatabaseProvider fresh(home);
    BackupService own({fresh, objects, clock, ids});
    // Connections of this process count as those of others.
    databases.~DatabaseProvider();
    new (&databases) lumi::store::DatabaseProvider(home);
    restored = own.restore(file, Replace::yes);
  }
  REQUIRE(restored.replaced_database.has_value());
  CHECK(datasets.list({}).total == 1);
  CHECK(datasets.get(dataset.id).id == dataset.id);
  fs::create_directory(folder / "old");
  fs::rename(*restored.replaced_database, folder / "old" / "lumi.db");
  const auto old = lumi::store::Database::find(lumi::store::Home(folder / "old"));
  CHECK(lumi::store::DatasetRepository(*old).find(younger.id).has_value());
}

TEST_CASE_FIXTURE(BackupFixture, "a home whose job is running is not replaced") {
  add_dataset();
  back_up();
  const auto lock = lumi::store::JobLock::try_acquire(home, ids.uuid(), clock);
  CHECK(code_of([&] { backups.restore(file, Replace::yes); }) == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(BackupFixture, "a damaged backup changes nothing") {
  add_dataset();
  add_job();
  back_up();
  const auto whole = lumi::read_file(file);
  const auto refused = [&](const std::string& content) {
    plant(file, content);
    BackupFixture other;
    const auto code = code_of([&] { other.backups.restore(file, Replace::no); });
    const bool is_as_before = is_bare(other.home.objects_folder()) && !fs::exists(other.home.database_path());
    if (!code) {
      return other.datasets.list({}).total == 1;  // a byte that means nothing: padding, a time
    }
    return (*code == ErrorCode::invalid_input || *code == ErrorCode::storage) && is_as_before;
  };
  CHECK(refused(""));
  CHECK(refused("no backup"));
  CHECK(refused(std::string(4096, '\0')));
  CHECK(refused(whole.substr(0, whole.size() / 2)));
  CHECK(refused(whole.substr(0, whole.size() - 2048)));
  CHECK(refused(whole + whole));
  const auto step = std::max<std::size_t>(1, whole.size() / static_cast<std::size_t>(lumi::test::loops(40, 2000)));
  for (std::size_t at = 0; at < whole.size(); at += step) {
    CAPTURE(at);
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    CHECK(refused(damaged));
  }
}

TEST_CASE_FIXTURE(BackupFixture, "a backup cannot write outside of the home") {
  for (const std::string name :
       {"../outside", "objects/../../outside", "/outside", "jobs/../lock", "lumi.db-wal", "objects", "config.yaml"}) {
    CAPTURE(name);
    {
      lumi::AtomicFile out(file, Overwrite::yes, lumi::Durable::no);
      lumi::services::BackupWriter writer(out, clock.now());
      lumi::TextSource text("bad");
      writer.add(name, text, 3);
      writer.finish();
      out.commit();
    }
    BackupFixture other;
    CHECK(code_of([&] { other.backups.restore(file, Replace::no); }) == ErrorCode::invalid_input);
    CHECK_FALSE(fs::exists(other.folder / "outside"));
    CHECK(is_bare(other.home.path()));
  }
}

TEST_CASE_FIXTURE(BackupFixture, "a backup made while others create is consistent") {
  add_dataset();
  const int creators = lumi::test::loops(4, 16);
  std::vector<pid_t> pids;
  for (int i = 0; i < creators; ++i) {
    pids.push_back(lumi::test::start_process([&] {
      lumi::store::DatabaseProvider own(home);
      lumi::services::DatasetService service({own, objects, clock, ids});
      for (int k = 0; k < 5; ++k) {
        lumi::TextSource source("examples\nx\n");
        lumi::services::CreateOptions options;
        options.filename = "c.csv";
        const auto record = service.create(source, options).dataset;
        if (k % 2 == 0) {
          service.remove(record.id, lumi::services::Force::no);
        }
      }
    }));
  }
  for (int round = 0; round < 3; ++round) {
    backups.create(file, WithObjects::yes, Overwrite::yes);
    BackupFixture other;
    other.backups.restore(file, Replace::no);
    for (const auto& dataset : other.datasets.list({0, 0}).items) {
      CHECK(fs::exists(other.object_path(dataset.object_key)));
    }
  }
  for (const auto pid : pids) {
    CHECK(lumi::test::wait_for_process(pid) == 0);
  }
}
