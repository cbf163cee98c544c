#pragma once
#include <optional>
#include <string>

namespace lumi::cli {

/// Puts a flag over the field of a body, if it was given.
template <class Value>
void set_if_given(Value& field, const std::optional<Value>& flag) {
  field = flag.value_or(field);
}

inline void set_if_given(std::optional<std::string>& field, const std::optional<std::string>& flag) {
  field = flag ? flag : field;
}

}  // namespace lumi::cli
