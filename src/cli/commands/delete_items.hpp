#pragma once
#include "cli/exit_code.hpp"
#include "cli/options.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

class Context;

/// The flags of every delete.
struct DeleteOptions {
  bool dry_run = false;
  bool ignore_not_found = false;
};

void bind_delete_options(OptionSet& set, DeleteOptions& options);

/// Something that is about to be deleted.
struct DeleteItem {
  std::string id;
  std::string name;
};

/// How one kind of thing is deleted.
struct DeleteActions {
  std::string noun;                                                    ///< "dataset"
  std::function<DeleteItem(const std::string&)> resolve;               ///< throws not_found
  std::function<std::vector<std::string>(const std::string&)> remove;  ///< returns warnings
};

/// Says on stderr what was done to each ("deleted ID"), or with --json prints {"deleted":[ids]}.
void show_done(Context& context, std::string_view done, const std::vector<std::string>& ids);

/// Deletes every item that can be, reports each failure, and returns the most urgent exit code. Prints
/// {"deleted":[ids]} with --json.
ExitCode delete_items(Context& context,
                      const std::vector<std::string>& ids,
                      const DeleteOptions& options,
                      const DeleteActions& actions);

}  // namespace lumi::cli
