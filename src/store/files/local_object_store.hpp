#pragma once
#include "store/files/object_store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace lumi::store {

/// Objects as files in a folder: the key is the path below it, of parts of at most 255 bytes. Symbolic links below the
/// folder are never followed. The folder is made by the first object.
class LocalObjectStore final : public ObjectStore {
public:
  /// Objects below `folder`; `url` is how LUMI_STORAGE names it.
  LocalObjectStore(std::filesystem::path folder, std::string url);
  ~LocalObjectStore() override;

  std::string url() const override { return url_; }
  std::unique_ptr<ObjectWriter> create(const std::string& key) override;
  std::unique_ptr<ByteSource> open(const std::string& key, std::uint64_t offset = 0) override;
  std::optional<ObjectInfo> find(const std::string& key) override;
  void list(const std::string& prefix, const std::function<void(const ObjectInfo&)>& visit) override;

  /// Removes the object, and the folders that are empty without it.
  bool remove(const std::string& key) override;
  std::string download_url(const std::string& key, std::int64_t expires_s) override;

  /// Calls `visit` with the path below the folder of every temporary file that no living process writes.
  void list_stale(const std::function<void(const ObjectInfo&)>& visit);

  /// Removes such a file, if still nobody writes it.
  bool remove_stale(const std::string& path);

private:
  std::filesystem::path folder_;
  std::string url_;
};

}  // namespace lumi::store
