#include "core/services/gc.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/interrupt.hpp"
#include "core/services/garbage.hpp"
#include "store/files/local_object_store.hpp"
#include "store/folder_lock.hpp"
#include "store/job_lock.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <filesystem>
#include <functional>
#include <system_error>

#include <sys/stat.h>

namespace lumi::services {

namespace {

namespace fs = std::filesystem;

const std::string k_own_url = "file:";

/// Runs `removal` unless nothing is to change; what goes wrong is noted in the item.
void remove_item(GcReport& report, GarbageItem item, DryRun dry_run, const std::function<void()>& removal) {
  throw_if_interrupted();
  if (dry_run == DryRun::no) {
    try {
      removal();
    } catch (const Error& error) {
      item.error = error.what();
    } catch (const fs::filesystem_error& error) {
      item.error = error.code().message();
    }
  }
  report.items.push_back(std::move(item));
}

/// Whether `name` can be the id of a job or of a workflow.
bool is_id(const std::string& name) {
  constexpr std::size_t k_hex_id_size = 32;
  const auto uuid = normalize_uuid(name);
  return uuid == name || (uuid && name.size() == k_hex_id_size);
}

/// When the file or folder was last changed; nothing if there is none.
std::optional<Timestamp> changed_at(const fs::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    return std::nullopt;
  }
  return Timestamp{std::int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000};
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(fs::symlink_status(path, ignored))) {
    const auto size = fs::file_size(path, ignored);
    return ignored ? 0 : size;
  }
  std::uint64_t size = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path, ignored)) {
    if (entry.is_regular_file(ignored)) {
      size += entry.file_size(ignored);
    }
  }
  return size;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    entries.push_back(entry.path());
  }
  return entries;
}

}  // namespace

std::uint64_t GcReport::freed_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& item : items) {
    bytes += item.error.empty() ? item.size_bytes : 0;
  }
  return bytes;
}

std::uint64_t GcReport::failures() const {
  std::uint64_t count = 0;
  for (const auto& item : items) {
    count += item.error.empty() ? 0U : 1U;
  }
  return count;
}

GcReport GcService::collect(std::int64_t older_than_ms, DryRun dry_run) {
  GcReport report;
  if (with_.databases.find() == nullptr) {
    return report;
  }
  if (dry_run == DryRun::no) {
    with_.databases.get();
  }
  const Timestamp before{with_.clock.now().microseconds - older_than_ms * 1000};
  collect_deleted(report, dry_run);
  collect_unreferenced(report, before, dry_run);
  collect_temporary_objects(report, dry_run);
  collect_drafts(report, before, dry_run);
  collect_job_folders(report, before, dry_run);
  if (dry_run == DryRun::no) {
    const auto lock = store::lock_objects(with_.databases.home(), store::Sharing::exclusive);
    store::LocalObjectStore(with_.databases.home().objects_folder(), k_own_url).remove_empty_folders();
  }
  return report;
}

void GcService::collect_deleted(GcReport& report, DryRun dry_run) {
  store::GarbageRepository garbage(*with_.databases.find());
  for (const auto& record : garbage.list()) {
    GarbageItem item{GarbageKind::deleted_object, record.storage_url, record.object_key, 0, ""};
    try {
      const auto info = with_.objects.at(record.storage_url).find(record.object_key);
      item.size_bytes = info ? info->size_bytes : 0;
      if (dry_run == DryRun::no) {
        item.error = sweep(garbage, with_.objects, record).value_or("");
      }
    } catch (const Error& error) {
      item.error = error.what();
    }
    report.items.push_back(std::move(item));
  }
}

void GcService::collect_unreferenced(GcReport& report, Timestamp before, DryRun dry_run) {
  const auto& home = with_.databases.home();
  store::GarbageRepository garbage(*with_.databases.find());
  store::LocalObjectStore objects(home.objects_folder(), k_own_url);
  std::vector<store::ObjectInfo> found;
  objects.list("", [&](const store::ObjectInfo& info) {
    if (info.modified_at <= before && !garbage.is_referenced(k_own_url, info.key)) {
      found.push_back(info);
    }
  });
  for (const auto& info : found) {
    const auto lock = store::lock_objects(home, store::Sharing::exclusive);
    // Its row may have come since the first look; now none can.
    if (garbage.is_referenced(k_own_url, info.key)) {
      continue;
    }
    GarbageItem item{GarbageKind::unreferenced_object, k_own_url, info.key, info.size_bytes, ""};
    remove_item(report, std::move(item), dry_run, [&] { objects.remove(info.key); });
  }
}

void GcService::collect_temporary_objects(GcReport& report, DryRun dry_run) {
  store::LocalObjectStore objects(with_.databases.home().objects_folder(), k_own_url);
  std::vector<store::ObjectInfo> found;
  objects.list_stale([&](const store::ObjectInfo& info) { found.push_back(info); });
  for (const auto& info : found) {
    GarbageItem item{GarbageKind::temporary_file, "", "objects/" + info.key, info.size_bytes, ""};
    remove_item(report, std::move(item), dry_run, [&] { objects.remove_stale(info.key); });
  }
}

void GcService::collect_drafts(GcReport& report, Timestamp before, DryRun dry_run) {
  const auto& home = with_.databases.home();
  // Drafts are made only under this lock: while it is held, none is in use.
  const auto lock = store::lock_home(home);
  for (const auto& path : entries_of(home.path())) {
    const auto name = path.filename().string();
    const bool is_draft = name.starts_with(".lumi-") && name.find(".part") != std::string::npos;
    const auto time = changed_at(path);
    if (is_draft && time && *time <= before) {
      GarbageItem item{GarbageKind::temporary_file, "", name, size_of(path), ""};
      remove_item(report, std::move(item), dry_run, [&] { fs::remove_all(path); });
    }
  }
}

void GcService::collect_job_folders(GcReport& report, Timestamp before, DryRun dry_run) {
  const auto& home = with_.databases.home();
  auto& database = *with_.databases.find();
  // Workflows have their locks and logs there, too.
  const auto has_row = [&](const std::string& id) {
    return store::JobRepository(database).find(id) || store::WorkflowRepository(database).find(id);
  };
  for (const auto& path : entries_of(home.jobs_folder())) {
    const auto id = path.filename().string();
    const auto time = changed_at(path);
    // A job's lock is taken before its row is inserted.
    if (!time || *time > before || !is_id(id) || store::JobLock::is_held(home, id) || has_row(id)) {
      continue;
    }
    GarbageItem item{GarbageKind::job_folder, "", "jobs/" + id, size_of(path), ""};
    remove_item(report, std::move(item), dry_run, [&] {
      // Whoever wants to work on the job now waits or makes the folder again.
      const auto lock = store::JobLock::try_acquire(home, id, with_.clock);
      if (lock && !has_row(id)) {
        fs::remove_all(path);
      }
    });
  }
}

}  // namespace lumi::services
