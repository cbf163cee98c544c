#pragma once
#include "base/clock.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/garbage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lumi::services {

/// Whether something is done or only said.
enum class DryRun { no, yes };

/// Whether the sources of `lumi storage copy` are garbage too.
enum class CopiedSources { keep, remove };

/// Why something is garbage.
enum class GarbageKind {
  deleted_object,       ///< its row is gone, and removing it failed then
  unreferenced_object,  ///< no row names it: left by a process that was killed
  temporary_file,       ///< half written by a process that is gone
  job_folder,           ///< of a job that has no row
  unfinished_upload,    ///< to a storage that keeps the parts of what was never completed
  copied_object,        ///< it was copied to another storage
};

/// Something that was or would be removed.
struct GarbageItem {
  GarbageKind kind = GarbageKind::deleted_object;
  std::string storage_url;  ///< empty for files of the home
  std::string name;         ///< the object's key, or the path below the home
  std::uint64_t size_bytes = 0;
  std::string error;  ///< why it is still there; empty if it is not
};

/// What a collection found.
struct GcReport {
  std::vector<GarbageItem> items;

  std::uint64_t freed_bytes() const;
  std::uint64_t failures() const;
};

/// Removes what nothing names any more. Unfinished uploads are looked for in every storage that is named. Unreferenced
/// objects are looked for in the home's own folder only: another home may name those of a storage that is shared. Of
/// what was announced there, only an object with the mark of its note goes.
class GcService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
  };

  explicit GcService(Dependencies dependencies) : with_(dependencies) {}

  /// Removes garbage; objects, folders and files that were changed in the last `older_than_ms` stay, as what names them
  /// may be on its way, and so do uploads that were begun or gone on with since then. Without a database nothing is
  /// garbage. With DryRun::yes, nothing changes.
  GcReport collect(std::int64_t older_than_ms, DryRun dry_run, CopiedSources sources = CopiedSources::keep);

private:
  void collect_deleted(GcReport& report, Timestamp before, DryRun dry_run, CopiedSources sources);
  void
  collect_noted(GcReport& report, const std::vector<store::GarbageRecord>& listed, Timestamp before, DryRun dry_run);
  void collect_uploads(GcReport& report, Timestamp before, DryRun dry_run);
  void collect_uploads_to(const std::string& url, GcReport& report, Timestamp before, DryRun dry_run);
  void collect_unreferenced(GcReport& report, Timestamp before, DryRun dry_run);
  void collect_temporary_objects(GcReport& report, DryRun dry_run);
  void collect_drafts(GcReport& report, Timestamp before, DryRun dry_run);
  void collect_job_folders(GcReport& report, Timestamp before, DryRun dry_run);

  Dependencies with_;
};

}  // namespace lumi::services
