#include "core/chat/json_fields.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace lumi::chat {

namespace {

using Json = nlohmann::json;

constexpr std::size_t k_escape = 6;  // \uXXXX

// The number of a \uXXXX at `at`, or nothing.
std::optional<unsigned> escape_at(std::string_view text, std::size_t at) {
  if (at + k_escape > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
    return std::nullopt;
  }
  unsigned number = 0;
  for (const char c : text.substr(at + 2, 4)) {
    const unsigned digit =
        c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a' + 10);
    if (digit > 0xF) {
      return std::nullopt;
    }
    number = number * 16 + digit;
  }
  return number;
}

bool is_high(unsigned unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// `text` with escapes of half a surrogate pair as that of U+FFFD.
std::string mend_surrogates(std::string text) {
  for (std::size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
    const auto unit = escape_at(text, at);
    if (!unit) {
      at += 2;
      continue;
    }
    if (is_high(*unit) && is_low(escape_at(text, at + k_escape).value_or(0))) {
      at += 2 * k_escape;
      continue;
    }
    if (is_high(*unit) || is_low(*unit)) {
      text.replace(at, k_escape, "\\ufffd");
    }
    at += k_escape;
  }
  return text;
}

}  // namespace

Json parse_json(std::string_view text) {
  auto json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded() && (find_invalid_utf8(text) || text.find("\\u") != std::string_view::npos)) {
    const auto mended = mend_surrogates(to_valid_utf8(text));
    json = Json::parse(mended.begin(), mended.end(), nullptr, false);
  }
  return json;
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

std::optional<std::int64_t> count_at(const Json& object, const char* key) {
  constexpr double k_largest = 9.0e15;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) {
    return std::nullopt;
  }
  const auto number = found->get<double>();
  if (number < 0 || number > k_largest || std::trunc(number) != number) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number);
}

const Json* object_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_object() ? nullptr : &*found;
}

const Json* list_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_array() ? nullptr : &*found;
}

}  // namespace lumi::chat
