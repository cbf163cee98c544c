#include "base/redaction.hpp"

#include "base/base64.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace lumi {

namespace {

constexpr std::string_view k_mark = "<REDACTED>";

// Their values are credentials wherever they stand: header, query, JSON. In lower case.
constexpr std::array<std::string_view, 11> k_names{"authorization",
                                                   "proxy-authorization",
                                                   "x-api-key",
                                                   "api-key",
                                                   "api_key",
                                                   "x-goog-api-key",
                                                   "cookie",
                                                   "set-cookie",
                                                   "x-amz-signature",
                                                   "x-amz-credential",
                                                   "x-amz-security-token"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// The part of a text from `begin` to `end` that must not be shown.
struct Span {
  std::size_t begin;
  std::size_t end;
};

/// The value that belongs to a name that ends at `at`, if what follows is like a header, a parameter or a JSON member.
std::optional<Span> value_after(std::string_view text, std::size_t at) {
  const bool is_quoted_name = at < text.size() && text[at] == '"';
  at += is_quoted_name ? 1 : 0;
  if (at >= text.size() || (text[at] != ':' && text[at] != '=')) {
    return std::nullopt;
  }
  const bool is_parameter = text[at] == '=';
  ++at;
  while (!is_parameter && at < text.size() && text[at] == ' ') {
    ++at;
  }
  if (at < text.size() && text[at] == '"') {
    auto end = at + 1;
    while (end < text.size() && text[end] != '"') {
      end += text[end] == '\\' ? 2U : 1U;
    }
    return Span{at + 1, std::min(end, text.size())};
  }
  const auto end = text.find_first_of(is_parameter ? "& \t\r\n\"'#" : "\r\n", at);
  return Span{at, end == std::string_view::npos ? text.size() : end};
}

std::optional<Span> find_named(std::string_view text, std::string_view lower, std::size_t from) {
  std::optional<Span> first;
  for (const auto name : k_names) {
    for (auto at = lower.find(name, from); at != std::string_view::npos; at = lower.find(name, at + 1)) {
      const auto value = at > 0 && is_word(text[at - 1]) ? std::nullopt : value_after(text, at + name.size());
      if (value && value->begin < value->end) {
        first = !first || value->begin < first->begin ? value : first;
        break;
      }
    }
  }
  return first;
}

/// "someone:password" in "https://someone:password@host/".
std::optional<Span> find_user(std::string_view text, std::size_t from) {
  constexpr std::string_view k_start = "://";
  for (auto at = text.find(k_start, from); at != std::string_view::npos; at = text.find(k_start, at + 1)) {
    const auto begin = at + k_start.size();
    const auto end = text.find_first_of("/?# \t\r\n\"'<>", begin);
    const auto authority = text.substr(begin, end == std::string_view::npos ? end : end - begin);
    const auto sign = authority.rfind('@');
    if (sign != std::string_view::npos && sign > 0) {
      return Span{begin, begin + sign};
    }
  }
  return std::nullopt;
}

std::optional<Span> find_bearer(std::string_view text, std::string_view lower, std::size_t from) {
  constexpr std::string_view k_scheme = "bearer ";
  for (auto at = lower.find(k_scheme, from); at != std::string_view::npos; at = lower.find(k_scheme, at + 1)) {
    const auto begin = at + k_scheme.size();
    const auto end = text.find_first_of(" \t\r\n\"',;<>", begin);
    const Span token{begin, end == std::string_view::npos ? text.size() : end};
    constexpr std::size_t k_shortest = 8;  // "bearer of news" is none
    if (token.end - token.begin >= k_shortest && (at == 0 || !is_word(text[at - 1]))) {
      return token;
    }
  }
  return std::nullopt;
}

/// `text` as between the quotes of a JSON string.
std::string json_escaped(std::string_view text) {
  TextSink sink;
  JsonWriter(sink).value(text);
  return sink.text().substr(1, sink.text().size() - 2);
}

}  // namespace

std::vector<std::string> forms_of_secret(const std::string& secret) {
  std::vector<std::string> forms{secret, percent_encode(secret), base64_encode(secret), json_escaped(secret)};
  std::ranges::sort(forms);
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

std::string mask_credentials(std::string_view text) {
  const auto lower = to_lower_ascii(text);
  std::string masked;
  std::size_t done = 0;
  while (done < text.size()) {
    std::optional<Span> next;
    for (const auto& found : {find_named(text, lower, done), find_user(text, done), find_bearer(text, lower, done)}) {
      next = found && (!next || found->begin < next->begin) ? found : next;
    }
    if (!next) {
      break;
    }
    masked += text.substr(done, next->begin - done);
    masked += k_mark;
    done = next->end;
  }
  return masked += text.substr(done);
}

}  // namespace lumi
