#pragma once
#include "base/json_writer.hpp"

#include <string>
#include <string_view>

namespace lumi {

/// `text` as a JSON string in quotes, as JsonWriter writes it.
inline std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace lumi
