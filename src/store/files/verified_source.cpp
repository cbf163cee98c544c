#include "store/files/verified_source.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <utility>
#include <vector>

namespace lumi::store {

VerifiedSource::VerifiedSource(std::unique_ptr<ByteSource> behind, std::string sha256, std::string key)
    : behind_(std::move(behind)), sha256_(std::move(sha256)), key_(std::move(key)) {}

std::size_t VerifiedSource::read(char* buffer, std::size_t capacity) {
  const auto count = behind_->read(buffer, capacity);
  if (count > 0) {
    hash_.update({buffer, count});
  } else if (!is_checked_ && capacity > 0) {
    is_checked_ = true;
    if (hash_.hex_digest() != sha256_) {
      throw Error(ErrorCode::storage,
                  "object " + quote(key_) + " is damaged: it is not what was stored",
                  "'lumi doctor --read-data' checks all objects");
    }
  }
  return count;
}

std::unique_ptr<ByteSource> open_referenced(ObjectStore& objects, const std::string& key, const std::string& sha256) {
  try {
    auto source = objects.open(key);
    return sha256.empty() ? std::move(source) : std::make_unique<VerifiedSource>(std::move(source), sha256, key);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) {
      throw;
    }
    throw Error(ErrorCode::storage, error.what(), error.hint());
  }
}

void copy_referenced(ObjectStore& objects, const std::string& key, const std::string& sha256, ByteSink& sink) {
  constexpr std::size_t k_block = 128 * 1024;
  const auto source = open_referenced(objects, key, sha256);
  std::vector<char> block(k_block);
  for (auto count = source->read(block.data(), block.size()); count > 0;
       count = source->read(block.data(), block.size())) {
    sink.write({block.data(), count});
  }
}

}  // namespace lumi::store
