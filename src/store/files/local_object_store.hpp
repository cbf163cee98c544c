#pragma once
#include "store/files/folder.hpp"
#include "store/files/object_store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::store {

/// Objects as files in a folder: the key is the path below it, of parts of at most 255 bytes. Symbolic links below the
/// folder are never followed. The folder is made by the first object.
class LocalObjectStore final : public ObjectStore {
public:
  /// Objects below `folder`; `url` is how LUMI_STORAGE names it.
  LocalObjectStore(const std::filesystem::path& folder, std::string url);

  std::string url() const override { return url_; }
  std::unique_ptr<ObjectWriter> create(const std::string& key, const Writing& how = {}) override;
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

  /// Removes folders that hold nothing, as a killed process leaves them.
  void remove_empty_folders();

private:
  struct Place;
  enum class Show { objects, temporary };

  Place find_place(const std::string& key) const;
  void walk(const Folder& folder,
            const std::string& path,
            const std::string& prefix,
            Show show,
            const std::function<void(const ObjectInfo&)>& visit) const;

  std::filesystem::path folder_;
  std::string url_;
};

}  // namespace lumi::store
