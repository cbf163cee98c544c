#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lumi {

inline constexpr std::size_t k_sealing_key_size = 32;

/// `size` bytes of the kernel's random numbers.
std::string random_bytes(std::size_t size);

/// Overwrites the text, which nobody may find in memory afterwards, and empties it.
void wipe(std::string& text);

/// What scrypt takes: 128 * block_size * 2^log2_n bytes of memory, and a time that grows with it.
struct ScryptCost {
  unsigned log2_n = 0;
  unsigned block_size = 0;
  unsigned parallel = 0;
};

/// 32 bytes that only `passphrase` gives with this salt, by scrypt (RFC 7914). Loads libcrypto as `seal` does; throws
/// Error{failure} if there is no memory for it.
std::string scrypt(std::string_view passphrase, std::string_view salt, const ScryptCost& cost);

/// `plain` encrypted with AES-256-GCM under `key` (32 bytes) and a nonce of its own: nonce, text and tag. `label` is
/// not in it, but must be the same for opening. libcrypto is loaded by the first call; throws Error{failure} if it is
/// not installed.
std::string seal(std::string_view key, std::string_view label, std::string_view plain);

/// What was sealed; nothing if it, the label or the key is not the one of then, in a single bit.
std::optional<std::string> open_sealed(std::string_view key, std::string_view label, std::string_view sealed);

/// The text that `encrypted` (16 bytes of initialisation vector, then AES-256-CBC with padding) holds under `key`;
/// nothing if that cannot be. Another key than that of then gives nothing or, once in 256 times, nonsense.
std::optional<std::string> open_cbc(std::string_view key, std::string_view encrypted);

}  // namespace lumi
