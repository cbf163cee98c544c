#pragma once
#include "core/services/import_notes.hpp"
#include "core/services/lumigator_config.hpp"
#include "core/services/lumigator_import.hpp"
#include "core/services/lumigator_objects.hpp"
#include "store/foreign/lumigator_database.hpp"

#include <optional>
#include <string>

namespace lumi::services {

/// Rows of imported jobs have this for their runner: they cannot be resumed here.
inline constexpr const char* k_lumigator_runner = "lumigator";

/// Throws `usage` for a job that was imported: what it would take to go on with it is not known.
void check_is_own(const store::JobRecord& job);

/// Brings jobs over.
class LumigatorJobs {
public:
  LumigatorJobs(LumigatorImportService::Dependencies with, LumigatorObjects& objects, ImportNotes& notes)
      : with_(with), objects_(objects), notes_(notes) {}

  /// Brings the job over with its log and results, unless it is there; counts what became of it.
  void bring(const store::LumigatorJob& job, ImportCount& count);

private:
  struct Results;

  std::optional<Results> read_results(const store::LumigatorJob& job, store::JobRecord& row);
  std::optional<store::DatasetRecord> find_dataset(const LumigatorConfig& config);
  void keep(const store::JobRecord& row, const std::optional<Results>& results, const std::string& log);

  LumigatorImportService::Dependencies with_;
  LumigatorObjects& objects_;
  ImportNotes& notes_;
};

}  // namespace lumi::services
