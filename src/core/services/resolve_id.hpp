#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// What is shorter than this is the start of too many ids.
inline constexpr std::size_t k_shortest_prefix = 4;

/// How the ids of a kind are looked up. What is left empty finds none.
struct IdLookup {
  /// At most `limit` ids that start with `prefix`.
  std::function<std::vector<std::string>(const std::string& prefix, std::size_t limit)> by_prefix = {};

  /// Ids that a mistyped `id` may have meant.
  std::function<std::vector<std::string>(const std::string& id)> near = {};
};

/// The full UUID that `text` names: itself, in any case and with or without hyphens, or the only one that starts with a
/// prefix of four or more characters. Throws `not_found` if there is none ("job "abc" not found", with a near one),
/// `usage` for a shorter prefix and for one that several start with, naming them.
std::string resolve_uuid(std::string_view kind, std::string_view text, const IdLookup& lookup);

/// The id of 32 digits that stands here for a decimal id of Lumigator: zeros go before it.
std::string padded_id(std::string_view decimal);

/// As resolve_uuid for ids of 32 hex digits, those of experiments and workflows. A decimal number also names what has
/// it with zeros before it, however short it is: Lumigator's ids of experiments are such.
std::string resolve_hex_id(std::string_view kind, std::string_view text, const IdLookup& lookup);

}  // namespace lumi::services
