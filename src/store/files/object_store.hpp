#pragma once
#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::store {

/// How a store is reached, for people; all empty for a folder.
struct StorageAccess {
  std::string endpoint;         ///< "https://s3.eu-west-1.amazonaws.com"
  std::string endpoint_origin;  ///< "environment AWS_ENDPOINT_URL", "profile \"x\"", "AWS"
  std::string region;
  std::string region_origin;  ///< as endpoint_origin; "server" where it named another region, "default"
  std::string addressing;     ///< "path" or "virtual host"
  std::string credentials;    ///< where they come from: "environment AWS_ACCESS_KEY_ID"
};

/// What is known of one stored object.
struct ObjectInfo {
  std::string key;
  std::uint64_t size_bytes = 0;
  Timestamp modified_at;
  std::string mark = {};  ///< as Writing::mark, where the store keeps marks and the object has one; not from `list`
};

/// An object's content as it was written.
struct StoredObject {
  std::string key;
  std::uint64_t size_bytes = 0;
  std::string sha256;  ///< 64 lower-case hex digits
};

/// An object that was begun and never committed, as a killed process leaves one in a store that keeps its parts.
struct UnfinishedObject {
  std::string key;
  std::string id;  ///< the store's own name for the attempt
  Timestamp started_at;
};

/// What becomes of an object when another of the same key is committed.
enum class Existing : std::uint8_t {
  replace,
  keep,  ///< the other one is refused with `conflict`
};

/// How an object is written.
struct Writing {
  Existing existing = Existing::replace;
  /// Goes with the object and tells it from what others write under the same key; empty: as ObjectStore::new_mark.
  std::string mark = {};
  /// UnfinishedObject::id of what an earlier writer of the same content has left, with the same mark; empty: none. What
  /// the store still has of it is compared, and not sent again where it is the same.
  std::string upload_id = {};
  /// Called with the id of an unfinished object that is begun, where the store keeps such, before anything of it is
  /// sent. Where it is set, what is not committed stays in the store.
  std::function<void(const std::string& id)> on_upload = {};
};

/// A small object as a whole, on its way from or to a store.
struct WholeObject {
  std::string key;
  std::string content = {};
  std::optional<Error> error = std::nullopt;  ///< why it was not read or written
  Writing how = {};                           ///< when it is written
};

/// The largest that is read as a WholeObject.
inline constexpr std::uint64_t k_largest_whole = std::uint64_t{1} << 20U;

/// An object in the making. Nothing is visible under its key before `commit`; without `commit` nothing stays behind,
/// but for what Writing::on_upload was told of.
class ObjectWriter : public ByteSink {
public:
  /// Takes all that is left in `source`. Throws what it throws, and `interrupted`; then the object cannot be committed.
  virtual void write_from(ByteSource& source);

  /// Makes the object visible, whole and durable, and returns its size and hash. The writer takes no more bytes.
  virtual StoredObject commit() = 0;

  /// What the object has as ObjectInfo::mark; empty where the store keeps no marks.
  virtual std::string mark() const { return {}; }
};

/// Files by key. Keys are UTF-8 paths with `/` between their parts; a key with an empty part, `.`, `..`, NUL, or a
/// leading `/` throws `invalid_input`, and no key can name anything outside the store.
/// Every implementation passes tests/conformance/object_store_suite.hpp.
class ObjectStore {
public:
  virtual ~ObjectStore() = default;

  /// Where the objects are, as LUMI_STORAGE names it: "file:", "file:///dir", "s3://bucket/prefix".
  virtual std::string url() const = 0;

  /// How the store is reached, as far as it is known without asking it. Throws `credentials` where there are none.
  virtual StorageAccess access() { return {}; }

  /// Starts an object; an object of the same key is replaced at `commit`, or makes that throw `conflict`. Of several
  /// writers that keep what exists one succeeds, but on servers that cannot do this: there one that is written at the
  /// same moment may be replaced.
  virtual std::unique_ptr<ObjectWriter> create(const std::string& key, const Writing& how = {}) = 0;

  /// A mark that no object has yet; empty where the store keeps no marks.
  virtual std::string new_mark() { return {}; }

  /// The content from `offset` on. Throws `not_found` naming the key.
  virtual std::unique_ptr<ByteSource> open(const std::string& key, std::uint64_t offset = 0) = 0;

  /// The object's size and time, or nothing if there is none.
  virtual std::optional<ObjectInfo> find(const std::string& key) = 0;

  /// Calls `visit` for every object whose key starts with `prefix`, in order of the keys.
  virtual void list(const std::string& prefix, const std::function<void(const ObjectInfo&)>& visit) = 0;

  /// Removes the object; false if there was none.
  virtual bool remove(const std::string& key) = 0;

  /// A URL from which the object can be read: file:// here, presigned on S3 for `expires_s` seconds.
  virtual std::string download_url(const std::string& key, std::int64_t expires_s) = 0;

  /// Reads many objects, where that is faster several at a time, and sets `content` or `error` of each: `not_found`,
  /// `too_large` for one larger than k_largest_whole. Throws only what stops the others too.
  virtual void read_many(std::vector<WholeObject>& objects);

  /// Writes many objects as read_many reads them: each is visible, whole and durable, or has an error.
  virtual void write_many(std::vector<WholeObject>& objects);

  /// What `find` tells of many objects, in their order.
  virtual std::vector<std::optional<ObjectInfo>> find_many(const std::vector<std::string>& keys);

  /// Removes many objects; for each, in their order, why it is still there. One that was not there is removed.
  virtual std::vector<std::optional<Error>> remove_many(const std::vector<std::string>& keys);

  /// Calls `visit` for every unfinished object whose key starts with `prefix`, where the store keeps such; a process
  /// may still be at work on it.
  virtual void list_unfinished(const std::string& prefix, const std::function<void(const UnfinishedObject&)>& visit);

  /// Removes what there is of an unfinished object; false if it is gone.
  virtual bool remove_unfinished(const UnfinishedObject& object);
};

/// What reading a missing object throws.
Error object_not_found(const std::string& key, const std::string& url);

/// What writing an object says where one of the same key is kept.
Error object_exists(const std::string& key);

}  // namespace lumi::store
