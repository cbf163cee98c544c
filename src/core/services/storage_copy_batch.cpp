#include "core/services/storage_copy_batch.hpp"

#include "base/text.hpp"

namespace lumi::services {

Error damaged_object(const store::ObjectReference& reference) {
  return {ErrorCode::storage,
          "object " + quote(reference.object_key) + " in " + quote(reference.storage_url) +
              " is damaged: it is not what was stored",
          "'lumi doctor --read-data' checks all objects"};
}

bool is_content_of(const store::ObjectReference& reference, const std::string& sha256) {
  return reference.sha256.empty() || reference.sha256 == sha256;
}

store::ObjectReference at(store::ObjectReference reference, const std::string& storage_url) {
  reference.storage_url = storage_url;
  return reference;
}

bool stops_all(const Error& error) {
  switch (error.code()) {
  case ErrorCode::credentials:
  case ErrorCode::unavailable:
  case ErrorCode::permission:
  case ErrorCode::interrupted:
  case ErrorCode::usage:
    return true;
  default:
    return false;
  }
}

std::set<std::string> StorageCopyService::Batch::look_at(const std::vector<std::string>& keys) {
  const auto found = to.find_many(keys);
  std::set<std::string> of_others;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto& written = how.at(keys[i]);
    if (found[i] && !written.mark.empty() && found[i]->mark == written.mark) {
      written.existing = store::Existing::replace;
    } else if (found[i]) {
      of_others.insert(keys[i]);
    }
  }
  return of_others;
}

void StorageCopyService::Batch::fail(const Error& error) const {
  if (stops_all(error)) {
    throw Error(error);
  }
  summary.failures.emplace_back(error.what());
}

}  // namespace lumi::services
