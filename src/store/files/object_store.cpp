#include "store/files/object_store.hpp"

namespace lumi::store {

void ObjectStore::list_unfinished(const std::string& /*prefix*/,
                                  const std::function<void(const UnfinishedObject&)>& /*visit*/) {}

bool ObjectStore::remove_unfinished(const UnfinishedObject& /*object*/) { return false; }

}  // namespace lumi::store
