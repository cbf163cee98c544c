#include "store/files/verified_source.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <utility>

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

}  // namespace lumi::store
