#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace lumi {

/// Two SHA-256 digests of one stream: of all its bytes, and of each part of it. Where the processor has instructions
/// for SHA-256 both together take as long as one.
class Sha256Twin {
public:
  Sha256Twin();
  ~Sha256Twin();
  Sha256Twin(const Sha256Twin&) = delete;
  Sha256Twin& operator=(const Sha256Twin&) = delete;

  void update(std::string_view bytes);

  /// Ends a part: the digest of the bytes since the last call as 64 lower-case hex digits.
  std::string end_part();

  /// The digest of all bytes as 64 lower-case hex digits. The object takes no more bytes afterwards.
  std::string hex_digest();

private:
  void hash_each(std::string_view bytes);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lumi
