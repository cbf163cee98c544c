#pragma once
#include "base/byte_stream.hpp"
#include "base/sha256.hpp"
#include "store/files/object_store.hpp"

#include <memory>
#include <string>

namespace lumi::store {

/// Reads an object and, at its end, throws `storage` naming `key` if it is not what was stored.
class VerifiedSource final : public ByteSource {
public:
  /// Reads `behind`, which must have the digest `sha256` as a whole.
  VerifiedSource(std::unique_ptr<ByteSource> behind, std::string sha256, std::string key);

  std::size_t read(char* buffer, std::size_t capacity) override;

private:
  std::unique_ptr<ByteSource> behind_;
  std::string sha256_;
  std::string key_;
  Sha256 hash_;
  bool is_checked_ = false;
};

/// The object that a row names, verified while it is read (unless `sha256` is empty). Throws `storage` if it is gone:
/// a row without its object is damage.
std::unique_ptr<ByteSource> open_referenced(ObjectStore& objects, const std::string& key, const std::string& sha256);

/// Copies it into `sink`. Throws as open_referenced and as reading it does.
void copy_referenced(ObjectStore& objects, const std::string& key, const std::string& sha256, ByteSink& sink);

}  // namespace lumi::store
