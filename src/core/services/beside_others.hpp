#pragma once
#include "base/error.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_store.hpp"

#include <functional>
#include <string>

namespace lumi::services {

/// The hash of an object's content. Throws what reading it throws, and `interrupted`.
std::string sha256_of_object(store::ObjectStore& objects, const std::string& key);

/// What is wrong if somebody else's object is under a key, and not the same.
Error other_content(const std::string& key, const std::string& storage_url);

/// An object that is written where others may have one of the same key.
struct SharedPlace {
  store::DatabaseProvider& databases;
  store::ObjectStore& objects;
  std::string storage_url;
  std::string key;
};

/// How an object is written there: what others have is kept; in the home itself there are no others.
store::Existing existing_at(const std::string& storage_url);

/// Commits `writer`, which writes as `existing_at` says. What somebody else has under the key is used instead if its
/// hash is `sha256()`, and is an error (`conflict`) if not; it is noted as garbage no more.
store::StoredObject
commit_beside_others(const SharedPlace& place, store::ObjectWriter& writer, const std::function<std::string()>& sha256);

}  // namespace lumi::services
