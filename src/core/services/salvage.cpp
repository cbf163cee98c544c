#include "core/services/salvage.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/interrupt.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "core/tabular/row_reader.hpp"
#include "store/database.hpp"
#include "store/files/local_object_store.hpp"
#include "store/files/object_stores.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/garbage_repository.hpp"
#include "store/salvage.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace lumi::services {

namespace {

namespace fs = std::filesystem;

void check_target(const fs::path& target) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(target, ignored)) &&
      (!fs::is_directory(target, ignored) || !fs::is_empty(target, ignored))) {
    throw Error(ErrorCode::conflict, quote(target.string()) + " is not an empty folder", "name a folder that is new");
  }
}

store::StoredObject copy_object(store::ObjectStore& from, store::ObjectStore& to, const std::string& key) {
  const auto source = from.open(key);
  const auto writer = to.create(key);
  writer->write_from(*source);
  return writer->commit();
}

/// What can be known of a dataset from its file alone.
std::optional<store::DatasetRecord> read_dataset(store::ObjectStore& objects, const store::ObjectInfo& info) {
  const auto parts = split(info.key, '/');
  if (parts.size() < 4 || parts[0] != "datasets" || normalize_uuid(parts[1]) != parts[1] ||
      parts.back() != "dataset.csv") {
    return std::nullopt;
  }
  store::DatasetRecord record;
  record.id = parts[1];
  const auto name_at = parts[0].size() + parts[1].size() + 2;
  record.filename = info.key.substr(name_at, info.key.size() - name_at - std::string_view("/dataset.csv").size());
  record.created_at = info.modified_at;
  record.storage_url = store::k_home_storage;
  record.object_key = info.key;
  const auto source = objects.open(info.key);
  const auto reader = tabular::open_rows(*source, tabular::Format::csv, {.name = info.key});
  const auto& columns = reader->columns();
  const auto truth =
      static_cast<std::size_t>(std::find(columns.begin(), columns.end(), "ground_truth") - columns.begin());
  record.ground_truth = truth < columns.size();
  for (tabular::Row row; reader->next(row);) {
    ++record.rows;
    record.ground_truth = record.ground_truth && !is_blank(row.fields[truth]);
  }
  TextSink names;
  JsonWriter json(names);
  json.begin_array();
  for (const auto& column : columns) {
    json.value(column);
  }
  json.end_array();
  record.columns_json = names.text();
  return record;
}

/// One rescue.
class Rescue {
public:
  Rescue(const store::Home& damaged, const store::Home& target)
      : damaged_(damaged), target_(target), database_(store::Database::open(target)),
        from_(damaged.objects_folder(), store::k_home_storage), to_(target.objects_folder(), store::k_home_storage),
        unowned_(target.path() / "unowned", "unowned") {}

  SalvageReport run() {
    rescue_rows();
    rescue_objects();
    drop_rows_without_object();
    rescue_job_files();
    return std::move(report_);
  }

private:
  void rescue_rows() {
    try {
      const auto rows = store::salvage_rows(damaged_.database_path(), *database_);
      report_.datasets = rows.datasets;
      report_.jobs = rows.jobs;
      report_.experiments = rows.experiments;
      report_.workflows = rows.workflows;
      if (rows.refused > 0) {
        report_.losses.push_back(std::to_string(rows.refused) + " rows are damaged");
      }
    } catch (const Error& error) {
      report_.losses.push_back("no row can be read: " + std::string(error.what()));
    }
    store::GarbageRepository(*database_).visit_references([&](const store::ObjectReference& reference) {
      if (reference.storage_url == store::k_home_storage) {
        references_[reference.object_key] = reference;
      }
    });
  }

  void rescue_objects() {
    std::vector<store::ObjectInfo> infos;
    from_.list("", [&](const store::ObjectInfo& info) { infos.push_back(info); });
    for (const auto& info : infos) {
      try {
        rescue_object(info);
      } catch (const Error& error) {
        if (error.code() == ErrorCode::interrupted) {
          throw;
        }
        report_.losses.push_back("object " + quote(info.key) + ": " + error.what());
      }
    }
  }

  void rescue_object(const store::ObjectInfo& info) {
    const auto reference = references_.find(info.key);
    if (reference != references_.end()) {
      const auto copied = copy_object(from_, to_, info.key);
      ++report_.objects;
      if (!reference->second.sha256.empty() && copied.sha256 != reference->second.sha256) {
        report_.losses.push_back("object " + quote(info.key) + " is not what was stored");
      }
      rescued_.push_back(info.key);
      return;
    }
    if (rebuild_dataset(info)) {
      return;
    }
    copy_object(from_, unowned_, info.key);
    ++report_.objects;
    report_.losses.push_back("nothing names object " + quote(info.key) + ": it is in " +
                             quote((target_.path() / "unowned").string()));
  }

  bool rebuild_dataset(const store::ObjectInfo& info) {
    std::optional<store::DatasetRecord> record;
    try {
      record = read_dataset(from_, info);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::interrupted) {
        throw;
      }
    }
    if (!record) {
      return false;
    }
    const auto copied = copy_object(from_, to_, info.key);
    record->size_bytes = record->object_size_bytes = copied.size_bytes;
    record->sha256 = record->object_sha256 = copied.sha256;
    store::DatasetRepository(*database_).insert(*record);
    ++report_.objects;
    ++report_.rebuilt_datasets;
    report_.losses.push_back("the row of dataset " + record->id +
                             " was made again from its file: size and hash of the " +
                             "upload, and who made it, are lost");
    return true;
  }

  void drop_rows_without_object() {
    for (const auto& [key, reference] : references_) {
      if (std::binary_search(rescued_.begin(), rescued_.end(), key)) {
        continue;
      }
      report_.losses.push_back("the file of " + reference.owner_type + " " + reference.owner_id + " is lost");
      if (reference.owner_type == "dataset") {
        store::DatasetRepository(*database_).remove(reference.owner_id);
        --report_.datasets;
      }
    }
  }

  void rescue_job_files() {
    constexpr std::array<const char*, 2> k_files{"job.log", "journal.jsonl"};
    std::error_code ignored;
    for (const auto& folder : fs::directory_iterator(damaged_.jobs_folder(), ignored)) {
      for (const char* name : k_files) {
        const auto path = folder.path() / name;
        if (fs::is_regular_file(fs::symlink_status(path, ignored))) {
          const auto id = folder.path().filename().string();
          make_private_folder(target_.job_folder(id));
          fs::copy_file(path, target_.job_folder(id) / name, ignored);
        }
      }
    }
  }

  const store::Home& damaged_;
  const store::Home& target_;
  std::unique_ptr<store::Database> database_;
  store::LocalObjectStore from_;
  store::LocalObjectStore to_;
  store::LocalObjectStore unowned_;
  std::map<std::string, store::ObjectReference> references_;
  std::vector<std::string> rescued_;  // keys, in their order
  SalvageReport report_;
};

}  // namespace

SalvageReport salvage(const store::Home& damaged, const fs::path& target) {
  if (std::error_code ignored; !fs::is_directory(damaged.path(), ignored)) {
    throw Error(ErrorCode::not_found, "there is no home " + quote(damaged.path().string()));
  }
  check_target(target);
  const store::Home home(target);
  return Rescue(damaged, home).run();
}

}  // namespace lumi::services
