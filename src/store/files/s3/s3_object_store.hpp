#pragma once
#include "store/files/object_store.hpp"
#include "store/files/s3/s3_keeping.hpp"
#include "store/files/s3/s3_worker.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// How large the pieces of a large object are, and how many are under way at a time: what an object takes of the
/// memory.
struct S3Sizes {
  std::size_t part_bytes = std::size_t{5} * 1024 * 1024;  ///< S3 takes none below 5 MiB, but for the last
  std::size_t parts_at_once = 3;                          ///< in memory, the one that is filled included
  std::uint64_t first_range_bytes = std::uint64_t{1} * 1024 * 1024;
  std::uint64_t range_bytes = std::uint64_t{3} * 1024 * 1024;
  std::size_t ranges_at_once = 3;
};

/// Objects in a bucket of an S3 server, below a prefix. What is larger than a part goes in parts that nobody sees
/// before the last has arrived; the server checks the hash of everything it is sent. Reading notices an object that is
/// changed meanwhile. Nothing is asked of the server before it has to be.
class S3ObjectStore final : public ObjectStore {
public:
  /// Objects below `prefix` ("a/b", or empty) of what `worker` serves; `url` is how LUMI_STORAGE names it.
  S3ObjectStore(std::string url, const std::string& prefix, std::shared_ptr<S3Worker> worker, S3Sizes sizes = {})
      : url_(std::move(url)), prefix_(prefix.empty() ? "" : prefix + "/"), worker_(std::move(worker)),
        keeping_(std::make_shared<S3Keeping>(worker_)), sizes_(sizes) {}

  std::string url() const override { return url_; }
  StorageAccess access() override { return worker_->access(); }
  std::unique_ptr<ObjectWriter> create(const std::string& key, const Writing& how = {}) override;
  std::string new_mark() override;
  std::unique_ptr<ByteSource> open(const std::string& key, std::uint64_t offset = 0) override;
  std::optional<ObjectInfo> find(const std::string& key) override;
  void list(const std::string& prefix, const std::function<void(const ObjectInfo&)>& visit) override;
  bool remove(const std::string& key) override;

  /// Throws `not_found` for an object that is not there, `usage` for more than the seven days that S3 allows.
  std::string download_url(const std::string& key, std::int64_t expires_s) override;
  void read_many(std::vector<WholeObject>& objects) override;
  void write_many(std::vector<WholeObject>& objects) override;
  std::vector<std::optional<ObjectInfo>> find_many(const std::vector<std::string>& keys) override;
  std::vector<std::optional<Error>> remove_many(const std::vector<std::string>& keys) override;
  void list_unfinished(const std::string& prefix, const std::function<void(const UnfinishedObject&)>& visit) override;
  bool remove_unfinished(const UnfinishedObject& object) override;

private:
  std::optional<ObjectInfo> take_found(const std::string& key, const S3Answer& answer);
  std::optional<ObjectInfo> ask_why(const std::string& key);
  std::vector<std::size_t> choose_written(std::vector<WholeObject>& objects);

  std::string url_;
  std::string prefix_;  // with the slash after it
  std::shared_ptr<S3Worker> worker_;
  std::shared_ptr<S3Keeping> keeping_;
  S3Sizes sizes_;
  std::atomic<bool> is_bucket_seen_ = false;  // an answer has shown that it is there
};

}  // namespace lumi::store
