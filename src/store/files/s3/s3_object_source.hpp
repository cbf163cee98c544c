#pragma once
#include "base/byte_stream.hpp"
#include "store/files/s3/s3_object_store.hpp"
#include "store/files/s3/s3_worker.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// Reads an object in ranges, some of them ahead. All belong to the object as it was when the first was read; if it is
/// changed meanwhile, reading throws `conflict`.
class S3ObjectSource final : public ByteSource {
public:
  S3ObjectSource(std::string key, std::shared_ptr<S3Worker> worker, const S3Sizes& sizes);
  ~S3ObjectSource() override;
  S3ObjectSource(const S3ObjectSource&) = delete;
  S3ObjectSource& operator=(const S3ObjectSource&) = delete;

  /// Reads the first range, from `offset` on; false if there is no such object.
  bool start(std::uint64_t offset);

  std::size_t read(char* buffer, std::size_t capacity) override;

private:
  struct Arrivals;

  void ask_for_more();
  void ask(S3Range range);
  void take_next();

  std::string key_;
  std::shared_ptr<S3Worker> worker_;
  S3Sizes sizes_;
  std::uint64_t group_;
  std::string etag_;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t asked_bytes_ = 0;  // up to here, from the object's beginning
  std::shared_ptr<Arrivals> arrivals_;
  std::deque<std::uint64_t> asked_;  // where the ranges that are under way begin, in order
  std::vector<std::string> spare_;   // texts whose room is used again
  std::string current_;
  std::size_t position_ = 0;  // in `current_`
};

}  // namespace lumi::store
