#pragma once
#include "base/error.hpp"
#include "core/services/storage_copy.hpp"
#include "store/files/object_store.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace lumi::services {

/// What is wrong with an object whose content is not what its row says.
Error damaged_object(const store::ObjectReference& reference);

/// Whether content with this hash is what the row says.
bool is_content_of(const store::ObjectReference& reference, const std::string& sha256);

/// The same object where it is copied to.
store::ObjectReference at(store::ObjectReference reference, const std::string& storage_url);

/// Whether the next objects would fail in the same way.
bool stops_all(const Error& error);

/// Objects that are copied together.
struct StorageCopyService::Batch {
  store::ObjectStore& from;
  store::ObjectStore& to;
  const std::string& to_url;
  ReadBack read_back;
  std::vector<store::ObjectReference> references;
  CopySummary& summary;
  std::map<std::string, store::Writing> how = {};  // by key

  /// Lets the objects of these keys that have our marks be replaced, and returns the keys of all others.
  std::set<std::string> look_at(const std::vector<std::string>& keys);

  /// Notes that an object cannot be copied; throws the error if the next ones could not either.
  void fail(const Error& error) const;
};

}  // namespace lumi::services
