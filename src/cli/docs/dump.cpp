#include "cli/docs/dump.hpp"

#include "base/json_writer.hpp"
#include "cli/global_options.hpp"
#include "cli/registry.hpp"

namespace lumi::cli {

namespace {

void write_texts(JsonWriter& writer, std::string_view key, const std::vector<std::string>& texts) {
  writer.key(key);
  writer.begin_array();
  for (const auto& text : texts) {
    writer.value(text);
  }
  writer.end_array();
}

void write_option(JsonWriter& writer, const OptionDefinition& definition) {
  writer.begin_object();
  write_texts(writer, "names", definition.names);
  write_texts(writer, "hidden_names", definition.hidden_names);
  writer.member("value_name", definition.value_name);
  writer.member("help", definition.help);
  writer.member("group", definition.group);
  write_texts(writer, "choices", definition.choices);
  writer.member("default", definition.default_text);
  writer.member("completes", static_cast<int>(definition.completes));
  writer.member("repeatable", definition.repeatable);
  writer.member("required", definition.required);
  writer.member("optional_value", definition.optional_value);
  writer.member("hidden", definition.hidden);
  writer.end_object();
}

void write_options(JsonWriter& writer, const OptionSet& set) {
  writer.key("options");
  writer.begin_array();
  for (const auto& definition : set.definitions()) {
    write_option(writer, definition);
  }
  writer.end_array();
}

void write_command(JsonWriter& writer, const Command& command) {
  OptionSet set;
  command.bind(set);
  writer.begin_object();
  writer.member("path", command.spec.path);
  writer.member("summary", command.spec.summary);
  writer.member("description", command.spec.description);
  writer.member("hidden", command.spec.hidden);
  writer.key("examples");
  writer.begin_array();
  for (const auto& example : command.spec.examples) {
    writer.begin_object();
    writer.member("purpose", example.purpose);
    writer.member("line", example.line);
    writer.end_object();
  }
  writer.end_array();
  write_texts(writer, "json_fields", command.spec.json_fields);
  write_options(writer, set);
  writer.end_object();
}

}  // namespace

std::string dump_commands() {
  TextSink sink;
  JsonWriter writer(sink, JsonStyle::indented(1));
  writer.begin_object();
  writer.key("commands");
  writer.begin_array();
  for (const auto& entry : all_commands()) {
    write_command(writer, entry.make());
  }
  writer.end_array();
  writer.key("global");
  writer.begin_object();
  GlobalOptions ignored;
  OptionSet globals;
  bind_global_options(globals, ignored);
  write_options(writer, globals);
  writer.end_object();
  writer.end_object();
  return sink.text() + "\n";
}

}  // namespace lumi::cli
