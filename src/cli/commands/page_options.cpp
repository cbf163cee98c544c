#include "cli/commands/page_options.hpp"

#include <algorithm>

namespace lumi::cli {

store::Page PageOptions::page() const {
  return {static_cast<std::uint64_t>(std::max<std::int64_t>(0, skip)),
          static_cast<std::uint64_t>(std::max<std::int64_t>(0, limit))};
}

void bind_page_options(OptionSet& set, PageOptions& options) {
  set.option("--skip", "N", options.skip, "Leave out the newest N");
  set.option("-L,--limit", "N", options.limit, "List at most N; 0 lists all");
}

}  // namespace lumi::cli
