#pragma once
#include "store/files/object_stores.hpp"
#include "store/records/garbage.hpp"
#include "store/repositories/garbage_repository.hpp"

#include <optional>
#include <string>

namespace lumi::services {

/// Removes an object that is garbage, and then its row. If that cannot be done the row stays for the next `gc`, and
/// the reason is returned.
std::optional<std::string>
sweep(store::GarbageRepository& garbage, store::ObjectStores& objects, const store::GarbageRecord& record);

}  // namespace lumi::services
