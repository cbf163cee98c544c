#include "core/services/resolve_id.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::services {

namespace {

constexpr std::size_t k_shortest_prefix = 4;
constexpr std::size_t k_most_candidates = 10;

// The start of a UUID in its usual form (lower case, hyphens); empty if `text` cannot be one.
std::string normalize_prefix(std::string_view text) {
  std::string prefix;
  for (const char c : to_lower_ascii(text)) {
    if (c == '-') {
      continue;
    }
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
      return {};
    }
    if (prefix.size() == 8 || prefix.size() == 13 || prefix.size() == 18 || prefix.size() == 23) {
      prefix += '-';
    }
    prefix += c;
  }
  return prefix;
}

}  // namespace

std::string resolve_uuid(std::string_view kind, std::string_view text, const FindIds& find) {
  const std::string name(kind);
  const Error not_found(
      ErrorCode::not_found, name + " " + quote(text) + " not found", "'lumi " + name + " list' shows what there is");
  if (auto whole = normalize_uuid(text)) {
    if (find(*whole, 1).empty()) {
      throw not_found;
    }
    return *whole;
  }
  if (text.size() < k_shortest_prefix) {
    throw Error(ErrorCode::usage,
                quote(text) + " is too short for an id",
                "give at least " + std::to_string(k_shortest_prefix) + " characters of it");
  }
  const auto prefix = normalize_prefix(text);
  if (prefix.empty()) {
    throw not_found;
  }
  const auto found = find(prefix, k_most_candidates + 1);
  if (found.empty()) {
    throw not_found;
  }
  if (found.size() > 1) {
    const auto listed = std::min(found.size(), k_most_candidates);
    auto hint = join({found.begin(), found.begin() + static_cast<std::ptrdiff_t>(listed)}, ", ");
    throw Error(ErrorCode::usage,
                "several " + name + "s start with " + quote(text),
                "they are " + hint + (found.size() > listed ? " and more" : ""));
  }
  return found.front();
}

}  // namespace lumi::services
