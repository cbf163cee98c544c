#include "core/services/doctor.hpp"

#include "base/error.hpp"
#include "core/services/examination.hpp"
#include "core/services/gc.hpp"
#include "core/services/work_folder.hpp"
#include "store/database_check.hpp"
#include "store/database_copy.hpp"
#include "store/orphans.hpp"

#include <algorithm>
#include <cerrno>
#include <map>

#include <sys/stat.h>

namespace lumi::services {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t k_day_ms = 86'400'000;

}  // namespace

std::string_view to_text(FindingStatus status) {
  switch (status) {
  case FindingStatus::ok:
    return "ok";
  case FindingStatus::warning:
    return "warning";
  case FindingStatus::damage:
    return "damage";
  }
  return "";
}

FindingStatus worst_status(const std::vector<Finding>& findings) {
  auto worst = FindingStatus::ok;
  for (const auto& finding : findings) {
    worst = finding.is_repaired ? worst : std::max(worst, finding.status);
  }
  return worst;
}

std::vector<Finding> DoctorService::examine(const ExamineOptions& options) { return Examination(with_, options).run(); }

std::vector<Finding> DoctorService::repair(const ExamineOptions& options) {
  auto findings = examine(options);
  std::map<Remedy, bool> mended;
  for (const auto& finding : findings) {
    if (finding.remedy != Remedy::none && !mended.contains(finding.remedy)) {
      mended[finding.remedy] = mend(finding.remedy);
    }
  }
  if (mended.empty()) {
    return findings;
  }
  ExamineOptions again = options;
  again.read_data = 0;
  const auto left = examine(again);
  for (auto& finding : findings) {
    const bool is_left = std::any_of(left.begin(), left.end(), [&](const Finding& other) {
      return other.check == finding.check && other.message == finding.message;
    });
    finding.is_repaired = finding.remedy != Remedy::none && !is_left;
  }
  return findings;
}

bool DoctorService::mend(Remedy remedy) {
  switch (remedy) {
  case Remedy::none:
    return false;
  case Remedy::modes:
    return mend_modes();
  case Remedy::indexes:
    return mend_indexes();
  case Remedy::orphans:
    return store::reap_orphaned_jobs(with_.databases, with_.clock).size() +
               store::reap_orphaned_workflows(with_.databases, with_.clock).size() >
           0;
  case Remedy::garbage:
    return GcService({with_.databases, with_.objects, with_.clock}).collect(k_day_ms, DryRun::no).failures() == 0;
  }
  return false;
}

bool DoctorService::mend_modes() {
  bool all = true;
  for (const auto& path : private_paths(with_.databases.home())) {
    struct stat info {};
    if (is_open_to_others(path) && ::lstat(path.c_str(), &info) == 0) {
      all = ::chmod(path.c_str(), info.st_mode & 0700U) == 0 && all;
    }
  }
  return all;
}

bool DoctorService::mend_indexes() {
  auto& database = with_.databases.get();
  const auto kept = database.home().database_path().string() + ".before-repair";
  {
    const WorkFolder folder(database.home().path(), with_.ids);
    const store::Home copy(folder.path());
    store::copy_database(database, copy);
    if (::rename(copy.database_path().c_str(), kept.c_str()) != 0) {
      throw system_error(errno, "cannot write the copy of the database");
    }
  }
  store::rebuild_indexes(database);
  return store::check_database(database).indexes.empty();
}

}  // namespace lumi::services
