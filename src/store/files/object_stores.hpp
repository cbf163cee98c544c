#pragma once
#include "store/files/object_store.hpp"
#include "store/home.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace lumi::store {

/// The storage that is the folder objects/ of the home.
inline constexpr const char* k_home_storage = "file:";

/// The store that `url` names: "file:" is the folder objects/ of the home, "file:///dir" any folder,
/// "s3://bucket/prefix" a part of a bucket, which is reached as AWS's own tools are told to. Throws `usage` for any
/// other.
std::unique_ptr<ObjectStore> open_object_store(const std::string& url, const Home& home);

/// The object stores that rows name, each opened when it is first needed.
class ObjectStores {
public:
  using Opener = std::function<std::unique_ptr<ObjectStore>(const std::string& url)>;

  /// New objects go to `url_for_new`; `open` makes a store from its URL.
  ObjectStores(std::string url_for_new, Opener open) : url_for_new_(std::move(url_for_new)), open_(std::move(open)) {}

  /// The stores of `home`.
  ObjectStores(std::string url_for_new, const Home& home)
      : ObjectStores(std::move(url_for_new), [home](const std::string& url) { return open_object_store(url, home); }) {}

  const std::string& url_for_new() const { return url_for_new_; }

  /// The store for new objects.
  ObjectStore& for_new() { return at(url_for_new_); }

  /// The store of objects whose row has this `storage_url`.
  ObjectStore& at(const std::string& url);

private:
  std::string url_for_new_;
  Opener open_;
  std::map<std::string, std::unique_ptr<ObjectStore>> stores_;
};

}  // namespace lumi::store
