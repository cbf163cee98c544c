#include "core/services/secret.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "base/process.hpp"
#include "base/seal.hpp"
#include "base/text.hpp"
#include "core/metrics/text/python_text.hpp"
#include "store/repositories/secret_repository.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace lumi::services {

namespace {

constexpr std::size_t k_longest_secret_name = 255;
constexpr std::size_t k_longest_value = 1024;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

// In lower case as Lumigator's Python makes it, in any script.
std::string lower_name(std::string_view name) {
  if (find_invalid_utf8(name)) {
    return to_lower_ascii(name);
  }
  std::string lower;
  metrics::python::append_lower(name, lower);
  return lower;
}

std::string checked_name(std::string_view name) {
  const auto size = find_invalid_utf8(name) ? 0 : count_code_points(name);
  if (size < 1 || size > k_longest_secret_name || has_control(name) || trim(name).empty()) {
    throw Error(ErrorCode::invalid_input, "the name of a secret has 1 to 255 characters, and no control characters");
  }
  return lower_name(name);
}

// The value is in no message, be it as wrong as it may.
void check_value(std::string_view value) {
  const auto size = find_invalid_utf8(value) ? 0 : count_code_points(value);
  if (size < 1 || size > k_longest_value || has_control(value)) {
    throw Error(ErrorCode::invalid_input, "the value of a secret has 1 to 1024 characters, and no control characters");
  }
}

std::string hosts_json(const std::vector<std::string>& hosts) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_array();
  for (const auto& host : hosts) {
    const auto url = chat::parse_url("https://" + host);
    if (!url || !url->path.empty() || !url->query.empty()) {
      throw Error(ErrorCode::invalid_input, quote(host) + " is no host", "such as api.openai.com or 127.0.0.1:8080");
    }
    json.value(to_lower_ascii(host));
  }
  json.end_array();
  return sink.text();
}

std::vector<std::string> hosts_of(const store::SecretRecord& record) {
  const auto hosts = nlohmann::json::parse(record.hosts_json, nullptr, false);
  return hosts.is_array() ? hosts.get<std::vector<std::string>>() : std::vector<std::string>();
}

Error no_key() {
  return {ErrorCode::credentials,
          "the key of the secrets is missing",
          "LUMI_SECRET_KEY_FILE or LUMI_SECRET_KEY names it; without it they can only be set anew"};
}

}  // namespace

store::Listing<store::SecretRecord> SecretService::list(const store::Page& page) {
  auto* database = with_.databases.find();
  return database == nullptr ? store::Listing<store::SecretRecord>() : store::SecretRepository(*database).list(page);
}

// A new key of the user that was sealed with, but not yet put in its place when the process ended, is put there now.
secrets::UserKey SecretService::user_key_of(const store::DataKeyRecord& record) {
  if (const auto stretching = secrets::stretching_of(record)) {
    return with_.passphrase.key(*stretching);
  }
  auto key = with_.keys.find();
  if (!key) {
    throw no_key();
  }
  if (!secrets::is_sealed_with(record, *key)) {
    if (auto next = secrets::UserKeys::find_uncommitted(*key); next && secrets::is_sealed_with(record, *next)) {
      secrets::UserKeys::commit(*next, *key);
      next->file = key->file;
      return *std::move(next);
    }
  }
  return *std::move(key);
}

std::optional<secrets::DataKey> SecretService::find_data_key() {
  auto* database = with_.databases.find();
  const auto record = database == nullptr ? std::nullopt : store::SecretRepository(*database).find_data_key();
  return record ? std::optional(secrets::open_data_key(*record, user_key_of(*record))) : std::nullopt;
}

// What the first secret is protected with.
secrets::UserKey SecretService::new_user_key() {
  if (auto key = with_.keys.find()) {
    return *std::move(key);
  }
  return secrets::Passphrase::is_in_environment() ? with_.passphrase.key(secrets::Stretching::make())
                                                  : with_.keys.get_or_create();
}

secrets::DataKey SecretService::get_data_key() {
  auto& database = with_.databases.get();
  if (auto key = find_data_key()) {
    return *std::move(key);
  }
  const auto user = new_user_key();
  auto made = database.transaction([&]() -> std::optional<secrets::DataKey> {
    store::SecretRepository secrets(database);
    if (secrets.find_data_key()) {
      return std::nullopt;
    }
    auto key = secrets::DataKey::make();
    secrets.replace_data_keys(secrets::seal_data_key(key, user, with_.clock.now()));
    return key;
  });
  // Another process was faster: not in the transaction, because its key may have to be asked for.
  return made ? *std::move(made) : find_data_key().value();
}

KeptSecret SecretService::set(const SecretInput& input) {
  check_value(input.value);
  store::SecretRecord record;
  record.name = checked_name(input.name);
  const auto wanted_hosts = input.hosts ? hosts_json(*input.hosts) : std::string();
  const auto key = get_data_key();
  auto& database = with_.databases.get();
  return database.transaction([&] {
    store::SecretRepository secrets(database);
    const auto before = secrets.find(record.name);
    record.description = input.description.value_or(before ? before->description : "");
    record.hosts_json = input.hosts ? wanted_hosts : before ? before->hosts_json : "[]";
    record.created_at = before ? before->created_at : input.created_at.value_or(with_.clock.now());
    record.updated_at = before ? std::optional(with_.clock.now()) : std::nullopt;
    secrets::seal_value(record, input.value, key);
    secrets.put(record);
    return KeptSecret{record, !before};
  });
}

void SecretService::check(const SecretInput& input) {
  check_value(input.value);
  checked_name(input.name);
  if (input.hosts) {
    hosts_json(*input.hosts);
  }
  if (!find_data_key()) {
    with_.keys.find();  // which throws for one that is none
  }
}

bool SecretService::remove(std::string_view name) {
  return with_.databases.find() != nullptr && store::SecretRepository(with_.databases.get()).remove(lower_name(name));
}

bool SecretService::has(std::string_view name) {
  auto* database = with_.databases.find();
  return database != nullptr && store::SecretRepository(*database).find(lower_name(name));
}

store::SecretRecord SecretService::get(std::string_view name) {
  auto* database = with_.databases.find();
  auto record = database == nullptr ? std::nullopt : store::SecretRepository(*database).find(lower_name(name));
  if (!record) {
    throw Error(
        ErrorCode::not_found, "secret " + quote(name) + " not found", "'lumi secret list' shows which there are");
  }
  return *std::move(record);
}

std::optional<chat::StoredSecret> SecretService::find(std::string_view name) {
  if (!has(name)) {
    return std::nullopt;
  }
  const auto record = get(name);
  const auto key = find_data_key();
  if (!key) {
    throw no_key();
  }
  chat::StoredSecret secret{secrets::open_value(record, *key), hosts_of(record)};
  redact_in_log(secret.value);
  return secret;
}

std::string SecretService::key_origin() {
  auto* database = with_.databases.find();
  const auto record = database == nullptr ? std::nullopt : store::SecretRepository(*database).find_data_key();
  if (record) {
    return user_key_of(*record).origin;
  }
  const auto key = with_.keys.find();
  return key ? key->origin : "";
}

// Seals every secret with a new data key, and that with the key `next`; without `old` there is none yet.
std::size_t SecretService::seal_anew(const secrets::UserKey* old, const secrets::UserKey& next) {
  auto& database = with_.databases.get();
  return database.transaction([&] {
    store::SecretRepository secrets(database);
    const auto record = secrets.find_data_key();
    if (record && old == nullptr) {
      throw Error(ErrorCode::conflict, "another process has set a secret meanwhile", "try again");
    }
    const auto new_key = secrets::DataKey::make();
    auto all = record ? secrets.list({0, 0}).items : std::vector<store::SecretRecord>();
    const auto old_key = record ? std::optional(secrets::open_data_key(*record, *old)) : std::nullopt;
    for (auto& secret : all) {
      auto value = secrets::open_value(secret, old_key.value());
      secrets::seal_value(secret, value, new_key);
      wipe(value);
      secrets.put(secret);
    }
    secrets.replace_data_keys(secrets::seal_data_key(new_key, next, with_.clock.now()));
    return all.size();
  });
}

std::size_t SecretService::rekey(const NewProtection& next) {
  const auto old_record = store::SecretRepository(with_.databases.get()).find_data_key();
  if (!old_record && !next.passphrase) {
    throw Error(ErrorCode::not_found, "there are no secrets", "'lumi secret set' keeps one");
  }
  const auto old = old_record ? std::optional(user_key_of(*old_record)) : std::nullopt;
  if (old) {
    secrets::open_data_key(*old_record, *old);  // a wrong one is found before anything is made
  }
  const auto* old_key = old ? &*old : nullptr;
  if (next.key_file) {
    return seal_anew(old_key, secrets::UserKeys::read(*next.key_file));
  }
  if (next.passphrase) {
    with_.passphrase.replace(*next.passphrase);
  }
  if (next.passphrase || old->stretching) {
    return seal_anew(old_key, with_.passphrase.key(secrets::Stretching::make()));
  }
  if (old->file.empty()) {
    throw Error(ErrorCode::usage,
                "the key in " + old->origin + " cannot be replaced from here",
                "give --new-key-file FILE, and name that file in LUMI_SECRET_KEY_FILE afterwards");
  }
  secrets::UserKeys::Replacement replacement(old->file);
  const auto count = seal_anew(old_key, replacement.key());
  replacement.commit();
  return count;
}

}  // namespace lumi::services
