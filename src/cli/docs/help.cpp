#include "cli/docs/help.hpp"

#include "base/text.hpp"
#include "cli/registry.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

constexpr std::size_t k_max_width = 100;

std::size_t page_width(const Streams& streams) {
  return std::clamp<std::size_t>(static_cast<std::size_t>(streams.width()), 40, k_max_width);
}

/// Two columns: what is written, and what it means.
std::string two_columns(const std::vector<std::pair<std::string, std::string>>& lines, std::size_t width) {
  std::size_t left = 0;
  for (const auto& [term, meaning] : lines) {
    left = std::max(left, std::min<std::size_t>(term.size(), 30));
  }
  std::string out;
  for (const auto& [term, meaning] : lines) {
    auto text = wrapped(meaning, left + 4, width);
    if (term.size() <= left) {
      text.replace(0, 2 + term.size(), "  " + term);
      out += text;
    } else {
      out += "  " + term + "\n" + text;
    }
  }
  return out;
}

/// The options under their headings, in the order in which the headings first appear.
std::string options_section(const OptionSet& options, HelpDetail detail, const Streams& streams) {
  std::vector<std::string> headings;
  for (const auto& definition : options.definitions()) {
    const auto heading = definition.group.empty() ? "Options" : definition.group;
    const bool shown = !definition.hidden && !definition.is_positional() &&
                       (detail == HelpDetail::full || heading != "Global options");
    if (shown && std::find(headings.begin(), headings.end(), heading) == headings.end()) {
      headings.push_back(heading);
    }
  }
  std::string out;
  for (const auto& heading : headings) {
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto& definition : options.definitions()) {
      if (!definition.hidden && !definition.is_positional() &&
          (definition.group.empty() ? "Options" : definition.group) == heading) {
        lines.emplace_back(option_syntax(definition), option_text(definition));
      }
    }
    out += "\n" + streams.styled_out(heading, Style::bold) + "\n" + two_columns(lines, page_width(streams));
  }
  return out;
}

std::string arguments_section(const OptionSet& options, const Streams& streams) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& definition : options.definitions()) {
    if (definition.is_positional() && !definition.hidden) {
      lines.emplace_back(definition.value_name, option_text(definition));
    }
  }
  return lines.empty()
             ? ""
             : "\n" + streams.styled_out("Arguments", Style::bold) + "\n" + two_columns(lines, page_width(streams));
}

std::string examples_section(const std::vector<Example>& examples, const Streams& streams) {
  std::string out;
  for (const auto& example : examples) {
    out += "  " + streams.styled_out("# " + std::string(example.purpose), Style::dim) + "\n  " +
           std::string(example.line) + "\n";
  }
  return out.empty() ? out : "\n" + streams.styled_out("Examples", Style::bold) + "\n" + out;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  const std::string margin(indent, ' ');
  for (const auto line : split(text, '\n')) {
    if (line.starts_with(' ')) {
      out += margin + std::string(line) + "\n";
      continue;
    }
    std::string current = margin;
    bool empty = true;
    for (const auto word : split(line, ' ')) {
      if (!empty && static_cast<std::size_t>(display_width(current)) + 1 + word.size() > width) {
        out += current + "\n";
        current = margin;
        empty = true;
      }
      current += (empty ? "" : " ") + std::string(word);
      empty = false;
    }
    out += (line.empty() ? "" : current) + "\n";
  }
  return out;
}

std::string option_syntax(const OptionDefinition& definition) {
  if (definition.is_positional()) {
    return definition.value_name;
  }
  std::string out = join(definition.names, ", ");
  if (definition.names.size() == 1 && definition.names[0].starts_with("--")) {
    out = "    " + out;
  }
  if (definition.optional_value) {
    return out + "[=" + definition.value_name + "]";
  }
  return out + (definition.is_switch() ? "" : " " + definition.value_name);
}

std::string option_text(const OptionDefinition& definition) {
  std::string out = definition.help;
  if (!definition.choices.empty()) {
    out += ": " + join(definition.choices, ", ");
  }
  if (!definition.default_text.empty()) {
    out += " (default " + definition.default_text + ")";
  }
  if (definition.required && !definition.is_positional()) {
    out += " (required)";
  }
  return out;
}

std::string usage_line(const CommandSpec& spec, const OptionSet& options) {
  std::string line = "lumi " + std::string(spec.path);
  for (const auto& definition : options.definitions()) {
    if (definition.is_positional() && !definition.hidden) {
      const auto name = definition.value_name + (definition.repeatable ? "..." : "");
      line += definition.required ? " " + name : " [" + name + "]";
    }
  }
  for (const auto& definition : options.definitions()) {
    if (!definition.is_positional() && definition.required) {
      line += " " + definition.display_name() + " " + definition.value_name;
    }
  }
  return line + " [flags]";
}

std::string command_help(const CommandSpec& spec, const OptionSet& options, HelpDetail detail, const Streams& streams) {
  std::string out = std::string(spec.summary) + ".\n\n" + streams.styled_out("Usage", Style::bold) + "\n  " +
                    usage_line(spec, options) + "\n";
  if (detail == HelpDetail::full) {
    out += examples_section(spec.examples, streams);
    if (!spec.description.empty()) {
      out += "\n" + streams.styled_out("Description", Style::bold) + "\n" +
             wrapped(trim(spec.description), 2, page_width(streams));
    }
  }
  out += arguments_section(options, streams) + options_section(options, detail, streams);
  if (detail == HelpDetail::full && !spec.json_fields.empty()) {
    out += "\n" + streams.styled_out("JSON fields", Style::bold) + "\n" +
           wrapped(join(spec.json_fields, ", "), 2, page_width(streams));
  }
  if (detail == HelpDetail::brief) {
    out += "\nMore, with examples: lumi " + std::string(spec.path) + " --help\n";
  }
  return out;
}

std::vector<std::string> verbs_of(std::string_view group) {
  std::vector<std::string> verbs;
  const std::string prefix = group.empty() ? "" : std::string(group) + " ";
  for (const auto& entry : all_commands()) {
    if (entry.path.starts_with(prefix) && !entry.path.starts_with("__")) {
      const std::string verb(entry.path.substr(prefix.size(), entry.path.substr(prefix.size()).find(' ')));
      if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) {
        verbs.push_back(verb);
      }
    }
  }
  return verbs;
}

namespace {

std::string_view summary_of(std::string_view path) {
  for (const auto& group : all_groups()) {
    if (group.path == path) {
      return group.summary;
    }
  }
  for (const auto& entry : all_commands()) {
    if (entry.path == path) {
      return entry.summary;
    }
  }
  return {};
}

}  // namespace

std::string group_help(std::string_view group, const Streams& streams) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& verb : verbs_of(group)) {
    const auto path = group.empty() ? verb : std::string(group) + " " + verb;
    lines.emplace_back(verb, std::string(summary_of(path)));
  }
  const auto bold = [&](std::string_view text) { return streams.styled_out(text, Style::bold); };
  std::string out =
      group.empty() ? "Find the language model that serves your data best.\n" : std::string(summary_of(group)) + ".\n";
  out += "\n" + bold("Usage") + "\n  lumi " + std::string(group) + (group.empty() ? "" : " ") + "COMMAND [flags]\n";
  if (group.empty()) {
    out += examples_section(
        {{"score a file of predictions", "lumi evaluate predictions.csv --metric rouge,bleu"},
         {"keep a dataset and list what is kept", "lumi dataset create data.csv && lumi dataset list"}},
        streams);
  }
  out += "\n" + bold("Commands") + "\n" + two_columns(lines, page_width(streams));
  out += group.empty()
             ? "\nMore: lumi COMMAND --help, and the topics of lumi help: exit-codes, environment, json, metrics,\n"
               "formats, conditions\n"
             : "\nMore: lumi " + std::string(group) + " COMMAND --help\n";
  return out;
}

}  // namespace lumi::cli
