#pragma once
#include <optional>

namespace lumi::services {

/// The member `key` of an nlohmann object; nothing if it is not there or null. Throws nlohmann's error if it is
/// something else than a Value.
template <class Value, class Json>
std::optional<Value> optional_member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? std::nullopt : std::optional(found->template get<Value>());
}

}  // namespace lumi::services
