#pragma once
#include "base/clock.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace lumi::services {

/// The objects of a Lumigator, and their way into this home.
class LumigatorObjects {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
  };

  /// `url` is that of a folder or bucket with Lumigator's keys.
  LumigatorObjects(Dependencies dependencies, const std::string& url)
      : with_(dependencies), source_(with_.objects.at(url)) {}

  /// The object, if it is there. Throws what keeps all objects from being read.
  std::unique_ptr<ByteSource> open(const std::string& key);

  /// Copies the object to `key` of the storage for new objects, reads the copy back, and calls `name_it` with it in the
  /// transaction that is to keep the row which names it; if that throws, the copy is removed. Throws `storage` if the
  /// copy is another.
  void
  copy(const std::string& from, const std::string& key, const std::function<void(const store::StoredObject&)>& name_it);

private:
  Dependencies with_;
  store::ObjectStore& source_;
};

}  // namespace lumi::services
