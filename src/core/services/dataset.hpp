#pragma once
#include "base/byte_stream.hpp"
#include "core/services/dataset_import.hpp"
#include "core/services/dataset_statistics.hpp"
#include "core/services/removal.hpp"
#include "core/tabular/row_reader.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/dataset.hpp"
#include "store/records/listing.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {
class Clock;
class IdSource;
}  // namespace lumi

namespace lumi::services {

/// A dataset that was just kept, or found again, and what was mended while it was read.
struct Creation {
  store::DatasetRecord dataset;
  std::vector<std::string> notes;
};

/// The first rows of a dataset.
struct Preview {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::uint64_t total = 0;  ///< rows of the dataset
};

/// Datasets: files of rows that are kept as CSV. Every call that takes an id also takes a unique prefix of at least
/// four characters; an unknown one throws `not_found`.
class DatasetService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
    IdSource& ids;
  };

  explicit DatasetService(Dependencies dependencies) : with_(dependencies) {}

  /// Reads `source` and keeps it: the object first, then the row. Throws `invalid_input` or `too_large` naming file,
  /// line and column; then nothing is kept. With Reuse::yes, a dataset of the same content and name is returned as it
  /// is.
  Creation create(ByteSource& source, const CreateOptions& options, const ImportProgress& progress = {});

  /// Keeps a dataset that another store had, under the id, time and marks that `known` has. Its hash is that of
  /// `source`. Throws as `create`, and `conflict` if the id is taken.
  store::DatasetRecord adopt(ByteSource& source, store::DatasetRecord known);

  /// The full id that `id_or_prefix` names.
  std::string resolve(std::string_view id_or_prefix);

  store::DatasetRecord get(std::string_view id);

  store::Listing<store::DatasetRecord> list(const store::Page& page);

  /// Removes the row, then its object. Throws `conflict` naming the experiment that is on it, or the unfinished job
  /// that reads it, unless Force::yes.
  Removal remove(std::string_view id, Force force);

  /// The stored file, verified to its end: see store::VerifiedSource.
  std::unique_ptr<ByteSource> open(const store::DatasetRecord& dataset);

  /// Where the stored file can be read from: a list, as datasets of Lumigator have several files.
  std::vector<std::string> download_urls(const store::DatasetRecord& dataset, std::int64_t expires_s);

  Preview preview(std::string_view id, std::uint64_t rows);

  /// Counts over the whole dataset, in memory that does not grow with it.
  DatasetStatistics statistics(std::string_view id);

private:
  /// Makes the object visible and keeps its row, with what `outcome` tells; the time is now if the record has none.
  store::DatasetRecord
  keep(store::ObjectWriter& writer, const ImportOutcome& outcome, store::DatasetRecord record, Reuse reuse);

  /// Inserts the row, unless (Reuse::yes) there is one of the same content and name by now, which is then returned.
  store::DatasetRecord keep_row(const store::DatasetRecord& record, Reuse reuse);
  void forget_object(const store::DatasetRecord& record);
  void remove_row(const store::DatasetRecord& record, Force force);

  Dependencies with_;
};

}  // namespace lumi::services
