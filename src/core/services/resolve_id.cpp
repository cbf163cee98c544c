#include "core/services/resolve_id.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::services {

namespace {

constexpr std::size_t k_most_candidates = 10;
constexpr std::size_t k_hex_id_size = 32;

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

// What to say of a near id: the ids are cut to the length that was typed.
std::string near_id_hint(const std::string& prefix, const IdLookup& lookup) {
  if (!lookup.near) {
    return {};
  }
  auto candidates = lookup.near(prefix);
  for (auto& candidate : candidates) {
    candidate.resize(std::min(candidate.size(), prefix.size()));
  }
  return did_you_mean(prefix, candidates);
}

Error not_found(std::string_view kind, std::string_view text, const std::string& prefix, const IdLookup& lookup) {
  const std::string name(kind);
  const auto near = prefix.empty() ? std::string() : near_id_hint(prefix, lookup);
  return {ErrorCode::not_found,
          name + " " + quote(text) + " not found",
          near.empty() ? "'lumi " + name + " list' shows what there is" : near};
}

Error ambiguous(std::string_view kind, std::string_view text, const std::vector<std::string>& found) {
  const auto listed = std::min(found.size(), k_most_candidates);
  const auto candidates = join({found.begin(), found.begin() + static_cast<std::ptrdiff_t>(listed)}, ", ");
  return {ErrorCode::usage,
          "several " + std::string(kind) + "s start with " + quote(text),
          "they are " + candidates + (found.size() > listed ? " and more" : "")};
}

// `prefix` is the start of an id as ids are kept.
std::string
resolve_prefix(std::string_view kind, std::string_view text, const std::string& prefix, const IdLookup& lookup) {
  if (text.size() < k_shortest_prefix) {
    throw Error(ErrorCode::usage,
                quote(text) + " is too short for an id",
                "give at least " + std::to_string(k_shortest_prefix) + " characters of it");
  }
  if (prefix.empty() || !lookup.by_prefix) {
    throw not_found(kind, text, prefix, lookup);
  }
  const auto found = lookup.by_prefix(prefix, k_most_candidates + 1);
  if (found.empty()) {
    throw not_found(kind, text, prefix, lookup);
  }
  if (found.size() > 1) {
    throw ambiguous(kind, text, found);
  }
  return found.front();
}

}  // namespace

std::string resolve_uuid(std::string_view kind, std::string_view text, const IdLookup& lookup) {
  return resolve_prefix(kind, text, normalize_uuid(text).value_or(normalize_prefix(text)), lookup);
}

std::string padded_id(std::string_view decimal) {
  return std::string(k_hex_id_size - std::min(decimal.size(), k_hex_id_size), '0') + std::string(decimal);
}

std::string resolve_hex_id(std::string_view kind, std::string_view text, const IdLookup& lookup) {
  const bool is_decimal = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_decimal && text.size() < k_hex_id_size && lookup.by_prefix) {
    if (const auto found = lookup.by_prefix(padded_id(text), 1); !found.empty()) {
      return found.front();
    }
  }
  auto digits = normalize_prefix(text);
  digits.erase(std::remove(digits.begin(), digits.end(), '-'), digits.end());
  return resolve_prefix(kind, text, digits, lookup);
}

}  // namespace lumi::services
