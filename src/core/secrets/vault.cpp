#include "core/secrets/vault.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/seal.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"

#include <optional>
#include <utility>

namespace lumi::secrets {

namespace {

// What is kept: version, id of the key (8 bytes as 16 hex digits would take twice the room), nonce, text, tag. Where a
// passphrase gave the key: another version, and how it was stretched after the id.
constexpr char k_version = 1;
constexpr char k_passphrase_version = 2;
constexpr std::size_t k_id_size = 8;
constexpr std::size_t k_head_size = 1 + k_id_size;

std::string from_hex(std::string_view digits) {
  std::string bytes;
  const auto value_of = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(value_of(digits[i]) * 16 + value_of(digits[i + 1]));
  }
  return bytes;
}

// Tells keys apart without telling anything about them.
std::string id_of(const std::string& key) {
  return from_hex(sha256_hex("lumi/key-id/" + key).substr(0, 2 * k_id_size));
}

std::string kept(const std::string& key_id, const std::string& sealed) {
  return base64_encode(k_version + key_id + sealed);
}

std::string kept(const std::string& key_id, const Stretching& stretching, const std::string& sealed) {
  return base64_encode(k_passphrase_version + key_id + stretching.encode() + sealed);
}

// The parts of what was kept; nothing if it cannot have been.
struct Kept {
  std::string key_id;
  std::optional<Stretching> stretching;
  std::string sealed;
};
std::optional<Kept> take_apart(const std::string& text) {
  const auto bytes = base64_decode(text);
  if (!bytes || bytes->size() < k_head_size) {
    return std::nullopt;
  }
  Kept parts{bytes->substr(1, k_id_size), std::nullopt, bytes->substr(k_head_size)};
  if (bytes->front() == k_passphrase_version) {
    parts.stretching = Stretching::decode(parts.sealed);
    parts.sealed.erase(0, Stretching::k_size);
  }
  const bool is_whole = bytes->front() == k_version || parts.stretching;
  return is_whole ? std::optional(std::move(parts)) : std::nullopt;
}

std::string label_of(const store::DataKeyRecord& record, const std::optional<Stretching>& stretching) {
  const auto version = stretching ? k_passphrase_version + stretching->encode() : std::string(1, k_version);
  return "lumi/data-key/" + version + record.id;
}

std::string label_of(const store::SecretRecord& record) {
  return "lumi/secret/" + std::string(1, k_version) + record.name + '\0' + record.hosts_json;
}

Error damaged(const std::string& what) {
  return {ErrorCode::storage, what + " is damaged, or was changed", "set the secret anew with 'lumi secret set'"};
}

}  // namespace

DataKey DataKey::make() {
  auto bytes = random_bytes(k_sealing_key_size);
  auto id = sha256_hex("lumi/data-key-id/" + bytes).substr(0, 2 * k_id_size);
  return {std::move(id), std::move(bytes)};
}

store::DataKeyRecord seal_data_key(const DataKey& key, const UserKey& user, Timestamp now) {
  store::DataKeyRecord record{key.id, "", now};
  const auto sealed = seal(user.bytes, label_of(record, user.stretching), key.bytes);
  record.sealed = user.stretching ? kept(id_of(user.bytes), *user.stretching, sealed) : kept(id_of(user.bytes), sealed);
  return record;
}

std::optional<Stretching> stretching_of(const store::DataKeyRecord& record) {
  auto parts = take_apart(record.sealed);
  if (!parts) {
    throw damaged("the key of the secrets");
  }
  return std::move(parts->stretching);
}

bool is_sealed_with(const store::DataKeyRecord& record, const UserKey& user) {
  const auto parts = take_apart(record.sealed);
  return parts && parts->key_id == id_of(user.bytes);
}

DataKey open_data_key(const store::DataKeyRecord& record, const UserKey& user) {
  const auto parts = take_apart(record.sealed);
  if (!parts) {
    throw damaged("the key of the secrets");
  }
  if (parts->key_id != id_of(user.bytes) && parts->stretching) {
    throw Error(ErrorCode::credentials,
                "the passphrase is not the one that the secrets were stored with",
                "it came from " + user.origin + "; without the right one they can only be set anew");
  }
  if (parts->key_id != id_of(user.bytes)) {
    throw Error(ErrorCode::credentials,
                "the key in " + user.origin + " is not the one that the secrets were stored with",
                "LUMI_SECRET_KEY_FILE or LUMI_SECRET_KEY names another");
  }
  auto bytes = open_sealed(user.bytes, label_of(record, parts->stretching), parts->sealed);
  if (!bytes || bytes->size() != k_sealing_key_size) {
    throw damaged("the key of the secrets");
  }
  return {record.id, *std::move(bytes)};
}

void seal_value(store::SecretRecord& record, std::string_view value, const DataKey& key) {
  record.sealed = kept(from_hex(key.id), seal(key.bytes, label_of(record), value));
}

std::string open_value(const store::SecretRecord& record, const DataKey& key) {
  const auto parts = take_apart(record.sealed);
  auto value = parts && parts->key_id == from_hex(key.id) ? open_sealed(key.bytes, label_of(record), parts->sealed)
                                                          : std::nullopt;
  if (!value) {
    throw damaged("the secret " + quote(record.name));
  }
  return *std::move(value);
}

}  // namespace lumi::secrets
