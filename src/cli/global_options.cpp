#include "cli/global_options.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

constexpr const char* k_heading = "Global options";

bool has_name(const OptionSet& set, std::string_view name) {
  return std::any_of(set.definitions().begin(), set.definitions().end(), [&](const OptionDefinition& definition) {
    return std::find(definition.names.begin(), definition.names.end(), name) != definition.names.end();
  });
}

}  // namespace

void bind_global_options(OptionSet& set, GlobalOptions& options) {
  set.optional_list("--json", "FIELDS", options.json, "Print JSON; --json=id,name prints only these fields")
      .completes(Completes::field)
      .group(k_heading);
  // Commands that send requests mean the headers of these by it.
  if (!has_name(set, "--header")) {
    set.flag("--header", options.header, "Start tab-separated output with a line of column names").group(k_heading);
  }
  set.flag("-q,--quiet", options.quiet, "Print nothing but data, warnings and errors").group(k_heading);
  set.counter("-v,--verbose", options.verbose, "Say more about errors; -vv also logs what is done").group(k_heading);
  set.option("--color", "WHEN", options.color, "Use colour").choices({"auto", "always", "never"}).group(k_heading);
  set.option("--home", "DIR", options.home, "Keep everything in this folder instead of LUMI_HOME")
      .completes(Completes::folder)
      .group(k_heading);
  set.option("--storage", "URL", options.storage, "Put new files here instead of LUMI_STORAGE").group(k_heading);
  set.flag("--no-progress", options.no_progress, "Show no progress").group(k_heading);
  set.flag("-y,--yes", options.yes, "Answer yes to every question").group(k_heading);
  set.flag("-h,--help", options.help, "Show this help").group(k_heading);
}

bool global_flag_takes_value(std::string_view word) {
  OptionSet set;
  GlobalOptions ignored;
  bind_global_options(set, ignored);
  return std::any_of(set.definitions().begin(), set.definitions().end(), [&](const OptionDefinition& definition) {
    return !definition.is_switch() && !definition.optional_value &&
           std::find(definition.names.begin(), definition.names.end(), word) != definition.names.end();
  });
}

}  // namespace lumi::cli
