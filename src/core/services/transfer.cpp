#include "core/services/transfer.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/interrupt.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "core/services/beside_others.hpp"
#include "core/services/garbage.hpp"
#include "core/services/transfer_export.hpp"
#include "core/services/transfer_manifest.hpp"
#include "store/files/local_object_store.hpp"
#include "store/files/verified_source.hpp"
#include "store/folder_lock.hpp"
#include "store/repositories/garbage_repository.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lumi::services {

namespace {

using store::CopiedRow;
using store::CopiedTable;
using store::text_in;

constexpr const char* k_transfer_manifest = "manifest.json";
constexpr const char* k_transfer_objects = "objects";

store::LocalObjectStore objects_in(const std::filesystem::path& folder) {
  return {folder / k_transfer_objects, "file://" + std::filesystem::absolute(folder / k_transfer_objects).string()};
}

/// Counts what passes through, and lets an interrupt through.
class CountingSink final : public ByteSink {
public:
  CountingSink(ByteSink& behind, TransferSummary& summary, const TransferService::Progress& progress)
      : behind_(behind), summary_(summary), progress_(progress) {}

  void write(std::string_view bytes) override {
    throw_if_interrupted();
    behind_.write(bytes);
    summary_.size_bytes += bytes.size();
    if (progress_) {
      progress_(summary_.size_bytes);
    }
  }

private:
  ByteSink& behind_;
  TransferSummary& summary_;
  const TransferService::Progress& progress_;
};

void check_empty(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (std::filesystem::exists(folder, ignored) && !std::filesystem::is_empty(folder, ignored)) {
    throw Error(ErrorCode::conflict, quote(folder.string()) + " is not empty", "name a folder that does not exist yet");
  }
}

/// Whether the row that is here has what the other one says; it may have columns that another schema had not.
bool has_content(const CopiedRow& present, const CopiedRow& row) {
  const auto here = portable(present);
  return std::ranges::all_of(portable(row), [&](const auto& column) {
    const auto found = here.find(column.first);
    return found != here.end() && found->second == column.second;
  });
}

/// The rows that have to be added; throws `conflict` if one is there with other content.
TransferManifest missing_rows(store::Database* database, const TransferManifest& manifest, TransferSummary& summary) {
  TransferManifest missing;
  for (const auto table : k_copied_tables) {
    for (const auto& row : manifest.rows[static_cast<std::size_t>(table)]) {
      const auto id = text_in(row, "id");
      const auto present = database == nullptr ? std::nullopt : read_row(*database, table, id);
      if (!present) {
        missing.of(table).push_back(portable(row));
      } else if (has_content(*present, row)) {
        ++summary.skipped;
      } else {
        const std::string kind(to_text(table).substr(0, to_text(table).size() - 1));
        throw Error(ErrorCode::conflict,
                    kind + " " + quote(id) + " is here already, with other content",
                    join({"'lumi", kind, "get", id + "' shows it; nothing was imported"}, " "));
      }
    }
  }
  return missing;
}

/// The files of the rows, each with the hash that both row and manifest tell.
std::vector<store::StoredObject> files_of(const TransferManifest& missing, const TransferManifest& manifest) {
  std::map<std::string, const TransferFile*> known;
  for (const auto& file : manifest.files) {
    known[file.key] = &file;
  }
  std::vector<store::StoredObject> files;
  for (const auto table : k_copied_tables) {
    for (const auto& row : missing.rows[static_cast<std::size_t>(table)]) {
      const auto wanted = file_of(table, row);
      if (wanted.key.empty()) {
        continue;
      }
      const auto found = known.find(wanted.key);
      if (found == known.end() || found->second->sha256 != wanted.sha256 || wanted.sha256.size() != 64) {
        throw Error(ErrorCode::invalid_input, "the manifest does not agree about the file " + quote(wanted.key));
      }
      files.push_back({wanted.key, found->second->size_bytes, wanted.sha256});
    }
  }
  return files;
}

void insert_all(store::Database& database, TransferManifest& missing, const std::string& storage_url) {
  for (const auto table : k_copied_tables) {
    for (auto& row : missing.of(table)) {
      if (table != CopiedTable::experiments) {
        row["storage_url"] = file_of(table, row).key.empty() ? store::ColumnValue() : store::ColumnValue(storage_url);
      }
      insert_row(database, table, row);
    }
  }
}

}  // namespace

TransferSummary TransferService::write(const std::vector<std::string>& ids,
                                       const std::filesystem::path& folder,
                                       const Progress& progress) {
  check_empty(folder);
  auto exported = collect_export(databases_, ids);
  TransferSummary summary;
  make_private_folder(folder);
  auto target = objects_in(folder);
  for (const auto& object : exported.objects) {
    const auto writer = target.create(object.object_key);
    CountingSink sink(*writer, summary, progress);
    store::copy_referenced(objects_.at(object.storage_url), object.object_key, object.sha256, sink);
    const auto stored = writer->commit();
    exported.manifest.files.push_back({stored.key, stored.size_bytes, stored.sha256});
    ++summary.objects;
  }
  for (const auto table : k_copied_tables) {
    summary.rows[static_cast<std::size_t>(table)] = exported.manifest.of(table).size();
  }
  // The last file: a folder without it is half an export, which no import takes.
  write_file(folder / k_transfer_manifest, to_json(exported.manifest), Overwrite::no, Durable::yes);
  return summary;
}

TransferSummary TransferService::read(const std::filesystem::path& folder, const Progress& progress) {
  const auto path = folder / k_transfer_manifest;
  const auto manifest = parse_transfer_manifest(read_file(path), path.string());
  const auto schema = static_cast<std::int64_t>(store::all_migrations().size());
  if (manifest.schema > schema) {
    throw Error(ErrorCode::invalid_input,
                quote(path.string()) + " was written by a newer lumi (schema " + std::to_string(manifest.schema) +
                    ", this one knows up to " + std::to_string(schema) + ")",
                "upgrade lumi");
  }
  TransferSummary summary;
  const auto missing = missing_rows(databases_.find(), manifest, summary);
  const auto files = files_of(missing, manifest);
  auto& target = objects_.for_new();
  const auto& url = objects_.url_for_new();
  const auto mark = target.new_mark();
  std::vector<Announcement> announced;
  announced.reserve(files.size());
  for (const auto& file : files) {
    // What an import that was killed has left is known by the mark that it had.
    auto* const database = databases_.find();
    const auto note = database != nullptr ? store::GarbageRepository(*database).find(url, file.key) : std::nullopt;
    announced.push_back({file.key, note && !note->mark.empty() ? note->mark : mark});
  }
  // gc takes objects that no row names for garbage.
  const auto lock = store::lock_objects_for_writing(databases_.home());
  announce_objects(databases_, url, announced, clock_.now());
  auto source = objects_in(folder);
  for (const auto& file : files) {
    const auto writer =
        target.create(file.key, {.existing = existing_at(url), .mark = announced[summary.objects].mark});
    CountingSink sink(*writer, summary, progress);
    store::copy_referenced(source, file.key, file.sha256, sink);
    commit_beside_others({databases_, target, url, file.key}, *writer, [&] { return file.sha256; });
    ++summary.objects;
  }
  if (std::ranges::all_of(missing.rows, [](const auto& rows) { return rows.empty(); })) {
    return summary;
  }
  auto& database = databases_.get();
  database.transaction([&] {
    summary.skipped = 0;  // another import may have been faster
    auto still_missing = missing_rows(&database, manifest, summary);
    insert_all(database, still_missing, url);
    for (const auto& object : announced) {
      store::GarbageRepository(database).remove(url, object.key);
    }
    for (const auto table : k_copied_tables) {
      summary.rows[static_cast<std::size_t>(table)] = still_missing.of(table).size();
    }
  });
  return summary;
}

}  // namespace lumi::services
