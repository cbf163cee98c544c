#include "base/base64.hpp"
#include "base/seal.hpp"
#include "core/secrets/vault.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

using namespace lumi::secrets;
using lumi::ErrorCode;
using lumi::store::SecretRecord;
using lumi::test::code_of;

namespace {

UserKey user_key() { return {lumi::random_bytes(lumi::k_sealing_key_size), "a test", {}}; }

SecretRecord record(const std::string& name, const std::string& value, const DataKey& key) {
  SecretRecord record;
  record.name = name;
  seal_value(record, value, key);
  return record;
}

}  // namespace

TEST_CASE("a data key comes back with the user's key alone") {
  const auto user = user_key();
  const auto key = DataKey::make();
  const auto row = seal_data_key(key, user, {1});
  CHECK(row.id == key.id);
  CHECK(open_data_key(row, user).bytes == key.bytes);
  CHECK(is_sealed_with(row, user));
  CHECK_FALSE(is_sealed_with(row, user_key()));
  CHECK(code_of([&] { open_data_key(row, user_key()); }) == ErrorCode::credentials);
  auto other = row;
  other.id = DataKey::make().id;
  CHECK(code_of([&] { open_data_key(other, user); }) == ErrorCode::storage);
  other.sealed = "AQ==";
  CHECK(code_of([&] { open_data_key(other, user); }) == ErrorCode::storage);
}

TEST_CASE("a data key under a passphrase says how that was stretched, and no bit of it can be changed") {
  const Stretching how{{10, 8, 1}, std::string(16, 's')};
  const UserKey user{lumi::random_bytes(lumi::k_sealing_key_size), "a test", {}, how};
  const auto key = DataKey::make();
  const auto row = seal_data_key(key, user, {1});
  CHECK(stretching_of(row)->encode() == how.encode());
  CHECK_FALSE(stretching_of(seal_data_key(key, user_key(), {1})));
  CHECK(is_sealed_with(row, user));
  CHECK(open_data_key(row, user).bytes == key.bytes);
  CHECK(code_of([&] { open_data_key(row, user_key()); }) == ErrorCode::credentials);
  const auto bytes = lumi::base64_decode(row.sealed).value();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    auto bad = row;
    bad.sealed = lumi::base64_encode(changed);
    CAPTURE(bit);
    const bool is_of_the_id = bit / 8 >= 1 && bit / 8 <= 8;
    CHECK(code_of([&] { open_data_key(bad, user); }) == (is_of_the_id ? ErrorCode::credentials : ErrorCode::storage));
  }
}

TEST_CASE("a value belongs to its name and hosts") {
  const auto key = DataKey::make();
  const auto row = record("a", "sk-1", key);
  CHECK(open_value(row, key) == "sk-1");
  auto swapped = row;
  swapped.name = "b";
  CHECK(code_of([&] { open_value(swapped, key); }) == ErrorCode::storage);
  swapped = row;
  swapped.hosts_json = R"(["evil.example"])";
  CHECK(code_of([&] { open_value(swapped, key); }) == ErrorCode::storage);
  swapped = record("b", "sk-2", key);
  swapped.name = "a";
  CHECK(code_of([&] { open_value(swapped, key); }) == ErrorCode::storage);
  CHECK(code_of([&] { open_value(row, DataKey::make()); }) == ErrorCode::storage);
}

TEST_CASE("no bit of a row can be changed") {
  const auto key = DataKey::make();
  const auto row = record("a", "sk-1", key);
  const auto bytes = lumi::base64_decode(row.sealed).value();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    auto bad = row;
    bad.sealed = lumi::base64_encode(changed);
    CAPTURE(bit);
    CHECK(code_of([&] { open_value(bad, key); }) == ErrorCode::storage);
  }
}
