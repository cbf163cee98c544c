#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/output_file.hpp"
#include "cli/context.hpp"
#include "cli/io/json_value.hpp"
#include "core/services/dataset.hpp"

#include <array>
#include <vector>

namespace lumi::cli {

namespace {

struct DatasetDownloadOptions {
  std::string id;
  std::optional<std::string> output;
  std::optional<std::string> extension;
  bool force = false;
  bool excel_safe = false;
  bool url = false;
  std::string expires = "1h";
};

struct UrlAnswer {
  std::string id;
  std::vector<std::string> urls;
};

constexpr std::array<Field<UrlAnswer>, 2> k_url_fields{{
    {"id", "ID", Show::column, [](const UrlAnswer& answer) { return Value(answer.id); }},
    {"download_urls",
     "URLS",
     Show::column,
     [](const UrlAnswer& answer) {
       return json_value([&](JsonWriter& json) {
         json.begin_array();
         for (const auto& url : answer.urls) {
           json.value(url);
         }
         json.end_array();
       });
     }},
}};

void bind(OptionSet& set, DatasetDownloadOptions& options) {
  set.positional("ID", options.id, "The dataset, or the first characters of its id").completes(Completes::dataset);
  set.option("-o,--output", "FILE", options.output, "Write here: a file, a folder, or - for stdout")
      .completes(Completes::file)
      .shows_default("the dataset's name, ending in .csv");
  set.option("--extension", "EXT", options.extension, "Only files with this extension");
  set.flag("--force", options.force, "Replace a file that exists");
  set.flag("--excel-safe", options.excel_safe, "Put an apostrophe before cells that spreadsheets would run");
  set.flag("--url", options.url, "Print URLs to read the files from instead");
  set.option("--expires", "DURATION", options.expires, "How long a URL of S3 works");
}

/// Whether the stored file, dataset.csv, has the extension asked for.
bool is_wanted(const std::optional<std::string>& extension) {
  const auto wanted = to_lower_ascii(trim(extension.value_or("")));
  return std::string_view("dataset.csv").ends_with(wanted);
}

constexpr std::size_t k_longest_stem = 200;  // a file name has at most 255 bytes

/// A safe file name: the last part of the dataset's own, without what a shell or terminal could stumble over.
std::string local_filename(const std::string& filename) {
  std::string name = filename.substr(filename.rfind('/') == std::string::npos ? 0 : filename.rfind('/') + 1);
  for (char& c : name) {
    c = static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\' ? '_' : c;
  }
  name = std::string(cut_to_bytes(std::filesystem::path(name).stem().string(), k_longest_stem));
  return (name.empty() || name.starts_with('.') ? "dataset" : name) + ".csv";
}

ExitCode run(const DatasetDownloadOptions& options, Context& context) {
  auto& datasets = context.datasets();
  const auto dataset = datasets.get(options.id);
  if (options.url) {
    const auto expires = expiry_seconds(options.expires);
    const UrlAnswer answer{dataset.id,
                           is_wanted(options.extension) ? datasets.download_urls(dataset, expires)
                                                        : std::vector<std::string>()};
    if (context.options().json) {
      show_item(context.streams(), context.view(), grid_of(k_url_fields, std::vector{answer}));
    } else {
      for (const auto& url : answer.urls) {
        context.streams().out().write(url + "\n");
      }
    }
    return ExitCode::done;
  }
  std::vector<std::filesystem::path> written;
  if (is_wanted(options.extension)) {
    const auto target = output_target(context, options.output.value_or(""), local_filename(dataset.filename));
    const auto source = datasets.open(dataset);
    const auto safe = options.excel_safe ? tabular::ExcelSafe::yes : tabular::ExcelSafe::no;
    if (!target) {
      copy_csv(*source, context.streams().out(), safe);
      return ExitCode::done;
    }
    AtomicFile file(*target, options.force ? Overwrite::yes : Overwrite::no, Durable::no, Readers::by_umask);
    copy_csv(*source, file, safe);
    file.commit();
    written.push_back(*target);
  }
  report_written(context, written);
  return ExitCode::done;
}

}  // namespace

Command dataset_download_command() {
  return command<DatasetDownloadOptions>(
      {.path = "dataset download",
       .summary = "Save the file of a dataset",
       .description = "The file is CSV: UTF-8, LF line ends, quotes where needed. An existing file is not replaced "
                      "unless --force is given.",
       .examples = {{"into this folder", "lumi dataset download 9f8e7d6c"},
                    {"into a pipe", "lumi dataset download 9f8e7d6c -o - | head"},
                    {"a URL", "lumi dataset download 9f8e7d6c --url"}},
       .json_fields = names_of(k_url_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
