#include "store/files/object_stores.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/files/local_object_store.hpp"

#include <string_view>

namespace lumi::store {

std::unique_ptr<ObjectStore> open_object_store(const std::string& url, const Home& home) {
  if (url == "file:") {
    return std::make_unique<LocalObjectStore>(home.objects_folder(), url);
  }
  constexpr std::string_view k_local = "file://";
  if (url.starts_with("file:///")) {
    return std::make_unique<LocalObjectStore>(percent_decode(url.substr(k_local.size())), url);
  }
  if (url.starts_with("s3://")) {
    throw Error(ErrorCode::usage,
                "the storage " + quote(url) + " is not available in this version",
                "use file: or file:///DIR");
  }
  throw Error(ErrorCode::usage, quote(url) + " is not a storage", "use file:, file:///DIR or s3://BUCKET/PREFIX");
}

ObjectStore& ObjectStores::at(const std::string& url) {
  auto& store = stores_[url];
  if (!store) {
    store = open_(url);
  }
  return *store;
}

}  // namespace lumi::store
