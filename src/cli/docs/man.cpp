#include "cli/docs/man.hpp"

#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/docs/help.hpp"
#include "cli/docs/topics.hpp"
#include "cli/exit_code.hpp"
#include "cli/global_options.hpp"
#include "cli/registry.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

/// The day that every page shows: it changes with a release, not with the day of a build.
constexpr std::string_view k_date = "2026-11-25";

/// `text` as roff that prints just it.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string page_name(std::string_view path) {
  std::string name = "lumi-" + std::string(path);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string head(const std::string& name, std::string_view summary) {
  std::string title = name;
  std::transform(title.begin(), title.end(), title.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return ".TH \"" + title + "\" 1 \"" + std::string(k_date) + "\" \"lumi " + std::string(k_version) +
         "\" \"lumi manual\"\n.SH NAME\n" + roff(name) + " \\- " + roff(summary) + "\n";
}

/// Paragraphs; indented lines are shown as they are.
std::string paragraphs(std::string_view text) {
  std::string out;
  bool literal = false;
  for (const auto line : split(trim(text), '\n')) {
    const bool indented = line.starts_with(' ');
    if (indented != literal) {
      out += indented ? ".nf\n" : ".fi\n";
      literal = indented;
    }
    if (!line.empty()) {
      out += roff(line) + "\n";
    } else if (!out.ends_with(".PP\n")) {
      out += ".PP\n";
    }
  }
  return out + (literal ? ".fi\n" : "");
}

std::string option_entries(const OptionSet& set) {
  std::string out;
  for (const auto& definition : set.definitions()) {
    if (!definition.hidden) {
      out += ".TP\n\\fB" + roff(trim(option_syntax(definition))) + "\\fR\n" + roff(option_text(definition)) + ".\n";
    }
  }
  return out;
}

}  // namespace

ManPage man_page(const Command& command) {
  OptionSet set;
  command.bind(set);
  const auto name = page_name(command.spec.path);
  std::string text = head(name, command.spec.summary);
  text += ".SH SYNOPSIS\n\\fB" + roff(usage_line(command.spec, set)) + "\\fR\n";
  text += ".SH DESCRIPTION\n";
  text += command.spec.description.empty() ? roff(command.spec.summary) + ".\n" : paragraphs(command.spec.description);
  if (const auto entries = option_entries(set); !entries.empty()) {
    text += ".SH OPTIONS\n" + entries;
  }
  text += ".PP\nThe flags that every command takes are described in\n.BR lumi (1).\n";
  if (!command.spec.json_fields.empty()) {
    text += ".SH JSON FIELDS\n" + roff(join(command.spec.json_fields, ", ")) + "\n";
  }
  text += ".SH EXAMPLES\n";
  for (const auto& example : command.spec.examples) {
    text += (&example == &command.spec.examples.front() ? "" : ".PP\n") + roff(example.purpose) + ":\n.PP\n.nf\n.RS\n" +
            roff(example.line) + "\n.RE\n.fi\n";
  }
  text += ".SH EXIT STATUS\nSee\n.BR lumi (1).\n.SH SEE ALSO\n.BR lumi (1)\n";
  return {name + ".1", text};
}

ManPage man_page_of_program() {
  std::string text = head("lumi", "find the language model that serves your data best");
  text +=
      ".SH SYNOPSIS\n\\fBlumi\\fR \\fICOMMAND\\fR [\\fIflags\\fR]\n.SH DESCRIPTION\n" +
      paragraphs("Keeps datasets, scores predictions with ROUGE, BLEU, METEOR and other metrics, and keeps the jobs "
                 "and their results in an SQLite database and a folder or S3 bucket of files. It needs no server.");
  text += ".SH COMMANDS\n";
  for (const auto& entry : all_commands()) {
    if (!entry.path.starts_with("__")) {
      text += ".TP\n\\fBlumi " + roff(entry.path) + "\\fR\n" + roff(entry.summary) + ".\n";
    }
  }
  GlobalOptions ignored;
  OptionSet globals;
  bind_global_options(globals, ignored);
  text += ".SH GLOBAL OPTIONS\n" + option_entries(globals) + ".SH EXIT STATUS\n";
  for (const auto& row : exit_code_table()) {
    text += ".TP\n\\fB" + std::to_string(static_cast<int>(row.exit)) + "\\fR\n" + roff(row.meaning) + "\n";
  }
  for (const auto& topic : all_topics()) {
    if (topic.name != "exit-codes") {
      std::string title = topic.name;
      std::transform(title.begin(), title.end(), title.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      });
      text += ".SH " + title + "\n" + paragraphs(topic.text());
    }
  }
  text += ".SH SEE ALSO\n";
  for (const auto& entry : all_commands()) {
    if (!entry.path.starts_with("__")) {
      text += ".BR " + roff(page_name(entry.path)) + " (1)\n";
    }
  }
  return {"lumi.1", text};
}

}  // namespace lumi::cli
