#pragma once
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace lumi::schemas {

/// A place in a text, both from 1.
struct TextPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// A YAML document as JSON, and where each of its members begins.
struct YamlDocument {
  std::shared_ptr<const nlohmann::json> root;
  std::map<std::string, TextPlace, std::less<>> places;  ///< by JSON pointer; "" is the whole
};

/// A key as a part of a JSON pointer (RFC 6901): ~0 for ~, ~1 for /.
std::string pointer_part(std::string_view key);

/// Reads one YAML document: YAML 1.2 with its core schema (https://yaml.org/spec/1.2.2/#103-core-schema), so that `no`
/// and `on` are texts. What a file from elsewhere could use to surprise its reader is refused: anchors, aliases, tags,
/// several documents, keys that stand twice or are no texts, more than 1 MiB. Throws `invalid_input` as
/// `name:line:column: …`.
YamlDocument parse_yaml(std::string_view text, const std::string& name);

}  // namespace lumi::schemas
