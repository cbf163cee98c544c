#pragma once
#include "cli/io/streams.hpp"
#include "cli/io/view.hpp"
#include "store/sql/sandbox.hpp"

namespace lumi::cli {

/// Shows what SQL gave as a listing: to a pipe row by row, in memory that does not grow with them. Throws `usage` where
/// two columns of a JSON object would have the same name.
void show_answer(Streams& streams, const ViewSettings& settings, store::sql::Answer& answer);

}  // namespace lumi::cli
