#include "core/inference/sample_record.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "core/tabular/json_scanner.hpp"
#include "core/tabular/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace lumi::inference {

namespace {

using Json = nlohmann::json;
using evaluation::SampleStatus;

// One record is a few hundred bytes and there may be thousands a second, so this goes without a JsonWriter's memory.
class Line {
public:
  void add(std::string_view key, std::string_view text) {
    start(key);
    append_json_string(json_, text);
  }
  void add(std::string_view key, std::int64_t number) {
    start(key);
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    json_.append(digits.data(), end);
  }
  void add_unless_empty(std::string_view key, std::string_view text) {
    if (!text.empty()) {
      add(key, text);
    }
  }
  void add_unless_zero(std::string_view key, std::int64_t number) {
    if (number != 0) {
      add(key, number);
    }
  }
  std::string take() { return std::move(json_) + "}"; }

private:
  void start(std::string_view key) {
    json_ += json_.empty() ? "{\"" : ",\"";
    json_ += key;
    json_ += "\":";
  }
  std::string json_;
};

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string() : found->get<std::string>();
}

std::optional<std::string> maybe_text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::nullopt : std::optional(found->get<std::string>());
}

std::int64_t number_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? 0 : found->get<std::int64_t>();
}

chat::Usage read_usage(const Json& json) {
  chat::Usage usage;
  usage.prompt_tokens = number_of(json, "prompt_tokens");
  usage.completion_tokens = number_of(json, "completion_tokens");
  usage.total_tokens = number_of(json, "total_tokens");
  if (json.contains("reasoning_tokens")) {
    usage.reasoning_tokens = number_of(json, "reasoning_tokens");
  }
  if (json.contains("cached_tokens")) {
    usage.cached_tokens = number_of(json, "cached_tokens");
  }
  usage.reasoning_is_estimated = number_of(json, "estimated") != 0;
  return usage;
}

void add_usage(Line& line, const chat::Usage& usage) {
  line.add("prompt_tokens", *usage.prompt_tokens);
  line.add("completion_tokens", *usage.completion_tokens);
  line.add("total_tokens", *usage.total_tokens);
  if (usage.reasoning_tokens) {
    line.add("reasoning_tokens", *usage.reasoning_tokens);
  }
  if (usage.cached_tokens) {
    line.add("cached_tokens", *usage.cached_tokens);
  }
  line.add_unless_zero("estimated", usage.reasoning_is_estimated ? 1 : 0);
}

SampleRecord read(const Json& json) {
  SampleRecord record;
  record.sample = json.at("sample").get<std::uint64_t>();
  record.row = json.at("row").get<std::uint64_t>();
  const auto status = evaluation::parse_sample_status(json.at("status").get_ref<const std::string&>());
  if (!status) {
    throw Error(ErrorCode::storage, "a journal names a status that is none");
  }
  record.status = *status;
  record.prediction = maybe_text(json, "prediction");
  record.reasoning = maybe_text(json, "reasoning");
  if (json.contains("prompt_tokens")) {
    record.usage = read_usage(json);
  }
  record.finish_reason = text_of(json, "finish_reason");
  record.error = text_of(json, "error");
  record.error_type = text_of(json, "error_type");
  record.model = text_of(json, "model");
  record.system_fingerprint = text_of(json, "system_fingerprint");
  record.request_id = text_of(json, "request_id");
  record.left_out = text_of(json, "left_out");
  record.requests = static_cast<std::uint32_t>(number_of(json, "requests"));
  record.is_cached = number_of(json, "cached") != 0;
  record.latency_us = number_of(json, "latency_us");
  record.first_token_us = number_of(json, "first_token_us");
  return record;
}

using tabular::JsonKind;
using tabular::JsonMember;

// The text field of a record that `key` names, or null.
std::string* text_field(SampleRecord& record, std::string_view key) {
  return key == "prediction"           ? &record.prediction.emplace()
         : key == "reasoning"          ? &record.reasoning.emplace()
         : key == "finish_reason"      ? &record.finish_reason
         : key == "error"              ? &record.error
         : key == "error_type"         ? &record.error_type
         : key == "model"              ? &record.model
         : key == "system_fingerprint" ? &record.system_fingerprint
         : key == "request_id"         ? &record.request_id
         : key == "left_out"           ? &record.left_out
                                       : nullptr;
}

bool set_text(SampleRecord& record, std::string_view key, std::string_view text) {
  if (key == "status") {
    const auto status = evaluation::parse_sample_status(text);
    record.status = status.value_or(record.status);
    return status.has_value();
  }
  if (auto* const field = text_field(record, key)) {
    *field = text;
  }
  return true;
}

void set_usage(chat::Usage& usage, std::string_view key, std::int64_t number) {
  if (key == "prompt_tokens") {
    usage.prompt_tokens = number;
  } else if (key == "completion_tokens") {
    usage.completion_tokens = number;
  } else if (key == "total_tokens") {
    usage.total_tokens = number;
  } else if (key == "reasoning_tokens") {
    usage.reasoning_tokens = number;
  } else if (key == "cached_tokens") {
    usage.cached_tokens = number;
  } else if (key == "estimated") {
    usage.reasoning_is_estimated = number != 0;
  }
}

void set_number(SampleRecord& record, std::string_view key, std::int64_t number) {
  if (key == "sample") {
    record.sample = static_cast<std::uint64_t>(number);
  } else if (key == "row") {
    record.row = static_cast<std::uint64_t>(number);
  } else if (key == "requests") {
    record.requests = static_cast<std::uint32_t>(number);
  } else if (key == "cached") {
    record.is_cached = number != 0;
  } else if (key == "latency_us") {
    record.latency_us = number;
  } else if (key == "first_token_us") {
    record.first_token_us = number;
  } else {
    if (!record.usage) {
      record.usage.emplace();
    }
    set_usage(*record.usage, key, number);
  }
}

bool set(SampleRecord& record, JsonMember& member) {
  if (member.kind == JsonKind::string) {
    if (member.is_value_escaped) {
      tabular::decode_in_place(member.value);
    }
    return set_text(record, member.key, member.value);
  }
  const auto number = parse_integer(member.value);
  if (number) {
    set_number(record, member.key, *number);
  }
  return number.has_value();
}

// What `to_json` writes, but for texts with NUL, several times as fast as `read`: all records are read at the end.
std::optional<SampleRecord> find_record(std::string_view json) {
  constexpr std::size_t k_padding = 16;
  constexpr std::size_t k_most_members = 32;
  std::string text(json.size() + k_padding, '\0');
  json.copy(text.data(), json.size());
  tabular::JsonScanner scanner(k_most_members);
  if (scanner.scan(text.data(), text.data() + json.size(), true) != tabular::JsonOutcome::object) {
    return std::nullopt;
  }
  SampleRecord record;
  auto& members = scanner.members();
  const bool starts_right = members.size() > 2 && members[0].key == "sample" && members[1].key == "row" &&
                            members[2].key == "status" && members[2].kind == JsonKind::string;
  if (!starts_right ||
      !std::all_of(members.begin(), members.end(), [&](auto& member) { return set(record, member); })) {
    return std::nullopt;
  }
  return record.usage && !record.usage->is_known() ? std::nullopt : std::optional(std::move(record));
}

}  // namespace

std::string to_json(const SampleRecord& record) {
  Line line;
  line.add("sample", static_cast<std::int64_t>(record.sample));
  line.add("row", static_cast<std::int64_t>(record.row));
  line.add("status", evaluation::to_text(record.status));
  if (record.prediction) {
    line.add("prediction", *record.prediction);
  }
  if (record.reasoning) {
    line.add("reasoning", *record.reasoning);
  }
  if (record.usage && record.usage->is_known()) {
    add_usage(line, *record.usage);
  }
  line.add_unless_empty("finish_reason", record.finish_reason);
  line.add_unless_empty("error", record.error);
  line.add_unless_empty("error_type", record.error_type);
  line.add_unless_empty("model", record.model);
  line.add_unless_empty("system_fingerprint", record.system_fingerprint);
  line.add_unless_empty("request_id", record.request_id);
  line.add_unless_empty("left_out", record.left_out);
  line.add_unless_zero("requests", record.requests);
  line.add_unless_zero("cached", record.is_cached ? 1 : 0);
  line.add_unless_zero("latency_us", record.latency_us);
  line.add_unless_zero("first_token_us", record.first_token_us);
  return line.take();
}

SampleRecord parse_sample_record(std::string_view json) {
  if (auto record = find_record(json)) {
    return *std::move(record);
  }
  try {
    return read(Json::parse(json));
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::storage, std::string("a journal has an entry that is no sample: ") + error.what());
  }
}

}  // namespace lumi::inference
