#include "cli/commands/delete_items.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/commands/failures.hpp"
#include "cli/context.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

std::vector<DeleteItem> resolved(const std::vector<std::string>& ids,
                                 const DeleteOptions& options,
                                 const DeleteActions& actions,
                                 Failures& failures) {
  std::vector<DeleteItem> items;
  for (const auto& id : ids) {
    try {
      auto item = actions.resolve(id);
      const bool seen = std::any_of(items.begin(), items.end(), [&](const auto& other) { return other.id == item.id; });
      if (!seen) {
        items.push_back(std::move(item));
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found || !options.ignore_not_found) {
        failures.add(error);
      }
    }
  }
  return items;
}

std::string question(const std::vector<DeleteItem>& items, const std::string& noun) {
  if (items.size() == 1) {
    return "Delete " + noun + " " + items[0].id + " (" + printable(items[0].name) + ")?";
  }
  return "Delete " + std::to_string(items.size()) + " " + noun + "s?";
}

}  // namespace

void show_done(Context& context, std::string_view done, const std::vector<std::string>& ids) {
  auto& streams = context.streams();
  if (!context.options().json) {
    for (const auto& id : ids) {
      streams.message(std::string(done) + " " + id);
    }
    return;
  }
  JsonWriter json(streams.out());
  json.begin_object();
  json.key(done);
  json.begin_array();
  for (const auto& id : ids) {
    json.value(id);
  }
  json.end_array();
  json.end_object();
  streams.out().write("\n");
}

void bind_delete_options(OptionSet& set, DeleteOptions& options) {
  set.flag("--dry-run", options.dry_run, "Only print what would be deleted");
  set.flag("--ignore-not-found", options.ignore_not_found, "Say nothing about ids that do not exist");
}

ExitCode delete_items(Context& context,
                      const std::vector<std::string>& ids,
                      const DeleteOptions& options,
                      const DeleteActions& actions) {
  Failures failures(context);
  const auto items = resolved(ids, options, actions, failures);
  std::vector<std::string> deleted;
  const bool wanted = items.empty() || options.dry_run || context.confirm(question(items, actions.noun));
  for (const auto& item : items) {
    if (!wanted) {
      break;
    }
    try {
      if (!options.dry_run) {
        for (const auto& warning : actions.remove(item.id)) {
          context.streams().warning(warning);
        }
      }
      deleted.push_back(item.id);
    } catch (const Error& error) {
      failures.add(error);
    }
  }
  if (options.dry_run && !context.options().json) {
    for (const auto& id : deleted) {
      context.streams().out().write(id + "\n");
    }
  } else {
    show_done(context, options.dry_run ? "would_delete" : "deleted", deleted);
  }
  failures.throw_if_any();
  return ExitCode::done;
}

}  // namespace lumi::cli
