#include "cli/commands/output_file.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "core/tabular/row_reader.hpp"

namespace lumi::cli {

std::optional<std::filesystem::path>
output_target(Context& context, const std::string& output, const std::string& filename) {
  if (output == "-") {
    if (context.options().json) {
      throw Error(ErrorCode::usage, "-o - and --json both want standard output", "name a file with -o");
    }
    return std::nullopt;
  }
  std::error_code absent;
  if (output.empty() || std::filesystem::is_directory(output, absent)) {
    return std::filesystem::path(output) / filename;
  }
  return output;
}

void copy_csv(ByteSource& source, ByteSink& sink, tabular::ExcelSafe excel_safe) {
  if (excel_safe == tabular::ExcelSafe::no) {
    std::vector<char> buffer(256 * 1024);
    while (const auto count = source.read(buffer.data(), buffer.size())) {
      sink.write({buffer.data(), count});
    }
    return;
  }
  BufferedSink buffered(sink);
  const auto reader = tabular::open_rows(source, tabular::Format::csv, {});
  tabular::CsvWriter writer(buffered, excel_safe);
  writer.write(std::vector<std::string_view>(reader->columns().begin(), reader->columns().end()));
  for (tabular::Row row; reader->next(row);) {
    writer.write(row.fields);
  }
  buffered.flush();
}

void report_written(Context& context, const std::vector<std::filesystem::path>& files) {
  auto& streams = context.streams();
  if (!context.options().json) {
    for (const auto& file : files) {
      streams.message("wrote " + file.string());
    }
    return;
  }
  JsonWriter json(streams.out());
  json.begin_object();
  json.key("written");
  json.begin_array();
  for (const auto& file : files) {
    json.value(file.string());
  }
  json.end_array();
  json.end_object();
  streams.out().write("\n");
}

std::int64_t expiry_seconds(const std::string& duration) {
  const auto milliseconds = parse_duration_ms(duration);
  if (!milliseconds || *milliseconds < 1000) {
    throw Error(ErrorCode::usage, "--expires needs a duration such as 90s or 1h, not " + quote(duration));
  }
  return *milliseconds / 1000;
}

}  // namespace lumi::cli
