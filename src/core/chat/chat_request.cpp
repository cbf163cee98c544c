#include "core/chat/chat_request.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace lumi::chat {

namespace {

constexpr std::array<std::string_view, 4> k_own_fields = {"model", "messages", "stream", "n"};
constexpr std::array<std::string_view, 8> k_own_headers = {"authorization",
                                                           "x-api-key",
                                                           "api-key",
                                                           "content-type",
                                                           "content-length",
                                                           "transfer-encoding",
                                                           "connection",
                                                           "host"};

template <class List>
bool holds(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

auto find_field(std::vector<Parameter>& fields, std::string_view name) {
  return std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
}

bool is_token_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view to_text(Role role) {
  switch (role) {
  case Role::system:
    return "system";
  case Role::user:
    return "user";
  case Role::assistant:
    break;
  }
  return "assistant";
}

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

void append_messages(std::string& out, std::span<const Message> messages, bool with_system) {
  out += "\"messages\":[";
  bool is_first = true;
  for (const auto& message : messages) {
    if (message.role == Role::system && !with_system) {
      continue;
    }
    out += is_first ? "{\"role\":\"" : ",{\"role\":\"";
    out += to_text(message.role);
    out += "\",\"content\":";
    append_json_string(out, message.text);
    out += '}';
    is_first = false;
  }
  out += ']';
}

// Anthropic takes system messages apart from the others.
void append_system(std::string& out, std::span<const Message> messages) {
  std::string system;
  for (const auto& message : messages) {
    if (message.role == Role::system) {
      system += system.empty() ? "" : "\n";
      system += message.text;
    }
  }
  if (!system.empty()) {
    out += "\"system\":";
    append_json_string(out, system);
    out += ',';
  }
}

std::vector<net::HttpHeader> make_headers(const Endpoint& endpoint, const ApiKey& key, const ChatSettings& settings) {
  std::vector<net::HttpHeader> headers = {
      {"Content-Type", "application/json"},
      {"Accept", settings.delivery == Delivery::stream ? "text/event-stream" : "application/json"}};
  if (!key.value.empty()) {
    switch (endpoint.provider->authorization) {
    case Authorization::bearer:
      headers.push_back({"Authorization", "Bearer " + key.value});
      break;
    case Authorization::x_api_key:
      headers.push_back({"x-api-key", key.value});
      break;
    case Authorization::api_key:
      headers.push_back({"api-key", key.value});
      break;
    }
  }
  if (endpoint.provider->protocol == Protocol::anthropic) {
    headers.push_back({"anthropic-version", "2023-06-01"});
  }
  for (const auto& header : settings.headers) {
    const auto name = to_lower_ascii(header.name);
    std::erase_if(headers, [&](const auto& own) { return to_lower_ascii(own.name) == name; });
    headers.push_back(header);
  }
  return headers;
}

}  // namespace

Parameter parse_parameter(std::string_view text) {
  const auto equals = text.find('=');
  const auto name = trim(text.substr(0, equals));
  if (equals == std::string_view::npos || name.empty()) {
    throw Error(ErrorCode::usage, "parameter " + quote(text) + " is not KEY=JSON", "for example --param top_k=40");
  }
  if (holds(k_own_fields, name)) {
    throw Error(ErrorCode::usage, "lumi sets the request field " + quote(name) + " itself");
  }
  const auto value = text.substr(equals + 1);
  const auto json = nlohmann::json::parse(value.begin(), value.end(), nullptr, false);
  return {std::string(name), json.is_discarded() ? json_string(value) : json.dump()};
}

net::HttpHeader parse_header(std::string_view text) {
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  const auto value = colon == std::string_view::npos ? std::string_view() : trim(text.substr(colon + 1));
  if (value.empty() || name.empty() || !std::all_of(name.begin(), name.end(), is_token_char) ||
      std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; })) {
    throw Error(ErrorCode::usage, "header " + quote(text) + " is not \"NAME: VALUE\"");
  }
  if (holds(k_own_headers, to_lower_ascii(name))) {
    throw Error(ErrorCode::usage,
                "lumi sets the header " + quote(name) + " itself",
                "keys come from secrets or the environment: 'lumi help environment'");
  }
  return {std::string(name), std::string(value)};
}

RequestBuilder::RequestBuilder(Endpoint endpoint, ApiKey key, ChatSettings settings)
    : endpoint_(std::move(endpoint)), settings_(std::move(settings)),
      headers_(make_headers(endpoint_, key, settings_)) {
  context_.protocol = endpoint_.provider->protocol;
  if (!endpoint_.is_own_host && endpoint_.base_url.find("/v1") == std::string::npos) {
    context_.not_found_advice = "most servers want a base URL that ends in /v1";
  }
  add_fields();
  apply_rules();
  for (const auto& field : fields_) {
    if (!holds(k_own_fields, field.name)) {
      context_.parameters.push_back(field.name);
    }
  }
  write_frame();
}

void RequestBuilder::add(std::string name, std::string json) {
  const auto found = find_field(fields_, name);
  if (json == "null") {
    if (found != fields_.end()) {
      fields_.erase(found);
    }
  } else if (found != fields_.end()) {
    found->json = std::move(json);
  } else {
    fields_.push_back({std::move(name), std::move(json)});
  }
}

void RequestBuilder::add_fields() {
  const auto& generation = settings_.generation;
  add("model", json_string(settings_.model));
  add("max_tokens", std::to_string(generation.max_new_tokens));
  add("frequency_penalty", json_number(generation.frequency_penalty));
  add("temperature", json_number(generation.temperature));
  add("top_p", json_number(generation.top_p));
  if (settings_.seed) {
    add("seed", std::to_string(*settings_.seed));
  }
  if (settings_.delivery == Delivery::stream) {
    add("stream", "true");
    add("stream_options", R"({"include_usage":true})");
  }
  for (const auto& parameter : settings_.parameters) {
    add(parameter.name, parameter.json);
  }
}

void RequestBuilder::apply_rules() {
  for (const auto& rule : endpoint_.provider->rules) {
    const auto field = find_field(fields_, rule.parameter);
    if (field == fields_.end()) {
      continue;
    }
    adjustments_.push_back({std::string(rule.parameter), std::string(rule.sent_as)});
    if (rule.sent_as.empty() || find_field(fields_, rule.sent_as) != fields_.end()) {
      fields_.erase(field);
    } else {
      field->name = rule.sent_as;
    }
  }
}

void RequestBuilder::write_frame() {
  before_messages_ = "{\"model\":" + fields_.front().json + ",";
  after_messages_.clear();
  for (const auto& field : fields_) {
    if (field.name != "model") {
      after_messages_ += "," + json_string(field.name) + ":" + field.json;
    }
  }
  after_messages_ += '}';
}

RequestBuilder::Adjusted RequestBuilder::adjust(const Adjustment& adjustment, std::uint64_t revision) {
  const auto field = find_field(fields_, adjustment.parameter);
  if (field == fields_.end() || holds(k_own_fields, adjustment.parameter)) {
    return revision < revision_ ? Adjusted::before : Adjusted::impossible;
  }
  // A name that was refused before does not come back: every parameter changes a finite number of times.
  const bool is_refused = std::any_of(
      adjustments_.begin(), adjustments_.end(), [&](const auto& one) { return one.parameter == adjustment.sent_as; });
  auto made = adjustment;
  if (made.sent_as.empty() || is_refused || find_field(fields_, made.sent_as) != fields_.end()) {
    made.sent_as.clear();
    fields_.erase(field);
  } else {
    field->name = made.sent_as;
    context_.parameters.push_back(made.sent_as);
  }
  adjustments_.push_back(std::move(made));
  ++revision_;
  write_frame();
  return Adjusted::now;
}

std::string RequestBuilder::body(std::span<const Message> messages) const {
  constexpr std::size_t k_around_message = 40;
  const bool with_system = context_.protocol != Protocol::anthropic;
  std::size_t size = before_messages_.size() + after_messages_.size() + k_around_message;
  for (const auto& message : messages) {
    size += message.text.size() + message.text.size() / 16 + k_around_message;
  }
  std::string body;
  body.reserve(size);
  body += before_messages_;
  if (!with_system) {
    append_system(body, messages);
  }
  append_messages(body, messages, with_system);
  body += after_messages_;
  return body;
}

net::HttpRequest RequestBuilder::build(std::span<const Message> messages) const {
  net::HttpRequest request;
  request.method = "POST";
  request.url = endpoint_.url;
  request.headers = headers_;
  request.body = body(messages);
  request.limits = settings_.limits;
  request.max_body_bytes = settings_.max_answer_bytes;
  return request;
}

}  // namespace lumi::chat
