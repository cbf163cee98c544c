#include "core/config/settings.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "core/config/settings_file.hpp"

#include <algorithm>
#include <array>

namespace lumi::config {

namespace {

constexpr std::array<Definition, 23> k_settings{{
    {"home", Kind::folder, "", "database, local objects and running jobs"},
    {"storage", Kind::text, "file:", "where new objects go: file:, file:///DIR or s3://BUCKET/PREFIX"},
    {"deployment_type",
     Kind::choice,
     "local",
     "what `lumi health` answers",
     "local development staging production",
     "DEPLOYMENT_TYPE"},
    {"log", Kind::choice, "warn", "how much is logged on stderr", "trace debug info warn error off"},
    {"color", Kind::choice, "auto", "when colour is used", "auto always never"},
    {"dataset.max_size", Kind::size, "", "refuse larger datasets (Lumigator's limit is 50MB)"},
    {"dataset.max_cell_size", Kind::size, "16MiB", "refuse datasets with a larger cell"},
    {"evaluation.threads", Kind::integer, "", "threads that score; not set: one per core"},
    {"evaluation.max_memory", Kind::size, "16MiB", "memory for texts being scored and scores being kept"},
    {"inference.concurrency", Kind::text, "auto", "requests in flight at an endpoint: auto or a number"},
    {"inference.rpm", Kind::integer, "", "requests a minute to an endpoint; not set: no limit"},
    {"inference.tpm", Kind::integer, "", "tokens a minute to an endpoint; not set: no limit"},
    {"inference.request_timeout", Kind::duration, "600s", "when a request is given up"},
    {"inference.timeout", Kind::duration, "", "when a job is stopped; not set: never"},
    {"inference.max_cost", Kind::number, "", "USD that a job may cost; not set: no limit"},
    {"inference.max_total_tokens", Kind::integer, "", "tokens that a job may use; not set: no limit"},
    {"inference.max_retries", Kind::integer, "5", "further tries of a request that failed for now"},
    {"inference.cache", Kind::choice, "auto", "when answers are taken from the cache", "auto always never"},
    {"inference.allowed_hosts", Kind::text, "", "further hosts that keys may go to, separated by commas"},
    {"workers.hf.command", Kind::text, "", "how the worker of provider hf is started; not set: the installed one"},
    {"metrics.wordnet_dir", Kind::folder, "", "folder of WordNet 3.0's files, for METEOR"},
    {"metrics.nltk_data_dir", Kind::folder, "", "folder of NLTK's data, for METEOR's sentence splitter"},
    {"prices_file", Kind::text, "", "file with prices of models, for what is not under prices: in the configuration"},
}};

// Users name what is in here: `prices: {my-model: {input: 1, output: 2}}`.
constexpr std::string_view k_free_group = "prices.";

std::string variable_of(const Definition& definition) {
  std::string name = "LUMI_";
  for (const char c : definition.key) {
    name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

const Definition& definition_of(std::string_view key) {
  for (const auto& definition : k_settings) {
    if (definition.key == key) {
      return definition;
    }
  }
  std::vector<std::string> keys;
  for (const auto& definition : k_settings) {
    keys.emplace_back(definition.key);
  }
  const auto near = did_you_mean(key, keys);
  throw Error(ErrorCode::usage,
              "unknown setting " + quote(key),
              near.empty() ? "run 'lumi config list' for the settings" : near);
}

/// What is wrong with `value`, or nothing.
std::optional<std::string> fault_of(const Definition& definition, const std::string& value) {
  switch (definition.kind) {
  case Kind::text:
  case Kind::folder:
    return std::nullopt;
  case Kind::size:
    return parse_size(value) ? std::nullopt : std::optional<std::string>("needs a size such as 50MB or 64MiB");
  case Kind::integer:
    return parse_integer(value) ? std::nullopt : std::optional<std::string>("needs a whole number");
  case Kind::number:
    return parse_real(value) ? std::nullopt : std::optional<std::string>("needs a number");
  case Kind::duration:
    return parse_duration_ms(value) ? std::nullopt
                                    : std::optional<std::string>("needs a duration such as 90s or 1h30m");
  case Kind::choice:
    break;
  }
  const auto choices = split(definition.choices, ' ');
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) {
    return std::nullopt;
  }
  return "is one of: " + join({choices.begin(), choices.end()}, ", ");
}

void check(const Definition& definition, const std::string& value, ErrorCode code, const std::string& where) {
  if (const auto fault = fault_of(definition, value)) {
    throw Error(code, where + ": " + std::string(definition.key) + " cannot be " + quote(value), "it " + *fault);
  }
}

}  // namespace

std::span<const Definition> all_settings() { return k_settings; }

std::filesystem::path Settings::default_file() {
  if (const auto file = environment("LUMI_CONFIG")) {
    return *file;
  }
  if (const auto folder = environment("XDG_CONFIG_HOME")) {
    return std::filesystem::path(*folder) / "lumi" / "config.yaml";
  }
  return std::filesystem::path(environment("HOME").value_or("/")) / ".config" / "lumi" / "config.yaml";
}

Setting Settings::get(std::string_view key) const {
  const auto& definition = definition_of(key);
  if (const auto flag = flags_.find(key); flag != flags_.end()) {
    check(definition, flag->second, ErrorCode::usage, "flag");
    return {flag->second, "flag"};
  }
  for (const auto& variable : {variable_of(definition), std::string(definition.variable)}) {
    const auto value = variable.empty() ? std::nullopt : environment(variable.c_str());
    if (value) {
      check(definition, *value, ErrorCode::usage, "environment variable " + variable);
      return {*value, "environment " + variable};
    }
  }
  if (const auto in_file = file_values().find(key); in_file != file_values().end()) {
    return {in_file->second.value, file_.string()};
  }
  return {std::string(definition.default_value), "default"};
}

std::optional<std::uint64_t> Settings::get_size(std::string_view key) const {
  const auto setting = get(key);
  return setting.value.empty() ? std::nullopt : parse_size(setting.value);
}

std::optional<std::int64_t> Settings::get_integer(std::string_view key) const {
  const auto setting = get(key);
  return setting.value.empty() ? std::nullopt : parse_integer(setting.value);
}

FileValues Settings::get_group(std::string_view prefix) const {
  FileValues group;
  for (const auto& [key, value] : file_values()) {
    if (key.starts_with(prefix) && key.size() > prefix.size() && key[prefix.size()] == '.') {
      group.emplace(key.substr(prefix.size() + 1), value);
    }
  }
  return group;
}

void Settings::override_with_flag(std::string_view key, std::string value) {
  flags_[std::string(key)] = std::move(value);
}

const FileValues& Settings::file_values() const {
  if (!file_values_) {
    std::error_code absent;
    file_values_ = std::filesystem::exists(file_, absent) ? checked_values(read_file(file_)) : FileValues();
  }
  return *file_values_;
}

FileValues Settings::checked_values(const std::string& text) const {
  auto values = parse_settings_file(text, file_.string());
  for (const auto& [key, value] : values) {
    if (key.starts_with(k_free_group)) {
      continue;
    }
    const auto place = file_.string() + ":" + std::to_string(value.line + 1);
    try {
      check(definition_of(key), value.value, ErrorCode::invalid_input, place);
    } catch (const Error& error) {
      const std::string message = error.what();
      throw Error(
          ErrorCode::invalid_input, message.starts_with(place) ? message : place + ": " + message, error.hint());
    }
  }
  return values;
}

void Settings::set(std::string_view key, const std::string& value) {
  check(definition_of(key), value, ErrorCode::usage, "lumi config set");
  std::error_code absent;
  const auto before = std::filesystem::exists(file_, absent) ? read_file(file_) : std::string();
  const auto text = with_setting(before, file_values(), std::string(key), value);
  auto values = checked_values(text);
  if (values[std::string(key)].value != value) {
    throw Error(ErrorCode::failure, "cannot change " + quote(key) + " in " + quote(file_.string()), "edit the file");
  }
  make_private_folder(file_.parent_path());
  write_file(file_, text, Overwrite::yes, Durable::yes);
  file_values_ = std::move(values);
}

}  // namespace lumi::config
