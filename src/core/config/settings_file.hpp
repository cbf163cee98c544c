#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace lumi::config {

/// A value of the configuration file, and where it stands.
struct FileValue {
  std::string value;
  std::size_t line = 0;    ///< from 0
  std::size_t column = 0;  ///< from 0
};

using FileValues = std::map<std::string, FileValue, std::less<>>;

/// The values of a configuration file by key; `dataset: {max_size: 1}` and `dataset.max_size: 1` are the same key.
/// Throws `invalid_input` naming `name` and line for text that is no such YAML and for a key given twice.
FileValues parse_settings_file(const std::string& text, const std::string& name);

/// `text` with `key` set to `value`: its scalar replaced where it stands, else a line added; comments stay.
/// `values` is what `text` holds now.
std::string
with_setting(const std::string& text, const FileValues& values, const std::string& key, const std::string& value);

}  // namespace lumi::config
