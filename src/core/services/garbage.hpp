#pragma once
#include "base/clock.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/garbage.hpp"
#include "store/repositories/garbage_repository.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// An object that is about to be written.
struct Announcement {
  std::string key;
  std::string mark;  ///< that it will have (Writing::mark)
};

/// Notes that these objects are to be removed: should this process be killed before a row names them, `gc` finds them
/// so, and by their marks tells them from what others have under their keys. Take the notes back in the transaction
/// that names them. For the storage of the home itself nothing is noted, because `gc` looks through all of that. Call
/// it while holding lock_objects.
void announce_objects(store::DatabaseProvider& databases,
                      const std::string& storage_url,
                      const std::vector<Announcement>& objects,
                      Timestamp now);

/// Removes an object that is garbage, and then its row. If that cannot be done the row stays for the next `gc`, and
/// the reason is returned.
std::optional<std::string>
sweep(store::GarbageRepository& garbage, store::ObjectStores& objects, const store::GarbageRecord& record);

/// Removes many objects of one storage that are garbage, and then their rows in `database`; for each, in their order,
/// why it is still there, or nothing. Throws what keeps all of them from being removed.
std::vector<std::string> sweep_many(store::GarbageRepository& garbage,
                                    store::Database& database,
                                    store::ObjectStore& objects,
                                    const std::vector<store::GarbageRecord>& records);

}  // namespace lumi::services
