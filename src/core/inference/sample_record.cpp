#include "core/inference/sample_record.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"

#include <nlohmann/json.hpp>

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
  try {
    return read(Json::parse(json));
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::storage, std::string("a journal has an entry that is no sample: ") + error.what());
  }
}

}  // namespace lumi::inference
