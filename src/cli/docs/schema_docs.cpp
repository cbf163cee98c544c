#include "cli/docs/schema_docs.hpp"

#include "core/services/query.hpp"
#include "embedded/schema_page.hpp"

namespace lumi::cli {

namespace {

/// The text with `|` escaped, which would end a cell.
std::string cell_of(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    cell += c == '|' ? "\\|" : std::string(1, c);
  }
  return cell;
}

}  // namespace

std::string schema_docs() {
  std::string out(k_schema_page[0].text);
  for (const auto& table : services::QueryService::tables()) {
    out += "\n## " + std::string(table.name) + "\n\n" + std::string(table.summary) + "\n\n";
    out += "| column | type | meaning |\n|---|---|---|\n";
    for (const auto& column : table.columns) {
      out += "| `" + std::string(column.name) + "` | " + std::string(to_text(column.type)) + " | " +
             cell_of(column.meaning) + " |\n";
    }
  }
  return out;
}

}  // namespace lumi::cli
