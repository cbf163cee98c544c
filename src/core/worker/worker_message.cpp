#include "core/worker/worker_message.hpp"

#include "base/json_writer.hpp"
#include "base/version.hpp"
#include "core/chat/json_fields.hpp"

#include <nlohmann/json.hpp>

namespace lumi::worker {

namespace {

using Json = nlohmann::json;
using Type = WorkerMessage::Type;

Type type_of(std::string_view name) {
  return name == "hello"      ? Type::hello
         : name == "ready"    ? Type::ready
         : name == "progress" ? Type::progress
         : name == "result"   ? Type::result
         : name == "error"    ? Type::error
                              : Type::other;
}

template <class Write>
std::string line_of(std::string_view type, Write write) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("type", type);
  write(json);
  json.end_object();
  return sink.text();
}

}  // namespace

std::optional<WorkerMessage> parse_message(std::string_view line) {
  const auto json = chat::parse_json(line);
  if (!json.is_object() || chat::text_at(json, "type").empty()) {
    return std::nullopt;
  }
  WorkerMessage message;
  message.type = type_of(chat::text_at(json, "type"));
  if (const auto id = chat::count_at(json, "id")) {
    message.id = static_cast<std::uint64_t>(*id);
  }
  message.protocol = chat::count_at(json, "protocol").value_or(0);
  message.name = chat::text_at(json, "name");
  if (const auto most = chat::count_at(json, "max_in_flight"); most && *most > 0) {
    message.max_in_flight = static_cast<std::size_t>(*most);
  }
  message.code = chat::text_at(json, "code");
  message.text = chat::text_at(json, "message");
  message.hint = chat::text_at(json, "hint");
  if (const auto* problem = chat::object_at(json, "problem")) {
    message.text = chat::text_at(*problem, "message");
    message.hint = chat::text_at(*problem, "hint");
  }
  message.done = chat::count_at(json, "done");
  message.total = chat::count_at(json, "total");
  return message;
}

std::string hello_line() {
  return line_of("hello", [](JsonWriter& json) {
    json.member("protocol", k_protocol);
    json.member("lumi", k_version);
  });
}

std::string open_line(std::string_view method, std::string_view options_json, std::size_t max_in_flight) {
  return line_of("open", [&](JsonWriter& json) {
    json.member("method", method);
    json.member("max_in_flight", max_in_flight);
    json.key("options");
    json.raw(options_json);
  });
}

std::string request_line(std::uint64_t id, std::string_view params_json, More more) {
  return line_of("request", [&](JsonWriter& json) {
    json.member("id", id);
    json.member("more", more == More::yes);
    json.key("params");
    json.raw(params_json);
  });
}

std::string cancel_line(std::uint64_t id) {
  return line_of("cancel", [&](JsonWriter& json) { json.member("id", id); });
}

std::string shutdown_line() {
  return line_of("shutdown", [](JsonWriter&) {});
}

std::string error_line(std::string_view code, std::string_view message) {
  return line_of("error", [&](JsonWriter& json) {
    json.member("code", code);
    json.member("message", message);
  });
}

}  // namespace lumi::worker
