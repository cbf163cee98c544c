#include "base/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

namespace lumi {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find(separator, start)) != std::string_view::npos; start = end + 1) {
    pieces.push_back(text.substr(start, end - start));
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

std::vector<std::string> split_outside_brackets(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  int depth = 0;
  std::size_t start = 0;
  const auto take = [&](std::size_t end) {
    if (const auto piece = trim(text.substr(start, end - start)); !piece.empty()) {
      pieces.emplace_back(piece);
    }
    start = end + 1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    depth += (c == '(' || c == '[' || c == '{') ? 1 : 0;
    depth -= (c == ')' || c == ']' || c == '}') ? 1 : 0;
    if (c == separator && depth <= 0) {
      take(i);
    }
  }
  take(text.size());
  return pieces;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view k_space = " \t\n\r\v\f";
  const auto first = text.find_first_not_of(k_space);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(k_space) - first + 1);
}

bool is_blank(std::string_view text) {
  const auto is_space = [](char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
  };
  for (std::size_t position = 0; position < text.size();) {
    if (!is_space(next_code_point(text, position))) {
      return false;
    }
  }
  return true;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (const auto& part : parts) {
    if (!joined.empty() || &part != &parts.front()) {
      joined += separator;
    }
    joined += part;
  }
  return joined;
}

std::string to_lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return lower;
}

std::string escape_control(std::string_view text) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += k_digits[byte >> 4];
      out += k_digits[byte & 0x0F];
    } else {
      out += c;
    }
  }
  return out;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return escape_control(out) + '"';
}

char32_t next_code_point(std::string_view text, std::size_t& position) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[position + k]); };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    position += 1;
    return first;
  }
  const auto tail = [&](std::size_t k) { return static_cast<char32_t>(byte(k) & 0x3F); };
  char32_t code_point = 0;
  if (first < 0xE0) {
    code_point = (static_cast<char32_t>(first & 0x1F) << 6) | tail(1);
    position += 2;
  } else if (first < 0xF0) {
    code_point = (static_cast<char32_t>(first & 0x0F) << 12) | (tail(1) << 6) | tail(2);
    position += 3;
  } else {
    code_point = (static_cast<char32_t>(first & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3);
    position += 4;
  }
  return code_point;
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::string_view cut_to_bytes(std::string_view text, std::size_t size) {
  if (text.size() <= size) {
    return text;
  }
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;
  }
  return text.substr(0, size);
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  }
  return count;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> parse_real(std::string_view text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

namespace {

/// Splits "12.5MiB" into its number and its unit.
std::optional<std::pair<double, std::string>> number_and_unit(std::string_view text) {
  const auto unit_at = text.find_first_not_of("0123456789.");
  const auto number = parse_real(text.substr(0, unit_at));
  if (!number) {
    return std::nullopt;
  }
  return std::pair{*number,
                   unit_at == std::string_view::npos ? std::string() : to_lower_ascii(trim(text.substr(unit_at)))};
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  struct Unit {
    std::string_view name;
    double bytes;
  };
  constexpr std::array<Unit, 14> k_units{{{"", 1},
                                          {"b", 1},
                                          {"k", 1e3},
                                          {"kb", 1e3},
                                          {"kib", 1024.0},
                                          {"m", 1e6},
                                          {"mb", 1e6},
                                          {"mib", 1048576.0},
                                          {"g", 1e9},
                                          {"gb", 1e9},
                                          {"gib", 1073741824.0},
                                          {"t", 1e12},
                                          {"tb", 1e12},
                                          {"tib", 1099511627776.0}}};
  const auto parts = number_and_unit(trim(text));
  if (!parts) {
    return std::nullopt;
  }
  for (const auto& unit : k_units) {
    if (unit.name == parts->second) {
      const double bytes = parts->first * unit.bytes;
      return bytes < 9.0e18 ? std::optional(static_cast<std::uint64_t>(bytes)) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_duration_ms(std::string_view text) {
  text = trim(text);
  const bool is_bare = text.find_first_not_of("0123456789.") == std::string_view::npos;
  double total = 0;
  if (text.empty()) {
    return std::nullopt;
  }
  while (!text.empty()) {
    const auto unit_at = text.find_first_not_of("0123456789.");
    const auto number = parse_real(text.substr(0, unit_at));
    if (!number) {
      return std::nullopt;
    }
    text = unit_at == std::string_view::npos ? std::string_view() : text.substr(unit_at);
    const auto unit = text.substr(0, text.find_first_of("0123456789."));
    text = text.substr(unit.size());
    if (unit == "ms") {
      total += *number;
    } else if (unit == "s" || (unit.empty() && is_bare)) {
      total += *number * 1e3;
    } else if (unit == "m") {
      total += *number * 6e4;
    } else if (unit == "h") {
      total += *number * 3.6e6;
    } else if (unit == "d") {
      total += *number * 8.64e7;
    } else {
      return std::nullopt;
    }
  }
  return total < 9.0e15 ? std::optional(static_cast<std::int64_t>(total)) : std::nullopt;
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 6> k_units{"B", "kB", "MB", "GB", "TB", "PB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < k_units.size()) {
    value /= 1000;
    ++unit;
  }
  std::array<char, 32> buffer{};
  const int digits = unit == 0 || value >= 99.95 ? 0 : 1;
  std::snprintf(buffer.data(), buffer.size(), "%.*f %s", digits, value, k_units[unit].data());
  return buffer.data();
}

std::string json_number(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) {
    out += ".0";
  }
}

namespace {

constexpr std::string_view k_hex_digits = "0123456789ABCDEF";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::optional<unsigned> hex_value(char c) {
  const auto at = k_hex_digits.find(c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c);
  return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<unsigned>(at));
}

}  // namespace

std::string percent_encode(std::string_view text, std::string_view keep) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || keep.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += k_hex_digits[byte >> 4];
      out += k_hex_digits[byte & 0x0F];
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_value(text[i + 2]) : std::nullopt;
    if (low) {
      out += static_cast<char>(static_cast<unsigned char>(*high * 16 + *low));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace lumi
