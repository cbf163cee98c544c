#include "core/services/backup.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/services/backup_archive.hpp"
#include "core/services/work_folder.hpp"
#include "store/database_check.hpp"
#include "store/database_copy.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <array>
#include <memory>
#include <vector>

namespace lumi::services {

namespace {

namespace fs = std::filesystem;

/// The files of a job's folder that are worth keeping.
constexpr std::array<const char*, 2> k_job_files{"job.log", "journal.jsonl"};

Error bad_object(const store::ObjectReference& reference, const std::string& what) {
  return {ErrorCode::storage,
          "object " + quote(reference.object_key) + " of " + reference.owner_type + " " + quote(reference.owner_id) +
              " is " + what,
          "delete the " + reference.owner_type + ", or make the backup with --no-objects"};
}

/// Makes one backup.
class Backup {
public:
  Backup(const BackupService::Dependencies& with, store::Database& database, const store::Home& copy)
      : with_(with), database_(database), home_(copy) {}

  /// Takes a picture of the database.
  void copy_rows() {
    store::copy_database(database_, home_);
    copy_ = store::Database::open(home_);
    if (const auto problems = store::check_database(*copy_); !problems.empty()) {
      throw Error(ErrorCode::storage,
                  "the database " + quote(database_.home().database_path().string()) + " is damaged",
                  "'lumi doctor' says more");
    }
    summary_.datasets = store::DatasetRepository(*copy_).count();
    summary_.jobs = store::JobRepository(*copy_).count();
  }

  void write(BackupWriter& writer, WithObjects with_objects) {
    if (with_objects == WithObjects::yes) {
      write_objects(writer);
    }
    write_job_files(writer);
    copy_.reset();
    FileSource rows(home_.database_path());
    summary_.size_bytes += writer.add("lumi.db", rows, rows.size()).size_bytes;
    writer.finish();
  }

  const BackupSummary& summary() const { return summary_; }

private:
  void write_objects(BackupWriter& writer) {
    std::vector<store::ObjectReference> references;
    store::GarbageRepository(*copy_).visit_references(
        [&](const store::ObjectReference& reference) { references.push_back(reference); });
    for (const auto& reference : references) {
      write_object(writer, reference);
    }
  }

  void write_object(BackupWriter& writer, const store::ObjectReference& reference) {
    auto& objects = with_.objects.at(reference.storage_url);
    const auto info = objects.find(reference.object_key);
    if (!info) {
      if (!store::GarbageRepository(database_).is_referenced(reference.storage_url, reference.object_key)) {
        forget(reference);  // deleted since the picture was taken
        return;
      }
      throw bad_object(reference, "missing");
    }
    const auto source = objects.open(reference.object_key);
    const auto file = writer.add("objects/" + reference.object_key, *source, info->size_bytes);
    if (!reference.sha256.empty() && file.sha256 != reference.sha256) {
      throw bad_object(reference, "damaged");
    }
    ++summary_.objects;
    summary_.size_bytes += file.size_bytes;
  }

  void forget(const store::ObjectReference& reference) {
    if (reference.owner_type == "dataset") {
      store::DatasetRepository(*copy_).remove(reference.owner_id);
    } else if (reference.owner_type == "job") {
      store::JobRepository(*copy_).remove(reference.owner_id);
    } else {
      forget_workflow(reference.owner_id);
    }
  }

  // Whoever removed it has removed its jobs as well.
  void forget_workflow(const std::string& id) {
    store::JobRepository jobs(*copy_);
    for (const auto& job : jobs.list({.workflow_id = id}, {0, 0}).items) {
      jobs.remove(job.id);
    }
    store::WorkflowRepository(*copy_).remove(id);
  }

  void write_job_files(BackupWriter& writer) {
    for (const auto& job : store::JobRepository(*copy_).list({}, {0, 0}).items) {
      for (const char* name : k_job_files) {
        const auto path = database_.home().job_folder(job.id) / name;
        if (std::error_code ignored; !fs::is_regular_file(fs::symlink_status(path, ignored))) {
          continue;
        }
        FileSource source(path);
        summary_.size_bytes += writer.add("jobs/" + job.id + "/" + name, source, source.size()).size_bytes;
      }
    }
  }

  const BackupService::Dependencies& with_;
  store::Database& database_;
  store::Home home_;
  std::unique_ptr<store::Database> copy_;
  BackupSummary summary_;
};

}  // namespace

BackupSummary
BackupService::create(const fs::path& file, WithObjects with_objects, Overwrite overwrite, BackupProgress progress) {
  auto* database = with_.databases.find();
  if (database == nullptr) {
    throw Error(ErrorCode::not_found,
                "there is nothing to back up in " + quote(with_.databases.home().path().string()));
  }
  if (std::error_code ignored; overwrite == Overwrite::no && fs::exists(fs::symlink_status(file, ignored))) {
    throw Error(
        ErrorCode::conflict, quote(file.string()) + " exists", "choose another name, or give --force to replace it");
  }
  const WorkFolder folder(file.has_parent_path() ? file.parent_path() : fs::path("."), with_.ids);
  Backup backup(with_, *database, store::Home(folder.path()));
  backup.copy_rows();
  AtomicFile archive(file, overwrite, Durable::yes);
  const auto now = with_.clock.now();
  BackupWriter writer(archive, now);
  writer.on_progress = std::move(progress);
  backup.write(writer, with_objects);
  archive.commit();
  auto summary = backup.summary();
  summary.created_at = to_rfc3339(now);
  return summary;
}

}  // namespace lumi::services
