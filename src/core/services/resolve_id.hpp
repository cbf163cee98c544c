#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// Finds at most `limit` ids that start with `prefix`.
using FindIds = std::function<std::vector<std::string>(const std::string& prefix, std::size_t limit)>;

/// The full UUID that `text` names: itself, in any case and with or without hyphens, or the only one that `find` finds
/// for a prefix of four or more characters. Throws `not_found` if there is none ("job "abc" not found"), `usage` for a
/// shorter prefix and for one that several start with, naming them.
std::string resolve_uuid(std::string_view kind, std::string_view text, const FindIds& find);

}  // namespace lumi::services
