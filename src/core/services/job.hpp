#pragma once
#include "base/byte_stream.hpp"
#include "core/evaluation/results_reader.hpp"
#include "store/records/dataset.hpp"
#include "store/records/job.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {
class Clock;
}

namespace lumi::store {
class Database;
class ObjectStore;
}  // namespace lumi::store

namespace lumi::services {

/// Which jobs a listing shows.
struct JobFilter {
  std::vector<std::string> types;     ///< none: all
  std::vector<std::string> statuses;  ///< none: all
  std::int64_t skip = 0;
  std::int64_t limit = 100;  ///< 0: all
};

/// A part of a listing, newest first.
struct JobPage {
  std::uint64_t total = 0;  ///< all that the filter lets through, before skip and limit
  std::vector<store::JobRecord> items;
};

/// The object store behind a row's `storage_url`.
using OpenStorage = std::function<store::ObjectStore&(const std::string& storage_url)>;

/// The reading half of jobs. Every call that takes an id also takes a unique prefix of at least four characters; an
/// unknown one throws `not_found`.
class JobService {
public:
  struct Dependencies {
    store::Database& database;
    std::filesystem::path home;
    OpenStorage open_storage;
    const Clock& clock;
  };

  explicit JobService(Dependencies dependencies) : with_(std::move(dependencies)) {}

  /// The full id that `id_or_prefix` names.
  std::string resolve(std::string_view id_or_prefix);

  /// The job. A running one whose process is gone is first marked failed ("interrupted").
  store::JobRecord get(std::string_view id);

  /// The jobs that `filter` lets through.
  JobPage list(const JobFilter& filter);

  /// The text of its log; empty if it wrote none.
  std::string logs(std::string_view id);

  /// Where its log is, for following.
  std::filesystem::path log_path(std::string_view id);

  /// Its results, opened. Throws `pending` while it is unfinished, `not_found` if it ended without.
  evaluation::ResultsReader results(std::string_view id);

  /// Copies results.json into `sink`. Throws as `results`.
  void download(std::string_view id, ByteSink& sink);

  /// A URL from which results.json can be read. Throws as `results`.
  std::string download_url(std::string_view id, std::int64_t expires_s);

  /// The dataset that the job produced. Throws `not_found` if there is none.
  store::DatasetRecord dataset(std::string_view id);

private:
  Dependencies with_;
};

}  // namespace lumi::services
