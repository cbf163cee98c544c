#include "core/schemas/body_reader.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "core/schemas/yaml_document.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace lumi::schemas {

namespace {

using Json = nlohmann::json;

// The place of a byte as "line:column", the column in code points.
std::string place_in(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  return std::to_string(line) + ":" + std::to_string(1 + count_code_points(before.substr(line_start)));
}

// nlohmann's own wording names its internals; only what follows the last "; " or "- " is for people.
std::string plain_reason(const std::string& what) {
  const auto start = what.find("syntax error");
  auto reason = start == std::string::npos ? what : what.substr(start);
  const auto dash = reason.find(" - ");
  if (dash != std::string::npos) {
    reason = reason.substr(dash + 3);
  }
  return reason.substr(0, reason.find("; last read"));
}

std::string_view type_name(const Json& value) {
  switch (value.type()) {
  case Json::value_t::object:
    return "an object";
  case Json::value_t::array:
    return "a list";
  case Json::value_t::string:
    return "a text";
  case Json::value_t::boolean:
    return "true or false";
  case Json::value_t::null:
    return "null";
  default:
    return "a number";
  }
}

/// The member with a number in place of a text that is one.
Json with_number(const Json& value) {
  const auto number = value.is_string() ? parse_real(trim(value.get_ref<const std::string&>())) : std::nullopt;
  return number ? Json(*number) : value;
}

/// What other words for true and false mean.
std::optional<bool> truth_of(const Json& value) {
  constexpr std::array<std::string_view, 6> k_true{"true", "yes", "on", "t", "y", "1"};
  constexpr std::array<std::string_view, 6> k_false{"false", "no", "off", "f", "n", "0"};
  const auto word = to_lower_ascii(value.is_string() ? value.get<std::string>() : value.dump());
  if (std::find(k_true.begin(), k_true.end(), word) != k_true.end()) {
    return true;
  }
  return std::find(k_false.begin(), k_false.end(), word) != k_false.end() ? std::optional(false) : std::nullopt;
}

}  // namespace

struct BodyReader::Document {
  std::shared_ptr<const Json> root;
  std::string name;
  std::map<std::string, TextPlace, std::less<>> places;  // of YAML only

  // "name", with the line and column of the innermost thing around `pointer` whose place is known.
  std::string place(std::string pointer) const {
    if (places.empty()) {
      return name;
    }
    auto found = places.find(pointer);
    while (found == places.end() && !pointer.empty()) {
      pointer.resize(pointer.rfind('/'));
      found = places.find(pointer);
    }
    return found == places.end()
               ? name
               : name + ":" + std::to_string(found->second.line) + ":" + std::to_string(found->second.column);
  }
};

BodyReader::BodyReader(std::shared_ptr<const Document> document, const Json& object, std::string pointer)
    : document_(std::move(document)), object_(&object), pointer_(std::move(pointer)) {}

BodyReader BodyReader::parse(std::string_view text, const std::string& name) {
  if (const auto bad = find_invalid_utf8(text)) {
    throw Error(ErrorCode::invalid_input, name + ": byte " + std::to_string(*bad) + " is not UTF-8");
  }
  try {
    auto root = std::make_shared<const Json>(Json::parse(text.begin(), text.end()));
    if (!root->is_object()) {
      throw Error(ErrorCode::invalid_input, name + ": needs a JSON object, not " + std::string(type_name(*root)));
    }
    const Json& object = *root;
    return {std::make_shared<const Document>(Document{std::move(root), name, {}}), object, ""};
  } catch (const Json::parse_error& error) {
    const auto offset = std::min<std::size_t>(error.byte > 0 ? error.byte - 1 : 0, text.size());
    throw Error(ErrorCode::invalid_input,
                name + ":" + place_in(text, offset) + ": no JSON: " + plain_reason(error.what()));
  } catch (const Json::out_of_range&) {
    throw Error(ErrorCode::invalid_input, name + ": a number in it is too large");
  }
}

BodyReader BodyReader::parse_yaml(std::string_view text, const std::string& name) {
  auto yaml = schemas::parse_yaml(text, name);
  if (!yaml.root->is_object()) {
    throw Error(ErrorCode::invalid_input, name + ": needs a mapping, not " + std::string(type_name(*yaml.root)));
  }
  const Json& object = *yaml.root;
  return {std::make_shared<const Document>(Document{std::move(yaml.root), name, std::move(yaml.places)}), object, ""};
}

std::string BodyReader::place(std::string_view key) const {
  const auto full = pointer_ + (key.empty() ? "" : "/" + pointer_part(key));
  return document_->place(full) + ": " + (full.empty() ? "/" : full);
}

bool BodyReader::is_text(const std::string& key) const {
  const auto found = object_->find(key);
  return found != object_->end() && found->is_string();
}

std::string BodyReader::pointer(std::string_view key) const {
  if (key.empty()) {
    return pointer_.empty() ? "/" : pointer_;
  }
  return pointer_ + "/" + pointer_part(key);
}

void BodyReader::refuse_at(const std::string& pointer, const std::string& problem, std::string hint) const {
  throw Error(ErrorCode::invalid_input,
              document_->place(pointer) + ": " + (pointer.empty() ? "/" : pointer) + " " + problem,
              std::move(hint));
}

void BodyReader::refuse(std::string_view key, const std::string& problem, std::string hint) const {
  refuse_at(pointer_ + (key.empty() ? "" : "/" + pointer_part(key)), problem, std::move(hint));
}

void BodyReader::refuse_type(const std::string& key, std::string_view wanted, const Json& got) const {
  refuse(key, "needs " + std::string(wanted) + ", not " + std::string(type_name(got)));
}

const Json* BodyReader::find(const std::string& key) {
  known_.push_back(key);
  const auto found = object_->find(key);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> BodyReader::text(const std::string& key) {
  const auto* value = find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_string()) {
    refuse_type(key, "a text", *value);
  }
  return value->get<std::string>();
}

std::optional<bool> BodyReader::flag(const std::string& key) {
  const auto* value = find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  const auto truth = truth_of(*value);
  if (!truth) {
    refuse_type(key, "true or false", *value);
  }
  return truth;
}

std::optional<double> BodyReader::real(const std::string& key) {
  const auto* value = find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  const auto number = with_number(*value);
  if (!number.is_number()) {
    refuse_type(key, "a number", *value);
  }
  return number.get<double>();
}

std::optional<std::int64_t> BodyReader::integer(const std::string& key) {
  const auto* found = find(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const auto value = with_number(*found);
  constexpr double k_largest = 9.0e15;  // whole numbers up to here survive as doubles
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (std::trunc(number) == number && std::abs(number) < k_largest) {
      return static_cast<std::int64_t>(number);
    }
    refuse(key, "needs a whole number, not " + json_number(number));
  }
  if (!value.is_number()) {
    refuse_type(key, "a whole number", value);
  }
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    refuse(key, "is too large a number");
  }
  return value.get<std::int64_t>();
}

std::optional<std::vector<std::string>> BodyReader::texts(const std::string& key) {
  const auto* value = find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_array()) {
    refuse_type(key, "a list of texts", *value);
  }
  std::vector<std::string> result;
  for (const auto& element : *value) {
    if (!element.is_string()) {
      refuse_at(pointer(key) + "/" + std::to_string(result.size()),
                "needs a text, not " + std::string(type_name(element)));
    }
    result.push_back(element.get<std::string>());
  }
  return result;
}

std::optional<BodyReader> BodyReader::object(const std::string& key) {
  const auto* value = find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_object()) {
    refuse_type(key, "an object", *value);
  }
  return BodyReader(document_, *value, pointer(key));
}

std::optional<std::string> BodyReader::scalar(const std::string& key) {
  const auto* value = find(key);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (value->is_structured()) {
    refuse_type(key, "a single value", *value);
  }
  return value->is_string() ? value->get<std::string>() : value->dump();
}

std::vector<BodyReader> BodyReader::objects(const std::string& key, const std::string& short_for) {
  const auto* value = find(key);
  if (value == nullptr) {
    return {};
  }
  if (!value->is_array()) {
    refuse_type(key, "a list", *value);
  }
  std::vector<BodyReader> result;
  for (const auto& element : *value) {
    const auto at = pointer(key) + "/" + std::to_string(result.size());
    if (element.is_string()) {
      auto written_out = std::make_shared<const Json>(Json{{short_for, element}});
      const Json& object = *written_out;
      result.push_back(
          {std::make_shared<const Document>(Document{std::move(written_out), document_->name, document_->places}),
           object,
           at});
    } else if (element.is_object()) {
      result.push_back({document_, element, at});
    } else {
      refuse_at(at, "needs an object or a text, not " + std::string(type_name(element)));
    }
  }
  return result;
}

std::vector<std::string> BodyReader::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : object_->items()) {
    names.push_back(key);
  }
  return names;
}

std::optional<std::string> BodyReader::json(const std::string& key) {
  const auto* value = find(key);
  return value == nullptr ? std::nullopt : std::optional(value->dump());
}

void BodyReader::finish() const {
  for (const auto& [key, value] : object_->items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      auto hint = did_you_mean(key, known_);
      refuse(key, "is not known", hint.empty() ? "known here: " + join(known_, ", ") : std::move(hint));
    }
  }
}

}  // namespace lumi::schemas
