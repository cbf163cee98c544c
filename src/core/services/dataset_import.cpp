#include "core/services/dataset_import.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/sha256.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "core/tabular/csv_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lumi::services {

namespace {

constexpr std::uint64_t k_rows_between_checks = 256;
constexpr std::size_t k_longest_key_part = 200;

/// "50.0MB", as Lumigator's message has it.
std::string megabytes(std::uint64_t bytes) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.1fMB", static_cast<double>(bytes) / 1e6);
  return buffer.data();
}

/// Counts and hashes an upload while it is read, and refuses one over the limit.
class UploadSource final : public ByteSource {
public:
  UploadSource(ByteSource& behind, const CreateOptions& options) : behind_(behind), options_(options) {}

  std::size_t read(char* buffer, std::size_t capacity) override {
    throw_if_interrupted();
    const auto count = behind_.read(buffer, capacity);
    hash_.update({buffer, count});
    size_ += count;
    if (options_.max_size_bytes && size_ > *options_.max_size_bytes) {
      throw Error(ErrorCode::too_large,
                  options_.filename + ": Dataset upload exceeds the " + megabytes(*options_.max_size_bytes) + " limit",
                  "the limit is the setting dataset.max_size");
    }
    return count;
  }

  std::uint64_t size_bytes() const { return size_; }
  std::string sha256() { return hash_.hex_digest(); }

private:
  ByteSource& behind_;
  const CreateOptions& options_;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

void check_columns(const std::vector<std::string>& columns, const CreateOptions& options) {
  std::vector<std::string> missing;
  std::string hint;
  for (const auto& required : options.required_columns) {
    if (std::find(columns.begin(), columns.end(), required) != columns.end()) {
      continue;
    }
    missing.push_back(required);
    if (const auto near = closest(required, columns)) {
      hint = "it has " + quote(*near) + ": give --map " + required + "=" + *near;
    }
  }
  if (!missing.empty()) {
    throw Error(ErrorCode::invalid_input,
                options.filename + ": Dataset is missing required fields: " + join(missing, ", "),
                hint.empty() ? "its columns are: " + join(columns, ", ") : hint);
  }
}

}  // namespace

ImportOutcome
import_dataset(ByteSource& source, ByteSink& sink, const CreateOptions& options, const ImportProgress& progress) {
  UploadSource upload(source, options);
  tabular::ReadOptions read;
  read.name = options.filename;
  read.max_cell_bytes = options.max_cell_bytes;
  read.max_row_bytes = std::max(read.max_row_bytes, 2 * options.max_cell_bytes);
  read.renames = options.renames;
  read.short_rows = tabular::ShortRows::fill;
  const auto reader = tabular::open_rows(upload, options.format, read);
  ImportOutcome outcome;
  outcome.columns = reader->columns();
  check_columns(outcome.columns, options);
  const auto ground_truth = std::find(outcome.columns.begin(), outcome.columns.end(), "ground_truth");
  const auto truth_index = static_cast<std::size_t>(ground_truth - outcome.columns.begin());
  outcome.ground_truth = ground_truth != outcome.columns.end();

  BufferedSink buffered(sink);
  tabular::CsvWriter writer(buffered);
  writer.write(std::vector<std::string_view>(outcome.columns.begin(), outcome.columns.end()));
  for (tabular::Row row; reader->next(row);) {
    writer.write(row.fields);
    ++outcome.rows;
    outcome.ground_truth = outcome.ground_truth && !is_blank(row.fields[truth_index]);
    if (progress && outcome.rows % k_rows_between_checks == 0) {
      progress(upload.size_bytes());
    }
  }
  buffered.flush();
  if (outcome.rows == 0) {
    throw Error(ErrorCode::invalid_input, options.filename + ": the dataset has a header but no rows");
  }
  outcome.size_bytes = upload.size_bytes();
  outcome.sha256 = upload.sha256();
  outcome.notes = reader->notes();
  return outcome;
}

std::string dataset_key(const std::string& id, const std::string& filename) {
  std::string key = "datasets/" + id;
  for (const auto part : split(filename, '/')) {
    std::string safe = to_valid_utf8(part);
    std::replace(safe.begin(), safe.end(), '\0', '-');
    safe = cut_to_bytes(safe, k_longest_key_part);
    key += "/" + (safe.empty() || safe == "." || safe == ".." ? std::string("-") : safe);
  }
  return key + "/dataset.csv";
}

}  // namespace lumi::services
