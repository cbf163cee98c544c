#pragma once
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::chat {

/// The JSON in `text`, discarded if it is none. Broken UTF-8 and lone surrogates, which models do write, become U+FFFD.
nlohmann::json parse_json(std::string_view text);

/// The text that a member of an object is; empty if it is absent or no text.
std::string text_at(const nlohmann::json& object, const char* key);

/// The whole number, at least 0, that a member of an object is; `12.0` is one too.
std::optional<std::int64_t> count_at(const nlohmann::json& object, const char* key);

/// The member of an object, or null if it is absent or of another type.
const nlohmann::json* object_at(const nlohmann::json& object, const char* key);
const nlohmann::json* list_at(const nlohmann::json& object, const char* key);

}  // namespace lumi::chat
