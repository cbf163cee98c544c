#include "cli/commands/log_view.hpp"

#include "base/text.hpp"
#include "cli/context.hpp"

#include <algorithm>
#include <utility>

namespace lumi::cli {

const std::array<Field<std::string>, 1> k_log_fields{
    {{"logs", "LOG", Show::column, [](const std::string& logs) { return Value(logs); }}}};

std::vector<std::string> last_lines(std::vector<std::string> lines, const std::optional<std::int64_t>& tail) {
  if (tail) {
    const auto keep = std::min(lines.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, *tail)));
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(keep));
  }
  return lines;
}

void show_lines(Context& context, const std::vector<std::string>& lines) {
  auto& streams = context.streams();
  const bool terminal = streams.out_terminal() == Terminal::yes;
  for (const auto& line : lines) {
    streams.out().write((terminal ? printable(line) : line) + "\n");
  }
}

void GrowingLog::show(std::vector<std::string> lines) {
  lines = last_lines(std::move(lines), std::exchange(tail_, std::nullopt));
  if (context_.options().json) {
    show_json_lines(context_.streams(), context_.view(), grid_of(k_log_fields, lines));
  } else {
    show_lines(context_, lines);
  }
  context_.streams().flush();
}

void show_logs(Context& context, std::string logs, const std::optional<std::int64_t>& tail) {
  auto lines = split(logs, '\n');
  if (lines.back().empty()) {
    lines.pop_back();
  }
  const auto shown = last_lines({lines.begin(), lines.end()}, tail);
  if (!context.options().json) {
    show_lines(context, shown);
    return;
  }
  if (tail) {
    logs = shown.empty() ? "" : join(shown, "\n") + "\n";
  }
  show_item(context.streams(), context.view(), grid_of(k_log_fields, std::vector{logs}));
}

}  // namespace lumi::cli
