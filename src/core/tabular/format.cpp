#include "base/error.hpp"
#include "base/text.hpp"
#include "core/tabular/row_reader.hpp"

namespace lumi::tabular {

Format format_of(std::string_view filename) {
  const auto name = to_lower_ascii(filename);
  const auto dot = name.rfind('.');
  const auto extension = dot == std::string::npos ? std::string() : name.substr(dot + 1);
  if (extension == "tsv" || extension == "tab") {
    return Format::tsv;
  }
  if (extension == "jsonl" || extension == "ndjson") {
    return Format::jsonl;
  }
  return extension == "json" ? Format::json : Format::csv;
}

Format parse_format(std::string_view name) {
  if (name == "csv") {
    return Format::csv;
  }
  if (name == "tsv") {
    return Format::tsv;
  }
  if (name == "jsonl") {
    return Format::jsonl;
  }
  if (name == "json") {
    return Format::json;
  }
  throw Error(ErrorCode::usage, "unknown format " + quote(name), "it is one of: csv, tsv, jsonl, json");
}

}  // namespace lumi::tabular
