#pragma once
#include "core/evaluation/input.hpp"
#include "store/database.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/dataset.hpp"
#include "store/records/job.hpp"

#include <string>

namespace lumi::services {

/// The stored dataset as jobs read it.
evaluation::Input dataset_input(const store::DatasetRecord& dataset, store::ObjectStores& objects);

/// The dataset that a job reads. Throws `not_found` if it is gone.
store::DatasetRecord dataset_of_job(const store::JobRecord& job, store::Database& database);

/// Where an object is, as results name it.
std::string object_url(const std::string& storage_url, const std::string& key);

}  // namespace lumi::services
