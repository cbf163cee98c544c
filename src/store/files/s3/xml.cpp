#include "store/files/s3/xml.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace lumi::store {

namespace {

constexpr int k_deepest = 16;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Reads one document from front to back; every function is false where it is not well-formed.
class XmlParser {
public:
  explicit XmlParser(std::string_view document) : rest_(document) {}

  bool document(XmlElement& root) { return skip_misc() && element(root, 1) && skip_misc() && rest_.empty(); }

private:
  bool take(std::string_view text) {
    const bool is_next = rest_.starts_with(text);
    rest_.remove_prefix(is_next ? text.size() : 0);
    return is_next;
  }

  /// Moves past the next `end`.
  bool skip_past(std::string_view end) {
    const auto at = rest_.find(end);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
    return at != std::string_view::npos;
  }

  void skip_space() {
    while (!rest_.empty() && is_space(rest_.front())) {
      rest_.remove_prefix(1);
    }
  }

  /// What may stand around the root; servers that take long send spaces before the declaration.
  bool skip_misc() {
    for (skip_space(); rest_.starts_with("<?") || rest_.starts_with("<!--"); skip_space()) {
      if (!skip_past(rest_.starts_with("<?") ? "?>" : "-->")) {
        return false;
      }
    }
    return true;
  }

  bool name(std::string& out) {
    std::size_t size = 0;
    while (size < rest_.size() && !is_space(rest_[size]) &&
           std::string_view("/>=<&'\"").find(rest_[size]) == std::string_view::npos) {
      ++size;
    }
    const auto whole = rest_.substr(0, size);
    rest_.remove_prefix(size);
    out = whole.substr(whole.rfind(':') + 1);  // npos + 1 is 0
    return !out.empty();
  }

  bool attributes() {
    for (skip_space(); !rest_.empty() && rest_.front() != '>' && rest_.front() != '/'; skip_space()) {
      std::string ignored;
      if (!name(ignored)) {
        return false;
      }
      skip_space();
      if (!take("=")) {
        return false;
      }
      skip_space();
      if (!(take("\"") ? skip_past("\"") : take("'") && skip_past("'"))) {
        return false;
      }
    }
    return true;
  }

  bool element(XmlElement& out, int depth) {
    if (depth > k_deepest || !take("<") || !name(out.name) || !attributes()) {
      return false;
    }
    if (take("/>")) {
      return true;
    }
    return take(">") && content(out, depth) && closing(out.name);
  }

  bool closing(const std::string& expected) {
    std::string found;
    if (!take("</") || !name(found) || found != expected) {
      return false;
    }
    skip_space();
    return take(">");
  }

  bool content(XmlElement& out, int depth) {
    while (!rest_.starts_with("</")) {
      if (rest_.empty() || !part(out, depth)) {
        return false;
      }
    }
    return true;
  }

  bool part(XmlElement& out, int depth) {
    if (take("<!--")) {
      return skip_past("-->");
    }
    if (take("<![CDATA[")) {
      const auto end = rest_.find("]]>");
      out.text += rest_.substr(0, end);
      return skip_past("]]>");
    }
    if (take("<?")) {
      return skip_past("?>");
    }
    if (rest_.front() == '<') {
      out.children.emplace_back();
      return element(out.children.back(), depth + 1);
    }
    if (rest_.front() == '&') {
      return reference(out.text);
    }
    const auto size = std::min(rest_.find_first_of("<&"), rest_.size());
    out.text += rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  bool reference(std::string& out) {
    constexpr std::size_t k_longest = 12;
    const auto end = rest_.substr(0, k_longest).find(';');
    if (end == std::string_view::npos) {
      return false;
    }
    const auto entity = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (entity.starts_with('#')) {
      return character(entity.substr(1), out);
    }
    constexpr std::array<std::pair<std::string_view, char>, 5> k_entities{
        {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
    const auto* found = std::ranges::find(k_entities, entity, &std::pair<std::string_view, char>::first);
    if (found == k_entities.end()) {
      return false;
    }
    out += found->second;
    return true;
  }

  static bool character(std::string_view digits, std::string& out) {
    const bool is_hex = digits.starts_with('x');
    digits.remove_prefix(is_hex ? 1 : 0);
    std::uint32_t value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, is_hex ? 16 : 10);
    constexpr std::uint32_t k_last = 0x10FFFF;
    const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (problem != std::errc() || end != digits.data() + digits.size() || value == 0 || value > k_last ||
        is_surrogate) {
      return false;
    }
    append_utf8(out, value);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

const XmlElement* XmlElement::child(std::string_view child_name) const {
  const auto found = std::ranges::find(children, child_name, &XmlElement::name);
  return found == children.end() ? nullptr : &*found;
}

std::string XmlElement::text_of(std::string_view child_name) const {
  const auto* found = child(child_name);
  return found == nullptr ? std::string() : found->text;
}

std::optional<XmlElement> parse_xml(std::string_view document) {
  document.remove_prefix(document.starts_with(k_byte_order_mark) ? k_byte_order_mark.size() : 0);
  XmlElement root;
  return XmlParser(document).document(root) ? std::optional(std::move(root)) : std::nullopt;
}

std::string xml_escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    case '\r':
      escaped += "&#13;";
      break;
    default:
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace lumi::store
