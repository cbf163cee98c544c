#include "core/services/garbage.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

namespace lumi::services {

namespace {

void note_failure(store::GarbageRepository& garbage, const store::GarbageRecord& record, const std::string& reason) {
  try {
    garbage.note_failure(record.storage_url, record.object_key, reason);
  } catch (const Error& error) {
    log_warn("cannot note that an object stays: " + std::string(error.what()));
  }
}

}  // namespace

void announce_objects(store::DatabaseProvider& databases,
                      const std::string& storage_url,
                      const std::vector<Announcement>& objects,
                      Timestamp now) {
  if (storage_url == store::k_home_storage) {
    return;
  }
  auto& database = databases.get();
  database.transaction([&] {
    store::GarbageRepository garbage(database);
    for (const auto& object : objects) {
      garbage.insert({storage_url, object.key, now, 0, "", object.mark});
    }
  });
}

std::optional<std::string>
sweep(store::GarbageRepository& garbage, store::ObjectStores& objects, const store::GarbageRecord& record) {
  try {
    objects.at(record.storage_url).remove(record.object_key);
    garbage.remove(record.storage_url, record.object_key);
    return std::nullopt;
  } catch (const Error& error) {
    note_failure(garbage, record, error.what());
    return error.what();
  }
}

std::vector<std::string> sweep_many(store::GarbageRepository& garbage,
                                    store::Database& database,
                                    store::ObjectStore& objects,
                                    const std::vector<store::GarbageRecord>& records) {
  std::vector<std::string> keys;
  keys.reserve(records.size());
  for (const auto& record : records) {
    keys.push_back(record.object_key);
  }
  std::vector<std::string> reasons(records.size());
  const auto errors = objects.remove_many(keys);
  database.transaction([&] {
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (errors[i]) {
        reasons[i] = errors[i]->what();
        garbage.note_failure(records[i].storage_url, records[i].object_key, reasons[i]);
      } else {
        garbage.remove(records[i].storage_url, records[i].object_key);
      }
    }
  });
  return reasons;
}

}  // namespace lumi::services
