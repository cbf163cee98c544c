#pragma once
#include "base/byte_stream.hpp"
#include "core/tabular/row_reader.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// Whether a dataset of the same content and name (and, for one that a job makes, of the same job) serves instead of a
/// new one.
enum class Reuse { no, yes };

/// How a dataset is to be kept.
struct CreateOptions {
  std::string filename;
  tabular::Format format = tabular::Format::csv;
  std::vector<tabular::ColumnRename> renames;
  std::vector<std::string> required_columns = {"examples"};
  std::optional<std::string> run_id;
  bool generated = false;
  std::optional<std::string> generated_by;
  Reuse reuse = Reuse::no;
  std::optional<std::uint64_t> max_size_bytes;  ///< of the upload
  std::uint64_t max_cell_bytes = 16 * 1024 * 1024;
};

/// Called with the number of bytes read so far.
using ImportProgress = std::function<void(std::uint64_t bytes)>;

/// What reading an upload told.
struct ImportOutcome {
  std::uint64_t size_bytes = 0;
  std::string sha256;  ///< of the upload
  std::uint64_t rows = 0;
  std::vector<std::string> columns;
  bool ground_truth = false;  ///< every row has one that is not blank
  std::vector<std::string> notes;
};

/// Reads `source` to its end and writes it to `sink` as RFC 4180 CSV (UTF-8, LF, quotes where needed, texts unchanged).
/// Throws `invalid_input` for what is no table, for missing columns and for a table without rows, `too_large` for one
/// over the limit, `interrupted` when a signal asked to stop.
ImportOutcome
import_dataset(ByteSource& source, ByteSink& sink, const CreateOptions& options, const ImportProgress& progress);

/// `datasets/{id}/{filename}/dataset.csv`; parts of the name that cannot be in a key are replaced.
std::string dataset_key(const std::string& id, const std::string& filename);

}  // namespace lumi::services
