#include "core/services/dataset.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "core/services/garbage.hpp"
#include "core/services/resolve_id.hpp"
#include "store/files/verified_source.hpp"
#include "store/folder_lock.hpp"
#include "store/orphans.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/repositories/job_repository.hpp"

namespace lumi::services {

namespace {

std::string json_array(const std::vector<std::string>& texts) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_array();
  for (const auto& text : texts) {
    json.value(text);
  }
  json.end_array();
  return sink.text();
}

Error not_found_error(std::string_view id) {
  return {ErrorCode::not_found, "dataset " + quote(id) + " not found", "'lumi dataset list' shows what there is"};
}

}  // namespace

Creation DatasetService::create(ByteSource& source, const CreateOptions& options, const ImportProgress& progress) {
  store::DatasetRecord record;
  record.id = with_.ids.uuid();
  record.filename = options.filename;
  record.run_id = options.run_id;
  record.generated = options.generated;
  record.generated_by = options.generated_by;
  record.storage_url = with_.objects.url_for_new();
  record.object_key = dataset_key(record.id, options.filename);
  const auto writer = with_.objects.for_new().create(record.object_key);
  const auto outcome = import_dataset(source, *writer, options, progress);
  record.size_bytes = outcome.size_bytes;
  record.ground_truth = outcome.ground_truth;
  return {keep(*writer, outcome, std::move(record), options.reuse), outcome.notes};
}

store::DatasetRecord DatasetService::adopt(ByteSource& source, store::DatasetRecord known) {
  known.storage_url = with_.objects.url_for_new();
  known.object_key = dataset_key(known.id, known.filename);
  const auto writer = with_.objects.for_new().create(known.object_key);
  CreateOptions options;
  options.filename = known.filename;
  options.required_columns = {};
  const auto outcome = import_dataset(source, *writer, options, {});
  return keep(*writer, outcome, std::move(known), Reuse::no);
}

store::DatasetRecord DatasetService::keep(store::ObjectWriter& writer,
                                          const ImportOutcome& outcome,
                                          store::DatasetRecord record,
                                          Reuse reuse) {
  auto& database = with_.databases.get();  // a damaged one gets no object
  record.sha256 = outcome.sha256;
  record.rows = outcome.rows;
  record.columns_json = json_array(outcome.columns);
  if (reuse == Reuse::yes) {
    if (auto same = store::DatasetRepository(database).find_same(record)) {
      return *std::move(same);
    }
  }
  // gc takes an object that no row names for garbage.
  const auto lock = store::lock_objects_for_writing(with_.databases.home());
  announce_objects(with_.databases, record.storage_url, {{record.object_key, writer.mark()}}, with_.clock.now());
  const auto object = writer.commit();
  record.object_size_bytes = object.size_bytes;
  record.object_sha256 = object.sha256;
  record.created_at = record.created_at == Timestamp() ? with_.clock.now() : record.created_at;
  return keep_row(record, reuse);
}

store::DatasetRecord DatasetService::keep_row(const store::DatasetRecord& record, Reuse reuse) {
  auto& database = with_.databases.get();
  store::DatasetRepository datasets(database);
  try {
    // Another process may have kept the same content meanwhile.
    auto kept = database.transaction([&] {
      auto same = reuse == Reuse::yes ? datasets.find_same(record) : std::nullopt;
      if (!same) {
        datasets.insert(record);
        store::GarbageRepository(database).remove(record.storage_url, record.object_key);
      }
      return same.value_or(record);
    });
    if (kept.id != record.id) {
      forget_object(record);
    }
    return kept;
  } catch (...) {
    forget_object(record);
    throw;
  }
}

void DatasetService::forget_object(const store::DatasetRecord& record) {
  try {
    with_.objects.at(record.storage_url).remove(record.object_key);
    store::GarbageRepository(with_.databases.get()).remove(record.storage_url, record.object_key);
  } catch (const Error& error) {
    log_warn("an object without a row is left: " + std::string(error.what()));
  }
}

std::string DatasetService::resolve(std::string_view id_or_prefix) {
  auto* database = with_.databases.find();
  if (database == nullptr) {
    return resolve_uuid("dataset", id_or_prefix, {});
  }
  store::DatasetRepository datasets(*database);
  return resolve_uuid(
      "dataset",
      id_or_prefix,
      {[&](const std::string& prefix, std::size_t limit) { return datasets.find_ids_by_prefix(prefix, limit); },
       [&](const std::string& id) { return datasets.find_near_ids(id); }});
}

store::DatasetRecord DatasetService::get(std::string_view id) {
  const auto full_id = resolve(id);
  if (auto* database = with_.databases.find()) {
    if (auto record = store::DatasetRepository(*database).find(full_id)) {
      return *std::move(record);
    }
  }
  throw not_found_error(id);
}

store::Listing<store::DatasetRecord> DatasetService::list(const store::Page& page) {
  auto* database = with_.databases.find();
  return database == nullptr ? store::Listing<store::DatasetRecord>() : store::DatasetRepository(*database).list(page);
}

void DatasetService::remove_row(const store::DatasetRecord& record, Force force) {
  auto& database = with_.databases.get();
  database.transaction([&] {
    const auto experiments = store::ExperimentRepository(database).find_ids_of_dataset(record.id);
    if (!experiments.empty() && force == Force::no) {
      throw Error(ErrorCode::conflict,
                  "dataset " + quote(record.id) + " is in use by experiment " + quote(experiments.front()),
                  "delete the experiment first, or give --force");
    }
    const auto jobs = store::JobRepository(database).find_unfinished_of_dataset(record.id);
    if (!jobs.empty() && force == Force::no) {
      throw Error(ErrorCode::conflict,
                  "dataset " + quote(record.id) + " is in use by job " + quote(jobs.front()),
                  "wait for the job, or give --force");
    }
    if (!store::DatasetRepository(database).remove(record.id)) {  // another process was faster
      throw not_found_error(record.id);
    }
    store::GarbageRepository(database).insert({record.storage_url, record.object_key, with_.clock.now(), 0, ""});
  });
}

Removal DatasetService::remove(std::string_view id, Force force) {
  const auto record = get(id);
  store::reap_orphaned_jobs(with_.databases, with_.clock);
  remove_row(record, force);
  Removal removal{record.id, {}};
  store::GarbageRepository garbage(with_.databases.get());
  const store::GarbageRecord object{record.storage_url, record.object_key, with_.clock.now(), 0, ""};
  if (const auto reason = sweep(garbage, with_.objects, object)) {
    removal.warnings.push_back("the file of dataset " + record.id + " is still there: " + *reason +
                               "; 'lumi gc' tries again");
  }
  return removal;
}

std::unique_ptr<ByteSource> DatasetService::open(const store::DatasetRecord& dataset) {
  auto& objects = with_.objects.at(dataset.storage_url);
  // The size is known before the first byte is used, the hash only at the end.
  if (const auto info = objects.find(dataset.object_key); info && info->size_bytes != dataset.object_size_bytes) {
    throw Error(ErrorCode::storage,
                "object " + quote(dataset.object_key) + " is damaged: it has " + std::to_string(info->size_bytes) +
                    " bytes instead of " + std::to_string(dataset.object_size_bytes),
                "'lumi doctor --read-data' checks all objects");
  }
  return store::open_referenced(objects, dataset.object_key, dataset.object_sha256);
}

std::vector<std::string> DatasetService::download_urls(const store::DatasetRecord& dataset, std::int64_t expires_s) {
  return {with_.objects.at(dataset.storage_url).download_url(dataset.object_key, expires_s)};
}

Preview DatasetService::preview(std::string_view id, std::uint64_t rows) {
  const auto dataset = get(id);
  const auto source = open(dataset);
  const auto reader = tabular::open_rows(*source, tabular::Format::csv, {.name = dataset.object_key});
  Preview preview{reader->columns(), {}, dataset.rows};
  for (tabular::Row row; preview.rows.size() < rows && reader->next(row);) {
    preview.rows.emplace_back(row.fields.begin(), row.fields.end());
  }
  return preview;
}

DatasetStatistics DatasetService::statistics(std::string_view id) {
  const auto dataset = get(id);
  const auto source = open(dataset);
  const auto reader = tabular::open_rows(*source, tabular::Format::csv, {.name = dataset.object_key});
  return collect_statistics(*reader);
}

}  // namespace lumi::services
