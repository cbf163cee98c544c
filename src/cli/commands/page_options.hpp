#pragma once
#include "cli/options.hpp"
#include "store/records/listing.hpp"

#include <cstdint>

namespace lumi::cli {

/// Which part of a listing is shown. Negative numbers are no error: they mean 0.
struct PageOptions {
  std::int64_t skip = 0;
  std::int64_t limit = 100;

  store::Page page() const;
};

/// Declares --skip and --limit.
void bind_page_options(OptionSet& set, PageOptions& options);

}  // namespace lumi::cli
