#pragma once
#include "cli/io/streams.hpp"

#include <string_view>

namespace lumi::cli {

/// Shows a long text: on a terminal through LUMI_PAGER, else PAGER, else `less -FIRX`; elsewhere, or if no pager
/// starts, straight to stdout. A pager that is left early is no error.
void show_in_pager(Streams& streams, std::string_view text);

}  // namespace lumi::cli
