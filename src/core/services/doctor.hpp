#pragma once
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// How bad a finding is: damage means that data is lost or cannot be trusted.
enum class FindingStatus { ok, warning, damage };

/// "ok", "warning", "damage".
std::string_view to_text(FindingStatus status);

/// What `repair` can do about a finding.
enum class Remedy { none, modes, indexes, orphans, garbage };

/// Something that was found, or that nothing was.
struct Finding {
  std::string check;  ///< version, storage (if it is not local), network, home, disk, database, integrity, objects, …
  FindingStatus status = FindingStatus::ok;
  std::string message;
  std::string hint = {};
  Remedy remedy = Remedy::none;
  bool is_repaired = false;
};

/// What is looked at beyond the usual.
struct ExamineOptions {
  double read_data = 0;  ///< the share of objects whose content is compared with its hash: 0 to 1
  std::function<void(std::uint64_t objects_done, std::uint64_t objects)> progress = {};
};

/// Looks at everything that the home holds, and mends what can be mended without losing anything.
class DoctorService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
    IdSource& ids;
  };

  explicit DoctorService(Dependencies dependencies) : with_(dependencies) {}

  /// All checks in a fixed order, each with one finding or more. Changes nothing. Damage is a finding; Errors are for
  /// what cannot be looked at (`permission`, `interrupted`).
  std::vector<Finding> examine(const ExamineOptions& options);

  /// The findings of `examine`, with those marked that are mended now: modes of home and database, indexes (a copy of
  /// the database, lumi.db.before-repair, is kept), jobs without a process, garbage older than a day.
  std::vector<Finding> repair(const ExamineOptions& options);

private:
  bool mend(Remedy remedy);
  bool mend_modes();
  bool mend_indexes();

  Dependencies with_;
};

/// The worst status of what is not repaired.
FindingStatus worst_status(const std::vector<Finding>& findings);

}  // namespace lumi::services
