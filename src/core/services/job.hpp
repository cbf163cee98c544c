#pragma once
#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "core/evaluation/results_reader.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/dataset.hpp"
#include "store/records/job.hpp"
#include "store/records/listing.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// Which jobs a listing shows.
struct JobFilter {
  std::vector<std::string> types;     ///< none: all
  std::vector<std::string> statuses;  ///< none: all
  std::int64_t skip = 0;
  std::int64_t limit = 100;  ///< 0: all
};

/// The reading half of jobs. Every call that takes an id also takes a unique prefix of at least four characters; an
/// unknown one throws `not_found`. Before a row is shown, unfinished jobs that lost their process are marked failed.
class JobService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
    std::uint64_t max_memory = 16ULL * 1024 * 1024;  ///< for the scores of results that are read
  };

  explicit JobService(Dependencies dependencies) : with_(dependencies) {}

  /// The full id that `id_or_prefix` names.
  std::string resolve(std::string_view id_or_prefix);

  store::JobRecord get(std::string_view id);

  store::Listing<store::JobRecord> list(const JobFilter& filter);

  /// The text of its log; empty if it wrote none.
  std::string logs(std::string_view id);

  /// Where its log is, for following.
  std::filesystem::path log_path(std::string_view id);

  /// Its results, opened. Throws `pending` while it is unfinished, `not_found` if it ended without, `storage` if they
  /// are damaged. The reader is valid as long as this service.
  evaluation::ResultsReader results(std::string_view id);

  /// Copies results.json into `sink`. Throws as `results`.
  void download(std::string_view id, ByteSink& sink);

  /// A URL from which results.json can be read. Throws as `results`.
  std::string download_url(std::string_view id, std::int64_t expires_s);

  /// The dataset that the job produced. Throws `not_found` if there is none.
  store::DatasetRecord dataset(std::string_view id);

private:
  store::JobRecord get_with_results(std::string_view id);
  std::unique_ptr<ByteSource> open_results(const store::JobRecord& job);

  Dependencies with_;
};

}  // namespace lumi::services
