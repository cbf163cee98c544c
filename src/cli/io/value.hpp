#pragma once
#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lumi::cli {

/// A number of bytes: "1.2 MB" for people, digits for programs.
struct Bytes {
  std::uint64_t count = 0;
};

/// A piece of JSON (object or array) that is shown as it is.
struct Json {
  std::string text;
};

/// One cell of what a command prints. monostate is null.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Timestamp, Bytes, Json>;

/// The value of an optional, or null.
template <class T>
Value value_or_null(const T& optional) {
  return optional ? Value(*optional) : Value();
}

/// Where a field is shown besides JSON, which has every field.
enum class Show {
  column,  ///< in tables and in tab-separated lines
  detail,  ///< in the view of a single item, not in listings
  json,    ///< nowhere else
};

/// A field of a resource: one list of these feeds table, tab-separated text, JSON and the completion of --json=.
template <class T>
struct Field {
  std::string_view name;    ///< the JSON key
  std::string_view header;  ///< the column's title
  Show show;
  Value (*get)(const T&);
};

/// The JSON keys of a field list.
template <class Fields>
std::vector<std::string> names_of(const Fields& fields) {
  std::vector<std::string> names;
  names.reserve(std::size(fields));
  for (const auto& field : fields) {
    names.emplace_back(field.name);
  }
  return names;
}

inline Value count_value(std::uint64_t count) { return Value(static_cast<std::int64_t>(count)); }

}  // namespace lumi::cli
