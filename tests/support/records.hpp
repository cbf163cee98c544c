#pragma once
#include "base/ids.hpp"
#include "store/records/dataset.hpp"
#include "store/records/job.hpp"

#include <cstdint>
#include <string>

namespace lumi::test {

/// A dataset's row with every field set; the time is the `number`th of a series.
inline store::DatasetRecord dataset_record(int number) {
  store::DatasetRecord record;
  record.id = RandomIds().uuid();
  record.filename = "file" + std::to_string(number) + ".csv";
  record.size_bytes = 1000U + static_cast<unsigned>(number);
  record.sha256 = std::string(64, 'a');
  record.ground_truth = true;
  record.created_at = {std::int64_t{1'700'000'000'000'000} + number};
  record.rows = 7;
  record.columns_json = R"(["examples","ground_truth"])";
  record.storage_url = "file:";
  record.object_key = "datasets/" + record.id + "/" + record.filename + "/dataset.csv";
  record.object_size_bytes = 900;
  record.object_sha256 = std::string(64, 'b');
  return record;
}

/// A job's row; the time is the `number`th of a series.
inline store::JobRecord job_record(int number) {
  store::JobRecord record;
  record.id = RandomIds().uuid();
  record.name = "job " + std::to_string(number);
  record.type = "evaluator";
  record.created_at = {std::int64_t{1'700'000'000'000'000} + number};
  return record;
}

}  // namespace lumi::test
