#include "cli/docs/json_docs.hpp"

#include "cli/docs/topics.hpp"
#include "cli/registry.hpp"

#include <algorithm>

namespace lumi::cli {

std::string json_docs() {
  std::string out = "# JSON output\n\nMade by `cmake --build <dir> --target docs`; do not edit.\n\n";
  for (const auto& topic : all_topics()) {
    if (topic.name == "json") {
      out += topic.text() + "\n";
    }
  }
  out += "| command | fields |\n|---|---|\n";
  for (const auto& entry : all_commands()) {
    const auto command = entry.make();
    if (command.spec.json_fields.empty()) {
      continue;
    }
    out += "| `lumi " + std::string(entry.path) + "` | ";
    for (const auto& field : command.spec.json_fields) {
      out += (field == command.spec.json_fields.front() ? "`" : ", `") + field + "`";
    }
    out += " |\n";
  }
  return out;
}

}  // namespace lumi::cli
