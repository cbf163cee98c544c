#include "cli/io/view.hpp"

#include "base/environment.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

void write_json(JsonWriter& writer, const Value& value) {
  std::visit(Overloaded{[&](std::monostate) { writer.value(nullptr); },
                        [&](Timestamp time) { writer.value(to_rfc3339(time)); },
                        [&](Bytes bytes) { writer.value(bytes.count); },
                        [&](const Json& json) { writer.raw(json.text); },
                        [&](const auto& plain) { writer.value(plain); }},
             value);
}

/// The columns that are shown: for JSON the fields asked for, in the order asked.
std::vector<std::size_t> json_columns(const ViewSettings& settings, const Grid& grid) {
  std::vector<std::size_t> chosen;
  if (settings.json && !settings.json->empty()) {
    for (const auto& name : *settings.json) {
      const auto found = std::find_if(
          grid.columns.begin(), grid.columns.end(), [&](const Column& column) { return column.name == name; });
      if (found != grid.columns.end()) {
        chosen.push_back(static_cast<std::size_t>(found - grid.columns.begin()));
      }
    }
    return chosen;
  }
  for (std::size_t i = 0; i < grid.columns.size(); ++i) {
    chosen.push_back(i);
  }
  return chosen;
}

std::vector<std::size_t> text_columns(const Grid& grid, Show most) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < grid.columns.size(); ++i) {
    if (grid.columns[i].show <= most) {
      chosen.push_back(i);
    }
  }
  return chosen;
}

void write_object(JsonWriter& writer,
                  const Grid& grid,
                  const std::vector<std::size_t>& chosen,
                  const std::vector<Value>& row,
                  Nulls nulls = Nulls::shown) {
  writer.begin_object();
  for (const auto i : chosen) {
    if (nulls == Nulls::left_out && std::holds_alternative<std::monostate>(row[i])) {
      continue;
    }
    writer.key(grid.columns[i].name);
    write_json(writer, row[i]);
  }
  writer.end_object();
}

JsonStyle json_style(const Streams& streams) {
  return streams.out_terminal() == Terminal::yes ? JsonStyle::indented(2) : JsonStyle::compact();
}

/// GitHub Actions takes a line of output that starts with `::` or `##[` for a command: a backslash makes it text.
void defuse_workflow_command(std::string& line) {
  const auto start = trim(line);
  if ((start.starts_with("::") || start.starts_with("##[")) && environment("GITHUB_ACTIONS")) {
    line.insert(line.find_first_of(":#"), "\\");
  }
}

void show_tab_separated(Streams& streams, const ViewSettings& settings, const Grid& grid, Show most) {
  const auto chosen = text_columns(grid, most);
  std::string line;
  const auto put = [&](std::string_view cell) {
    line += line.empty() ? "" : "\t";
    line += cell;
  };
  const auto end_line = [&] {
    defuse_workflow_command(line);
    line += '\n';
    streams.out().write(line);
    line.clear();
  };
  if (settings.header == HeaderLine::yes) {
    for (const auto i : chosen) {
      put(grid.columns[i].name);
    }
    end_line();
  }
  for (const auto& row : grid.rows) {
    bool first = true;
    for (const auto i : chosen) {
      line += first ? "" : "\t";
      line += cell_for_programs(row[i]);
      first = false;
    }
    end_line();
  }
}

void show_table(Streams& streams, const ViewSettings& settings, const Grid& grid) {
  const auto chosen = text_columns(grid, Show::column);
  std::vector<std::vector<std::string>> cells(1);
  for (const auto i : chosen) {
    cells[0].push_back(streams.styled_out(grid.columns[i].header, Style::bold));
  }
  for (const auto& row : grid.rows) {
    auto& line = cells.emplace_back();
    for (const auto i : chosen) {
      line.push_back(printable(cell_for_people(row[i], settings.now)));
    }
  }
  streams.out().write(aligned_table(cells, streams.width()));
}

}  // namespace

std::string cell_for_people(const Value& value, Timestamp now) {
  return std::visit(Overloaded{[](std::monostate) { return std::string("-"); },
                               [](bool truth) { return std::string(truth ? "yes" : "no"); },
                               [](std::int64_t number) { return std::to_string(number); },
                               [](double number) { return json_number(number); },
                               [](const std::string& text) { return text; },
                               [&](Timestamp time) { return to_relative(time, now); },
                               [](Bytes bytes) { return human_size(bytes.count); },
                               [](const Json& json) { return json.text; }},
                    value);
}

std::string cell_for_programs(const Value& value) {
  const auto plain = std::visit(Overloaded{[](std::monostate) { return std::string(); },
                                           [](bool truth) { return std::string(truth ? "true" : "false"); },
                                           [](std::int64_t number) { return std::to_string(number); },
                                           [](double number) { return json_number(number); },
                                           [](const std::string& text) { return text; },
                                           [](Timestamp time) { return to_rfc3339(time); },
                                           [](Bytes bytes) { return std::to_string(bytes.count); },
                                           [](const Json& json) { return json.text; }},
                                value);
  std::string escaped;
  for (const char c : plain) {
    switch (c) {
    case '\\':
      escaped += "\\\\";
      break;
    case '\t':
      escaped += "\\t";
      break;
    case '\n':
      escaped += "\\n";
      break;
    case '\r':
      escaped += "\\r";
      break;
    default:
      escaped += c;
    }
  }
  return escaped;
}

std::string json_array(const Grid& grid) {
  TextSink sink;
  JsonWriter writer(sink);
  const auto chosen = json_columns({}, grid);
  writer.begin_array();
  for (const auto& row : grid.rows) {
    write_object(writer, grid, chosen, row);
  }
  writer.end_array();
  return sink.text();
}

std::string aligned_table(const std::vector<std::vector<std::string>>& rows, int width) {
  std::vector<int> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string out;
  for (const auto& row : rows) {
    int used = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i + 1 == row.size()) {
        const int room = std::max(8, width - used);
        out += display_width(row[i]) > room ? truncated(row[i], room) : row[i];
      } else {
        out += row[i] + std::string(static_cast<std::size_t>(widths[i] - display_width(row[i]) + 2), ' ');
        used += widths[i] + 2;
      }
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return out;
}

void show_listing(
    Streams& streams, const ViewSettings& settings, const Grid& grid, std::uint64_t total, std::string_view nothing) {
  if (settings.json) {
    JsonWriter writer(streams.out(), json_style(streams));
    const auto chosen = json_columns(settings, grid);
    writer.begin_object();
    writer.member("total", total);
    writer.key("items");
    writer.begin_array();
    for (const auto& row : grid.rows) {
      write_object(writer, grid, chosen, row, settings.nulls);
    }
    writer.end_array();
    writer.end_object();
    streams.out().write("\n");
  } else if (streams.out_terminal() == Terminal::no) {
    show_tab_separated(streams, settings, grid, Show::column);
  } else if (grid.rows.empty()) {
    streams.message(nothing);
  } else {
    show_table(streams, settings, grid);
    if (grid.rows.size() < total) {
      streams.message("showing " + std::to_string(grid.rows.size()) + " of " + std::to_string(total));
    }
  }
}

void show_item(Streams& streams, const ViewSettings& settings, const Grid& grid) {
  if (settings.json) {
    JsonWriter writer(streams.out(), json_style(streams));
    write_object(writer, grid, json_columns(settings, grid), grid.rows.at(0));
    streams.out().write("\n");
  } else if (streams.out_terminal() == Terminal::no) {
    show_tab_separated(streams, settings, grid, Show::detail);
  } else {
    std::vector<std::vector<std::string>> cells;
    for (const auto i : text_columns(grid, Show::detail)) {
      cells.push_back({streams.styled_out(grid.columns[i].header, Style::bold),
                       printable(cell_for_people(grid.rows.at(0)[i], settings.now))});
    }
    streams.out().write(aligned_table(cells, streams.width()));
  }
}

void show_json_lines(Streams& streams, const ViewSettings& settings, const Grid& grid) {
  const auto chosen = json_columns(settings, grid);
  for (const auto& row : grid.rows) {
    JsonWriter writer(streams.out());
    write_object(writer, grid, chosen, row);
    streams.out().write("\n");
  }
}

}  // namespace lumi::cli
