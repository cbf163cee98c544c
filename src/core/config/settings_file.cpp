#include "core/config/settings_file.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <yaml-cpp/yaml.h>

namespace lumi::config {

namespace {

std::string place(const std::string& name, const YAML::Mark& mark) {
  return name + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

void collect(const YAML::Node& node, const std::string& prefix, const std::string& name, FileValues& values) {
  for (const auto& member : node) {
    const auto key = prefix + member.first.Scalar();
    const auto mark = member.second.Mark();
    if (member.second.IsMap()) {
      collect(member.second, key + ".", name, values);
    } else if (!member.second.IsScalar()) {
      throw Error(ErrorCode::invalid_input, place(name, mark) + ": " + key + " needs a single value");
    } else if (!values
                    .try_emplace(key,
                                 FileValue{member.second.Scalar(),
                                           static_cast<std::size_t>(mark.line),
                                           static_cast<std::size_t>(mark.column)})
                    .second) {
      throw Error(ErrorCode::invalid_input, place(name, mark) + ": " + key + " is set twice");
    }
  }
}

/// `value` as a YAML scalar that reads back as the same text.
std::string yaml_scalar(const std::string& value) {
  YAML::Emitter emitter;
  emitter << YAML::DoubleQuoted << value;
  return emitter.c_str();
}

}  // namespace

FileValues parse_settings_file(const std::string& text, const std::string& name) {
  FileValues values;
  try {
    const auto document = YAML::Load(text);
    if (!document.IsNull() && !document.IsMap()) {
      throw Error(ErrorCode::invalid_input, place(name, document.Mark()) + ": the settings must be a mapping");
    }
    collect(document, "", name, values);
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::invalid_input, place(name, error.mark) + ": " + error.msg);
  }
  return values;
}

std::string
with_setting(const std::string& text, const FileValues& values, const std::string& key, const std::string& value) {
  const auto found = values.find(key);
  if (found == values.end()) {
    return text + (text.empty() || text.ends_with('\n') ? "" : "\n") + key + ": " + yaml_scalar(value) + "\n";
  }
  std::string out;
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    out += number == 0 ? "" : "\n";
    if (number++ != found->second.line) {
      out += line;
      continue;
    }
    const auto column = found->second.column;
    auto comment = line.find(" #", column);
    while (comment != std::string_view::npos && comment > column && line[comment - 1] == ' ') {
      --comment;
    }
    out += std::string(line.substr(0, column)) + yaml_scalar(value);
    out += comment == std::string_view::npos ? "" : std::string(line.substr(comment));
  }
  return out;
}

}  // namespace lumi::config
