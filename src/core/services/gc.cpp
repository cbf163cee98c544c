#include "core/services/gc.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/interrupt.hpp"
#include "core/services/garbage.hpp"
#include "store/files/local_object_store.hpp"
#include "store/files/object_stores.hpp"
#include "store/folder_lock.hpp"
#include "store/job_lock.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include <sys/stat.h>

namespace lumi::services {

namespace {

namespace fs = std::filesystem;

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

GarbageItem item_of(const store::GarbageRecord& record) {
  const bool is_source = record.attempts == store::k_kept_source;
  return {is_source ? GarbageKind::copied_object : GarbageKind::deleted_object,
          record.storage_url,
          record.object_key,
          0,
          ""};
}

/// Whether a copy may yet go on with what it has sent of the object.
bool may_be_continued(const store::GarbageRecord& record, Timestamp before) {
  return !record.upload_id.empty() && record.created_at > before;
}

/// Leaves only notes of what is garbage in `records`: not what was never written, where somebody else may have an
/// object. Such notes are removed. Returns the items of the others.
std::vector<GarbageItem> take_garbage(store::GarbageRepository& garbage,
                                      store::ObjectStore& objects,
                                      std::vector<store::GarbageRecord>& records,
                                      DryRun dry_run) {
  std::vector<std::string> keys;
  keys.reserve(records.size());
  for (const auto& record : records) {
    keys.push_back(record.object_key);
  }
  const auto found = objects.find_many(keys);
  std::vector<store::GarbageRecord> ours;
  std::vector<GarbageItem> items;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& record = records[i];
    const bool is_ours = record.mark.empty() || (found[i] && found[i]->mark == record.mark);
    if (is_ours && !garbage.is_referenced(record.storage_url, record.object_key)) {
      items.push_back(item_of(record));
      items.back().size_bytes = found[i] ? found[i]->size_bytes : 0;
      ours.push_back(record);
    } else if (dry_run == DryRun::no) {
      garbage.remove(record.storage_url, record.object_key);
    }
  }
  records = std::move(ours);
  return items;
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

GcReport GcService::collect(std::int64_t older_than_ms, DryRun dry_run, CopiedSources sources) {
  GcReport report;
  if (with_.databases.find() == nullptr) {
    return report;
  }
  if (dry_run == DryRun::no) {
    with_.databases.get();
  }
  const Timestamp before{with_.clock.now().microseconds - older_than_ms * 1000};
  collect_deleted(report, before, dry_run, sources);
  collect_uploads(report, before, dry_run);
  collect_unreferenced(report, before, dry_run);
  collect_temporary_objects(report, dry_run);
  collect_drafts(report, before, dry_run);
  collect_job_folders(report, before, dry_run);
  if (dry_run == DryRun::no) {
    const auto lock = store::lock_objects(with_.databases.home(), store::Sharing::exclusive);
    store::LocalObjectStore(with_.databases.home().objects_folder(), store::k_home_storage).remove_empty_folders();
  }
  return report;
}

void GcService::collect_deleted(GcReport& report, Timestamp before, DryRun dry_run, CopiedSources sources) {
  constexpr std::size_t k_most_at_once = 500;
  std::map<std::string, std::vector<store::GarbageRecord>> by_storage;
  for (auto& record : store::GarbageRepository(*with_.databases.find()).list()) {
    if (record.attempts != store::k_kept_source || sources == CopiedSources::remove) {
      auto& records = by_storage[record.storage_url];
      records.push_back(std::move(record));
      if (records.size() == k_most_at_once) {
        collect_noted(report, std::exchange(records, {}), before, dry_run);
      }
    }
  }
  for (const auto& [url, records] : by_storage) {
    collect_noted(report, records, before, dry_run);
  }
}

/// Removes objects of one storage that are noted as garbage.
void GcService::collect_noted(GcReport& report,
                              const std::vector<store::GarbageRecord>& listed,
                              Timestamp before,
                              DryRun dry_run) {
  throw_if_interrupted();
  // A row may be on its way: whoever writes it holds this lock, and takes the note back.
  const auto lock = store::lock_objects(with_.databases.home(), store::Sharing::exclusive);
  store::GarbageRepository garbage(*with_.databases.find());
  std::vector<store::GarbageRecord> records;
  for (const auto& record : listed) {
    auto still = garbage.find(record.storage_url, record.object_key);
    if (still && !may_be_continued(*still, before)) {
      records.push_back(*std::move(still));
    }
  }
  if (records.empty()) {
    return;
  }
  std::vector<GarbageItem> items;
  try {
    auto& objects = with_.objects.at(records.front().storage_url);
    items = take_garbage(garbage, objects, records, dry_run);
    if (dry_run == DryRun::no) {
      const auto errors = sweep_many(garbage, with_.databases.get(), objects, records);
      for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].error = errors[i];
      }
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) {
      throw;
    }
    items.clear();
    for (const auto& record : records) {
      items.push_back(item_of(record));
      items.back().error = error.what();
      if (dry_run == DryRun::no) {
        garbage.note_failure(record.storage_url, record.object_key, error.what());
      }
    }
  }
  std::ranges::move(items, std::back_inserter(report.items));
}

void GcService::collect_unreferenced(GcReport& report, Timestamp before, DryRun dry_run) {
  const auto& home = with_.databases.home();
  store::GarbageRepository garbage(*with_.databases.find());
  store::LocalObjectStore objects(home.objects_folder(), store::k_home_storage);
  std::vector<store::ObjectInfo> found;
  objects.list("", [&](const store::ObjectInfo& info) {
    if (info.modified_at <= before && !garbage.is_referenced(store::k_home_storage, info.key) &&
        !garbage.is_kept_source(store::k_home_storage, info.key)) {
      found.push_back(info);
    }
  });
  for (const auto& info : found) {
    const auto lock = store::lock_objects(home, store::Sharing::exclusive);
    // Its row may have come since the first look; now none can.
    if (garbage.is_referenced(store::k_home_storage, info.key)) {
      continue;
    }
    GarbageItem item{GarbageKind::unreferenced_object, store::k_home_storage, info.key, info.size_bytes, ""};
    remove_item(report, std::move(item), dry_run, [&] { objects.remove(info.key); });
  }
}

void GcService::collect_uploads(GcReport& report, Timestamp before, DryRun dry_run) {
  store::GarbageRepository garbage(*with_.databases.find());
  std::set<std::string> urls{with_.objects.url_for_new()};
  garbage.visit_references([&](const store::ObjectReference& reference) { urls.insert(reference.storage_url); });
  for (const auto& record : garbage.list()) {
    urls.insert(record.storage_url);
  }
  for (const auto& item : report.items) {
    if (!item.error.empty()) {
      urls.erase(item.storage_url);  // one error of a storage is enough, and may have taken its time
    }
  }
  for (const auto& url : urls) {
    try {
      collect_uploads_to(url, report, before, dry_run);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::interrupted) {
        throw;
      }
      report.items.push_back({GarbageKind::unfinished_upload, url, "", 0, error.what()});
    }
  }
}

void GcService::collect_uploads_to(const std::string& url, GcReport& report, Timestamp before, DryRun dry_run) {
  // A bucket may hold what is none of ours.
  constexpr std::array<const char*, 3> k_own_prefixes{"datasets/", "jobs/results/", "workflows/results/"};
  auto& objects = with_.objects.at(url);
  std::set<std::string> continued;
  // However old, while a copy is at work its uploads are not left behind.
  const auto lock = store::try_lock_moving(with_.databases.home());
  for (const auto& record : store::GarbageRepository(*with_.databases.find()).list()) {
    if (record.storage_url == url && (!lock || may_be_continued(record, before))) {
      continued.insert(record.upload_id);
    }
  }
  for (const auto* prefix : k_own_prefixes) {
    std::vector<store::UnfinishedObject> found;
    objects.list_unfinished(prefix, [&](const store::UnfinishedObject& object) {
      if (object.started_at <= before && !continued.contains(object.id)) {
        found.push_back(object);
      }
    });
    for (const auto& object : found) {
      GarbageItem item{GarbageKind::unfinished_upload, url, object.key, 0, ""};
      remove_item(report, std::move(item), dry_run, [&] { objects.remove_unfinished(object); });
    }
  }
}

void GcService::collect_temporary_objects(GcReport& report, DryRun dry_run) {
  store::LocalObjectStore objects(with_.databases.home().objects_folder(), store::k_home_storage);
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
