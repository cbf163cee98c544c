#include "base/error.hpp"
#include "base/text.hpp"
#include "core/services/backup.hpp"
#include "core/services/backup_archive.hpp"
#include "core/services/work_folder.hpp"
#include "store/database_check.hpp"
#include "store/database_copy.hpp"
#include "store/files/local_object_store.hpp"
#include "store/files/object_key.hpp"
#include "store/files/object_stores.hpp"
#include "store/job_lock.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"

#include <cerrno>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace lumi::services {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_objects = "objects/";
constexpr std::string_view k_jobs = "jobs/";
constexpr std::string_view k_database = "lumi.db";

bool has_entries(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder, ignored) && fs::directory_iterator(folder, ignored) != fs::directory_iterator();
}

void check_free(const store::Home& home, Replace replace) {
  std::error_code ignored;
  const bool holds_something = fs::exists(fs::symlink_status(home.database_path(), ignored)) ||
                               has_entries(home.objects_folder()) || has_entries(home.jobs_folder());
  if (holds_something && replace == Replace::no) {
    throw Error(ErrorCode::conflict,
                "the home " + quote(home.path().string()) + " holds something",
                "choose another with --home, or give --force to replace it");
  }
  for (const auto& entry : fs::directory_iterator(home.jobs_folder(), ignored)) {
    if (store::JobLock::is_held(home, entry.path().filename().string())) {
      throw Error(ErrorCode::conflict,
                  "job " + quote(entry.path().filename().string()) + " is running",
                  "wait for it, or stop it");
    }
  }
}

/// jobs/ID/FILE, and nothing that could lead elsewhere.
bool is_job_file(std::string_view name) {
  const auto parts = split(name, '/');
  return parts.size() == 3 && normalize_uuid(parts[1]) == parts[1] &&
         (parts[2] == "job.log" || parts[2] == "journal.jsonl");
}

/// Unpacks a backup beside what the home holds.
class Staging {
public:
  Staging(BackupReader& reader, const std::string& archive, const fs::path& folder)
      : reader_(reader), archive_(archive), home_(folder), objects_(home_.objects_folder(), store::k_home_storage) {}

  void unpack(const BackupProgress& progress) {
    while (const auto name = reader_.next()) {
      unpack_file(*name);
      files_.push_back(*name);
      if (progress) {
        progress(summary_.size_bytes);
      }
    }
    if (!fs::exists(home_.database_path())) {
      throw Error(ErrorCode::invalid_input, quote(archive_) + " is no whole backup of lumi: it has no database");
    }
  }

  /// Makes the database one of this version and of this home.
  void fit_rows() {
    const auto database = store::Database::open(home_);
    if (!store::check_database(*database).empty()) {
      throw Error(ErrorCode::storage, "the database in " + quote(archive_) + " is damaged");
    }
    move_references(*database);
    store::set_journal_mode(*database);
    summary_.datasets = store::DatasetRepository(*database).count();
    summary_.jobs = store::JobRepository(*database).count();
  }

  /// Moves the files into `home`; the database not yet.
  void move_files_to(const store::Home& home) {
    for (const auto& name : files_) {
      if (name == k_database) {
        continue;
      }
      const auto target = home.path() / name;
      make_durable_folder(target.parent_path());
      if (::rename((home_.path() / name).c_str(), target.c_str()) != 0) {
        throw system_error(errno, "cannot write " + quote(target.string()));
      }
      sync_folder(target.parent_path());
    }
  }

  fs::path database_path() const { return home_.database_path(); }
  const BackupSummary& summary() const { return summary_; }

private:
  void unpack_file(const std::string& name) {
    if (name.starts_with(k_objects)) {
      const auto writer = objects_.create(name.substr(k_objects.size()));
      reader_.read(*writer);
      summary_.size_bytes += writer->commit().size_bytes;
      ++summary_.objects;
      return;
    }
    if (name != k_database && !(name.starts_with(k_jobs) && is_job_file(name))) {
      throw Error(ErrorCode::invalid_input,
                  quote(archive_) + " is no whole backup of lumi: " + quote(name) + " is not part of one");
    }
    const auto path = home_.path() / name;
    make_private_folder(path.parent_path());
    AtomicFile file(path, Overwrite::no, Durable::yes);
    reader_.read(file);
    file.commit();
    summary_.size_bytes += fs::file_size(path);
  }

  void move_references(store::Database& database) {
    store::GarbageRepository references(database);
    std::vector<store::ObjectReference> elsewhere;
    references.visit_references([&](const store::ObjectReference& reference) {
      if (reference.storage_url != store::k_home_storage && objects_.find(reference.object_key)) {
        elsewhere.push_back(reference);
      }
    });
    database.transaction([&] {
      for (const auto& reference : elsewhere) {
        references.set_storage_url(reference, store::k_home_storage);
      }
    });
  }

  BackupReader& reader_;
  std::string archive_;
  store::Home home_;
  store::LocalObjectStore objects_;
  std::vector<std::string> files_;
  BackupSummary summary_;
};

}  // namespace

BackupSummary BackupService::restore(const fs::path& file, Replace replace, const BackupProgress& progress) {
  FileSource source(file);
  const auto& home = with_.databases.home();
  check_free(home, replace);
  BackupReader reader(source, file.string());
  home.create();
  BackupSummary summary;
  {
    const WorkFolder folder(home.path(), with_.ids);
    Staging staging(reader, file.string(), folder.path());
    staging.unpack(progress);
    staging.fit_rows();
    staging.move_files_to(home);
    summary = staging.summary();
    summary.replaced_database = store::replace_database(home, staging.database_path());
  }
  summary.created_at = reader.created_at();
  return summary;
}

}  // namespace lumi::services
