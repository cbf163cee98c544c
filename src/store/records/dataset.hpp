#pragma once
#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lumi::store {

/// A row of the table `datasets`.
struct DatasetRecord {
  std::string id;  ///< UUID
  std::string filename;
  std::string format = "job";
  std::uint64_t size_bytes = 0;  ///< of the upload
  std::string sha256;            ///< of the upload
  bool ground_truth = false;     ///< every row has one that is not blank
  std::optional<std::string> run_id;
  bool generated = false;
  std::optional<std::string> generated_by;
  Timestamp created_at;
  std::uint64_t rows = 0;
  std::string columns_json;  ///< the column names, a JSON array of texts
  std::string storage_url;   ///< the object store that holds the file
  std::string object_key;
  std::uint64_t object_size_bytes = 0;
  std::string object_sha256;
};

}  // namespace lumi::store
