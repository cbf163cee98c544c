#include "core/chat/error_fields.hpp"

#include "base/text.hpp"
#include "core/chat/json_fields.hpp"

#include <nlohmann/json.hpp>

namespace lumi::chat {

namespace {

using Json = nlohmann::json;

constexpr std::size_t k_longest_text = 300;

std::string scalar_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) {
    return {};
  }
  if (found->is_string()) {
    return found->get<std::string>();
  }
  return found->is_number() ? found->dump() : std::string();
}

// FastAPI's list of faults: [{"loc":["body","seed"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}].
void read_faults(const Json& list, ErrorFields& error) {
  for (const auto& fault : list) {
    if (!fault.is_object()) {
      continue;
    }
    const auto where = fault.find("loc");
    std::string name;
    if (where != fault.end() && where->is_array() && !where->empty() && where->back().is_string()) {
      name = where->back().get<std::string>();
    }
    if (error.message.empty()) {
      error.param = name;
      error.type = text_at(fault, "type");
    }
    error.message += (error.message.empty() ? "" : "; ") + (name.empty() ? "" : name + ": ") + text_at(fault, "msg");
  }
}

ErrorFields fields_of(const Json& object) {
  ErrorFields error;
  error.message = text_at(object, "message");
  if (error.message.empty()) {
    error.message = text_at(object, "Message");
  }
  error.type = text_at(object, "type");
  error.param = text_at(object, "param");
  error.code = scalar_at(object, "code");
  if (error.code.empty()) {
    error.code = text_at(object, "error_type");
  }
  if (const auto detail = object.find("detail"); detail != object.end() && error.message.empty()) {
    if (detail->is_string()) {
      error.message = detail->get<std::string>();
    } else if (detail->is_array()) {
      read_faults(*detail, error);
    } else if (detail->is_object()) {
      return fields_of(*detail);
    }
  }
  return error;
}

// The title of a page, or nothing.
std::string title_of(std::string_view page) {
  const auto lower = to_lower_ascii(page);
  const auto open = lower.find("<title>");
  const auto close = lower.find("</title>", open == std::string::npos ? 0 : open);
  constexpr std::size_t k_tag = 7;
  return open == std::string::npos || close == std::string::npos
             ? std::string()
             : std::string(trim(page.substr(open + k_tag, close - open - k_tag)));
}

}  // namespace

int ErrorFields::code_status() const {
  const auto number = parse_integer(code);
  return number && *number >= 400 && *number <= 599 ? static_cast<int>(*number) : 0;
}

std::optional<ErrorFields> find_error(const Json& body, Failed failed) {
  if (body.is_array() && failed == Failed::yes && !body.empty()) {
    return find_error(body.front(), failed);
  }
  if (!body.is_object()) {
    return std::nullopt;
  }
  if (const auto error = body.find("error"); error != body.end() && !error->is_null()) {
    auto fields = error->is_object() ? fields_of(*error) : fields_of(body);
    if (error->is_string() && fields.message.empty()) {
      fields.message = error->get<std::string>();
    }
    return fields;
  }
  if (failed == Failed::yes || text_at(body, "object") == "error" || text_at(body, "type") == "error") {
    return fields_of(body);
  }
  return std::nullopt;
}

ErrorFields read_error(std::string_view body) {
  const auto text = trim(body);
  if (const auto json = parse_json(text); !json.is_discarded()) {
    if (const auto error = find_error(json, Failed::yes)) {
      return *error;
    }
  }
  ErrorFields error;
  const auto start = to_valid_utf8(text.substr(0, 16 * k_longest_text));
  error.message = text.starts_with('<') ? title_of(start) : std::string(cut_to_bytes(start, k_longest_text));
  return error;
}

}  // namespace lumi::chat
