#include "core/schemas/yaml_document.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace lumi::schemas {

namespace {

using Json = nlohmann::json;

constexpr std::size_t k_most_bytes = 1024UL * 1024;

bool is_one_of(std::string_view text, const std::array<std::string_view, 3>& words) {
  return text == words[0] || text == words[1] || text == words[2];
}

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

// [-+]? ( . digits | digits ( . digits* )? ) ( [eE] [-+]? digits )?
bool is_core_number(std::string_view text) {
  constexpr std::string_view k_digits = "0123456789";
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    auto exponent = text.substr(e + 1);
    exponent.remove_prefix(exponent.starts_with('-') || exponent.starts_with('+') ? 1 : 0);
    if (!consists_of(exponent, k_digits)) {
      return false;
    }
    text = text.substr(0, e);
  }
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const auto is_empty_or_digits = [&](std::string_view part) { return part.empty() || consists_of(part, k_digits); };
  return (!whole.empty() || !fraction.empty()) && is_empty_or_digits(whole) && is_empty_or_digits(fraction);
}

std::optional<Json> number_of(std::string_view text) {
  if (!is_core_number(text)) {
    return std::nullopt;
  }
  text.remove_prefix(text.starts_with('+') ? 1 : 0);
  if (const auto whole = parse_integer(text)) {
    return Json(*whole);
  }
  const auto real = parse_real(text);
  return real ? std::optional<Json>(*real) : std::nullopt;
}

// What a scalar without quotes stands for.
Json plain_value(const std::string& text) {
  if (text.empty() || text == "~" || is_one_of(text, {"null", "Null", "NULL"})) {
    return nullptr;
  }
  if (is_one_of(text, {"true", "True", "TRUE"})) {
    return true;
  }
  if (is_one_of(text, {"false", "False", "FALSE"})) {
    return false;
  }
  if (auto number = number_of(text)) {
    return *std::move(number);
  }
  return text;
}

/// Builds the JSON as the parser tells what it finds.
class Builder : public YAML::EventHandler {
public:
  explicit Builder(const std::string& name) : name_(name) {}

  YamlDocument take() { return {std::make_shared<const Json>(std::move(root_)), std::move(places_)}; }

  [[noreturn]] void refuse(const YAML::Mark& mark, const std::string& problem) const {
    const auto line = mark.is_null() ? 0 : mark.line;
    const auto column = mark.is_null() ? 0 : mark.column;
    throw Error(ErrorCode::invalid_input,
                name_ + ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1) + ": " + problem);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) {
      refuse(mark, "a second document begins: one is read");
    }
    started_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(mark, nullptr);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, "an alias (*) stands here: write the value out");
  }

  void
  OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    refuse_anchor(mark, anchor);
    const bool is_plain = tag.empty() || tag == "?";
    if (!is_plain && tag != "!") {
      refuse(mark, "a tag stands here: none is read");
    }
    if (!levels_.empty() && levels_.back().value->is_object() && !levels_.back().key) {
      return take_key(mark, value);
    }
    add(mark, is_plain ? plain_value(value) : Json(value));
  }

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Json::array());
  }
  void OnSequenceEnd() override { levels_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Json::object());
  }
  void OnMapEnd() override { levels_.pop_back(); }

private:
  /// A list or mapping that is being read.
  struct Level {
    Json* value;
    std::string pointer;
    std::optional<std::string> key;  ///< whose value comes next
  };

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != 0) {
      refuse(mark, "an anchor (&) stands here: none is read");
    }
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    auto& level = levels_.back();
    if (level.value->contains(key)) {
      refuse(mark, quote(key) + " stands twice");
    }
    level.key = key;
    places_[level.pointer + "/" + pointer_part(key)] = place_of(mark);
  }

  static TextPlace place_of(const YAML::Mark& mark) {
    return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
  }

  // Where the value that comes next belongs, and its pointer.
  Json* add(const YAML::Mark& mark, Json value) {
    if (levels_.empty()) {
      places_[""] = place_of(mark);
      root_ = std::move(value);
      return &root_;
    }
    auto& level = levels_.back();
    if (level.value->is_array()) {
      next_pointer_ = level.pointer + "/" + std::to_string(level.value->size());
      places_[next_pointer_] = place_of(mark);
      return &level.value->emplace_back(std::move(value));
    }
    if (!level.key) {
      refuse(mark, "a key must be a text");
    }
    next_pointer_ = level.pointer + "/" + pointer_part(*level.key);
    auto& member = (*level.value)[*std::exchange(level.key, std::nullopt)];
    member = std::move(value);
    return &member;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Json empty) {
    refuse_anchor(mark, anchor);
    if (!tag.empty() && tag != "?") {
      refuse(mark, "a tag stands here: none is read");
    }
    next_pointer_.clear();
    auto* value = add(mark, std::move(empty));
    levels_.push_back({value, next_pointer_, std::nullopt});
  }

  const std::string& name_;
  bool started_ = false;
  Json root_;
  std::vector<Level> levels_;
  std::string next_pointer_;
  std::map<std::string, TextPlace, std::less<>> places_;
};

}  // namespace

std::string pointer_part(std::string_view key) {
  std::string out;
  for (const char c : key) {
    out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return out;
}

YamlDocument parse_yaml(std::string_view text, const std::string& name) {
  if (text.size() > k_most_bytes) {
    throw Error(ErrorCode::invalid_input, name + ": is larger than 1 MiB");
  }
  if (const auto bad = find_invalid_utf8(text)) {
    throw Error(ErrorCode::invalid_input, name + ": byte " + std::to_string(*bad) + " is not UTF-8");
  }
  Builder builder(name);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    builder.refuse(error.mark, error.msg);
  }
  return builder.take();
}

}  // namespace lumi::schemas
