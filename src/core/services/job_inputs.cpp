#include "core/services/job_inputs.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/files/verified_source.hpp"
#include "store/repositories/dataset_repository.hpp"

#include <utility>

namespace lumi::services {

evaluation::Input dataset_input(const store::DatasetRecord& dataset, store::ObjectStores& objects) {
  evaluation::Input input;
  input.name = dataset.filename;
  input.format = tabular::Format::csv;
  input.size_bytes = dataset.object_size_bytes;
  // Once is enough to find out that the object is damaged.
  input.open = [&from = objects.at(dataset.storage_url), dataset, is_verified = false]() mutable {
    const bool verify = !std::exchange(is_verified, true);
    return store::open_referenced(from, dataset.object_key, verify ? dataset.object_sha256 : std::string());
  };
  return input;
}

store::DatasetRecord dataset_of_job(const store::JobRecord& job, store::Database& database) {
  auto dataset = store::DatasetRepository(database).find(job.dataset_id.value_or(""));
  if (!dataset) {
    throw Error(ErrorCode::not_found, "dataset " + quote(job.dataset_id.value_or("")) + " not found");
  }
  return *std::move(dataset);
}

std::string object_url(const std::string& storage_url, const std::string& key) {
  return storage_url.ends_with(':') || storage_url.ends_with('/') ? storage_url + key : storage_url + "/" + key;
}

}  // namespace lumi::services
