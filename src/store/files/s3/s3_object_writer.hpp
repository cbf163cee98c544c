#pragma once
#include "base/sha256_twin.hpp"
#include "store/files/object_store.hpp"
#include "store/files/s3/s3_held_parts.hpp"
#include "store/files/s3/s3_keeping.hpp"
#include "store/files/s3/s3_object_store.hpp"
#include "store/files/s3/s3_worker.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::store {

/// The request that writes a small object.
S3Request whole_put(const std::string& key, std::string content, const std::string& mark);

/// An object on its way to a bucket: one request if it fits into a part, else parts of which some are sent at a time.
class S3ObjectWriter final : public ObjectWriter {
public:
  /// `how` has a mark; where existing objects are kept, `keeping` does that.
  S3ObjectWriter(std::string key,
                 std::shared_ptr<S3Worker> worker,
                 const S3Sizes& sizes,
                 std::shared_ptr<S3Keeping> keeping,
                 Writing how);

  /// Gives up what was not committed, unless another is to go on with it (Writing::on_upload).
  ~S3ObjectWriter() override;
  S3ObjectWriter(const S3ObjectWriter&) = delete;
  S3ObjectWriter& operator=(const S3ObjectWriter&) = delete;

  void write(std::string_view bytes) override;
  void write_from(ByteSource& source) override;
  StoredObject commit() override;
  std::string mark() const override { return how_.mark; }

private:
  struct Parts;

  std::size_t part_size() const;
  std::size_t make_room();
  void grow(std::size_t bytes);
  void begin_upload();
  void send_part();
  bool is_held();
  void wait_for_parts(std::size_t most_under_way);
  void put_whole();
  S3Answer send_last(S3Request request);
  void complete();
  bool is_there();
  void give_up() noexcept;

  std::string key_;
  std::shared_ptr<S3Worker> worker_;
  S3Sizes sizes_;
  std::shared_ptr<S3Keeping> keeping_;
  std::uint64_t group_;
  Writing how_;
  std::string upload_id_;            // empty: nothing is sent yet
  std::optional<S3HeldParts> held_;  // of an upload that is gone on with
  std::shared_ptr<Parts> parts_;
  std::size_t part_count_ = 0;
  std::string buffer_;
  std::uint64_t size_bytes_ = 0;
  Sha256Twin hashes_;
};

}  // namespace lumi::store
