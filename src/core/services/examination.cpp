#include "core/services/examination.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "core/services/gc.hpp"
#include "core/services/network_examination.hpp"
#include "store/database_check.hpp"
#include "store/files/verified_source.hpp"
#include "store/network_folder.hpp"
#include "store/orphans.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include <sys/stat.h>
#include <unistd.h>

namespace lumi::services {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t k_little_space = 100'000'000;
constexpr std::uint64_t k_long_log = 64'000'000;
constexpr std::size_t k_most_lines = 20;
constexpr std::int64_t k_day_us = 86'400'000'000;
constexpr const char* k_salvage_hint = "'lumi doctor --salvage DIR' rescues what can be read; or restore a backup";

std::string octal(unsigned mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", mode);
  return text.data();
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

const char* name_of(GarbageKind kind) {
  switch (kind) {
  case GarbageKind::deleted_object:
    return "an object whose removal failed is still there";
  case GarbageKind::unreferenced_object:
    return "no row names the object";
  case GarbageKind::temporary_file:
    return "a process that is gone has left";
  case GarbageKind::job_folder:
    return "no job has the folder";
  case GarbageKind::unfinished_upload:
    return "an upload was never completed";
  case GarbageKind::copied_object:
    return "the object was copied elsewhere";
  }
  return "";
}

std::uint64_t file_size_or_zero(const fs::path& path) {
  std::error_code ignored;
  const auto size = fs::file_size(path, ignored);
  return ignored ? 0 : size;
}

}  // namespace

std::vector<fs::path> private_paths(const store::Home& home) {
  std::vector<fs::path> paths;
  const std::string database = home.database_path().string();
  for (const fs::path& path : {home.path(),
                               home.objects_folder(),
                               home.jobs_folder(),
                               home.database_path(),
                               fs::path(database + "-wal"),
                               fs::path(database + "-shm")}) {
    if (std::error_code ignored; fs::exists(fs::symlink_status(path, ignored))) {
      paths.push_back(path);
    }
  }
  return paths;
}

bool is_open_to_others(const fs::path& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && !S_ISLNK(info.st_mode) && (info.st_mode & 077U) != 0;
}

std::vector<Finding> Examination::run() {
  look_at_version();
  look_at_storage();
  for (auto& finding : examine_network()) {
    findings_.push_back(std::move(finding));
  }
  if (!look_at_home()) {
    return std::move(findings_);
  }
  look_at_disk();
  if (look_at_database()) {
    auto& database = *with_.databases.find();
    guarded("integrity", [&] { look_at_integrity(database); });
    guarded("objects", [&] { look_at_objects(database); });
    guarded("garbage", [&] { look_at_garbage(); });
    guarded("jobs", [&] { look_at_jobs(database); });
    guarded("clock", [&] { look_at_clock(database); });
  }
  return std::move(findings_);
}

void Examination::add(std::string check, FindingStatus status, std::string message, std::string hint) {
  findings_.push_back({std::move(check), status, std::move(message), std::move(hint)});
}

void Examination::guarded(const char* check, const std::function<void()>& look) {
  try {
    look();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::storage) {
      throw;
    }
    add(check, FindingStatus::damage, error.what(), k_salvage_hint);
  }
}

void Examination::look_at_version() {
  ok("version", "lumi " + std::string(k_version) + ", SQLite " + store::sqlite_version());
}

void Examination::look_at_storage() {
  const auto& url = with_.objects.url_for_new();
  if (url.starts_with("file:")) {
    return;
  }
  try {
    const auto access = with_.objects.for_new().access();
    ok("storage",
       url + " at " + access.endpoint + ", region " + access.region + ", credentials from " + access.credentials);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) {
      throw;
    }
    add("storage", FindingStatus::warning, error.what(), error.hint());
  }
}

bool Examination::look_at_home() {
  const auto& path = with_.databases.home().path();
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno != ENOENT) {
      throw system_error(errno, "cannot look at " + quote(path.string()));
    }
    ok("home", "there is no home yet in " + quote(path.string()));
    return false;
  }
  const auto before = findings_.size();
  if (info.st_uid != ::geteuid()) {
    add("home",
        FindingStatus::warning,
        quote(path.string()) + " belongs to user " + std::to_string(info.st_uid) + ", not to you",
        "use another with --home, or change the owner");
  }
  for (const auto& inner : private_paths(with_.databases.home())) {
    if (is_open_to_others(inner) && ::stat(inner.c_str(), &info) == 0) {
      add("home",
          FindingStatus::warning,
          "others may read or write " + quote(inner.string()) + " (mode " + octal(info.st_mode & 07777U) + ")",
          "'lumi doctor --repair' makes it private");
      findings_.back().remedy = Remedy::modes;
    }
  }
  if (findings_.size() == before) {
    ok("home", quote(path.string()) + " is private");
  }
  return true;
}

void Examination::look_at_disk() {
  const auto& path = with_.databases.home().path();
  std::error_code error;
  const auto space = fs::space(path, error);
  const auto text = store::file_system_name(path) + ", " + (error ? "?" : human_size(space.available)) + " free";
  if (!error && space.available < k_little_space) {
    add("disk", FindingStatus::warning, "the disk is almost full: " + text, "'lumi gc' frees what nothing uses");
  } else {
    ok("disk", text);
  }
}

bool Examination::look_at_database() {
  const auto& home = with_.databases.home();
  try {
    auto* database = with_.databases.find();
    if (database == nullptr) {
      std::error_code ignored;
      const bool has_objects =
          fs::exists(home.objects_folder(), ignored) && !fs::is_empty(home.objects_folder(), ignored);
      if (has_objects) {
        add("database",
            FindingStatus::damage,
            "there are objects, but no " + quote(home.database_path().string()),
            k_salvage_hint);
      } else {
        ok("database", "there is none yet");
      }
      return false;
    }
    look_at_journal(*database);
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::storage) {
      throw;
    }
    const bool is_newer = std::string_view(error.hint()).starts_with("upgrade");
    add("database", FindingStatus::damage, error.what(), is_newer ? error.hint() : k_salvage_hint);
    return false;
  }
}

void Examination::look_at_journal(store::Database& database) {
  const auto& home = with_.databases.home();
  const auto journal = store::journal_mode(database);
  if (journal == "wal" && store::is_network_folder(home.path())) {
    add("database",
        FindingStatus::warning,
        "its journal (wal) does not work where several machines use the home",
        "use it from one machine only, or a home on a local disk");
  }
  const auto log_size = file_size_or_zero(home.database_path().string() + "-wal");
  if (log_size > k_long_log) {
    add("database",
        FindingStatus::warning,
        "its write-ahead log has grown to " + human_size(log_size),
        "some process reads for very long; it shrinks when all have ended");
  }
  ok("database",
     "schema " + std::to_string(store::schema_version(database)) + ", journal " + journal + ", " +
         human_size(file_size_or_zero(home.database_path())));
}

void Examination::look_at_integrity(store::Database& database) {
  const auto problems = store::check_database(database);
  const auto report = [&](const std::vector<std::string>& lines, Remedy remedy, const char* hint) {
    for (std::size_t i = 0; i < std::min(lines.size(), k_most_lines); ++i) {
      const bool is_last = i + 1 == k_most_lines && lines.size() > k_most_lines;
      add("integrity",
          FindingStatus::damage,
          with_.databases.home().database_path().string() + ": " + (is_last ? lines[i] + " (and more)" : lines[i]),
          hint);
      findings_.back().remedy = remedy;
    }
  };
  report(problems.structure, Remedy::none, k_salvage_hint);
  report(problems.indexes,
         problems.structure.empty() ? Remedy::indexes : Remedy::none,
         problems.structure.empty() ? "'lumi doctor --repair' makes the indexes again" : k_salvage_hint);
  report(problems.references, Remedy::none, k_salvage_hint);
  if (problems.empty()) {
    ok("integrity", "every page and every reference is sound");
  }
}

void Examination::look_at_objects(store::Database& database) {
  std::vector<store::ObjectReference> references;
  store::GarbageRepository(database).visit_references(
      [&](const store::ObjectReference& reference) { references.push_back(reference); });
  std::uint64_t done = 0;
  std::uint64_t bad = 0;
  for (const auto& reference : references) {
    if (options_.progress) {
      options_.progress(done++, references.size());
    }
    const auto problem = problem_of(reference);
    if (problem.empty()) {
      continue;
    }
    ++bad;
    add("objects",
        FindingStatus::damage,
        reference.owner_type + " " + reference.owner_id + ": object " + quote(reference.object_key) + " " + problem,
        "restore a backup, or delete it: lumi " + reference.owner_type + " delete " + reference.owner_id);
  }
  if (bad == 0) {
    ok("objects",
       counted(references.size(), "object") + " in place" +
           (objects_read_ > 0 ? ", " + std::to_string(objects_read_) + " compared with their hash" : ""));
  }
}

bool Examination::is_to_be_read() {
  return options_.read_data >= 1 || std::uniform_real_distribution<double>(0, 1)(random_) < options_.read_data;
}

std::string Examination::problem_of(const store::ObjectReference& reference) {
  try {
    auto& objects = with_.objects.at(reference.storage_url);
    const auto info = objects.find(reference.object_key);
    if (!info) {
      return "is missing";
    }
    if (reference.owner_type == "dataset" && info->size_bytes != reference.size_bytes) {
      return "has " + std::to_string(info->size_bytes) + " bytes instead of " + std::to_string(reference.size_bytes);
    }
    if (!reference.sha256.empty() && is_to_be_read()) {
      ++objects_read_;
      store::VerifiedSource source(objects.open(reference.object_key), reference.sha256, reference.object_key);
      std::vector<char> buffer(256 * 1024);
      while (source.read(buffer.data(), buffer.size()) > 0) {
      }
    }
    return "";
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) {
      throw;
    }
    return error.code() == ErrorCode::storage ? "is not what was stored"
                                              : std::string("cannot be read: ") + error.what();
  }
}

void Examination::look_at_garbage() {
  auto report = GcService({with_.databases, with_.objects, with_.clock}).collect(0, DryRun::yes);
  // Whether a storage can be reached is no question of garbage, and an upload may be under way.
  std::erase_if(report.items, [](const GarbageItem& item) { return item.kind == GarbageKind::unfinished_upload; });
  for (std::size_t i = 0; i < std::min(report.items.size(), k_most_lines); ++i) {
    const auto& item = report.items[i];
    const bool is_last = i + 1 == k_most_lines && report.items.size() > k_most_lines;
    add("garbage",
        FindingStatus::warning,
        std::string(name_of(item.kind)) + ": " + quote(item.name) + (is_last ? " (and more)" : ""),
        "'lumi gc' removes it");
    findings_.back().remedy = Remedy::garbage;
  }
  if (report.items.empty()) {
    ok("garbage", "none");
  }
}

void Examination::look_at_jobs(store::Database& database) {
  const auto orphans = store::find_orphaned_jobs(database);
  for (const auto& orphan : orphans) {
    add("jobs",
        FindingStatus::warning,
        "job " + orphan.id + " is " + orphan.status + ", but its process is gone",
        "'lumi job list' marks it as failed");
    findings_.back().remedy = Remedy::orphans;
  }
  for (const auto& orphan : store::find_orphaned_workflows(database)) {
    add("jobs",
        FindingStatus::warning,
        "workflow " + orphan.id + " is " + orphan.status + ", but its process is gone",
        "'lumi workflow list' marks it as failed");
    findings_.back().remedy = Remedy::orphans;
  }
  if (orphans.empty()) {
    ok("jobs", counted(store::JobRepository(database).count(), "job") + ", none without its process");
  }
}

void Examination::look_at_clock(store::Database& database) {
  Timestamp newest{};
  for (const auto& dataset : store::DatasetRepository(database).list({0, 1}).items) {
    newest = std::max(newest, dataset.created_at);
  }
  for (const auto& job : store::JobRepository(database).list({}, {0, 1}).items) {
    newest = std::max(newest, job.created_at);
  }
  if (newest.microseconds > with_.clock.now().microseconds + k_day_us) {
    add("clock",
        FindingStatus::warning,
        "something was made in the future, at " + to_rfc3339(newest),
        "set this machine's clock");
  } else {
    ok("clock", to_rfc3339(with_.clock.now()));
  }
}

}  // namespace lumi::services
