#pragma once
#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"
#include "core/services/dataset.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/repositories/job_repository.hpp"
#include "support/records.hpp"
#include "support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace lumi::test {

/// A clock that is set by hand, and starts now.
class ManualClock final : public Clock {
public:
  Timestamp now() const override { return {SystemClock().now().microseconds + offset_us_}; }
  void advance_hours(std::int64_t hours) { offset_us_ += hours * 3'600'000'000; }

private:
  std::int64_t offset_us_ = 0;
};

/// A home of its own and what services need to work on it.
struct ServiceHome {
  TempDir folder;
  store::Home home{folder / "home"};
  store::DatabaseProvider databases{home};
  store::ObjectStores objects{"file:", home};
  ManualClock clock;
  RandomIds ids;
  services::DatasetService datasets{{databases, objects, clock, ids}};

  store::DatasetRecord add_dataset(const std::string& filename = "a.csv",
                                   const std::string& csv = "examples,ground_truth\nx,y\nz,\"a,b\"\n") {
    TextSource source(csv);
    services::CreateOptions options;
    options.filename = filename;
    return datasets.create(source, options).dataset;
  }

  /// A finished job with its result and its log.
  store::JobRecord add_job() {
    auto record = job_record(1);
    record.status = "succeeded";
    record.storage_url = "file:";
    record.result_key = "jobs/results/job/" + record.id + "/results.json";
    const auto writer = objects.for_new().create(*record.result_key);
    writer->write("{\"metrics\":{}}");
    record.result_sha256 = writer->commit().sha256;
    store::JobRepository(databases.get()).insert(record);
    make_private_folder(home.job_folder(record.id));
    std::ofstream(home.job_folder(record.id) / "job.log") << "done\n";
    return record;
  }

  std::filesystem::path object_path(const std::string& key) const { return home.objects_folder() / key; }
  std::string object_text(const std::string& key) { return read_all(*objects.at("file:").open(key)); }
};

/// Makes a file with its folders.
inline void plant(const std::filesystem::path& path, const std::string& content = "planted") {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

}  // namespace lumi::test
