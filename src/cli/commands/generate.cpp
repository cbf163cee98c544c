#include "base/file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/docs/json_docs.hpp"
#include "cli/docs/man.hpp"
#include "cli/docs/schema_docs.hpp"
#include "cli/registry.hpp"

#include <filesystem>

namespace lumi::cli {

namespace {

struct GenerateOptions {
  std::string what;
  std::string folder;
};

void bind(OptionSet& set, GenerateOptions& options) {
  set.positional("WHAT", options.what, "What to make").choices({"man", "json-docs", "schema-docs"});
  set.option("--out", "DIR", options.folder, "The folder to write to").required().completes(Completes::folder);
}

void write_page(const std::filesystem::path& folder, const std::string& file, const std::string& text) {
  write_file(folder / file, text, Overwrite::yes, Durable::no, Readers::by_umask);
}

ExitCode run(const GenerateOptions& options, Context& /*context*/) {
  const std::filesystem::path folder = options.folder;
  std::filesystem::create_directories(folder);
  if (options.what == "json-docs") {
    write_page(folder, "json-output.md", json_docs());
    return ExitCode::done;
  }
  if (options.what == "schema-docs") {
    write_page(folder, "schema.md", schema_docs());
    return ExitCode::done;
  }
  const auto program = man_page_of_program();
  write_page(folder, program.file, program.text);
  for (const auto& entry : all_commands()) {
    if (!entry.path.starts_with("__")) {
      const auto page = man_page(entry.make());
      write_page(folder, page.file, page.text);
    }
  }
  return ExitCode::done;
}

}  // namespace

Command generate_command() {
  return command<GenerateOptions>({.path = "__generate",
                                   .summary = "Make the manual pages, docs/json-output.md or docs/schema.md",
                                   .examples = {{"the manual", "lumi __generate man --out man"}},
                                   .hidden = true},
                                  bind,
                                  run);
}

}  // namespace lumi::cli
