#include "store/foreign/mlflow_database.hpp"

#include "base/text.hpp"

namespace lumi::store {

namespace {

constexpr const char* k_active = "active";

std::optional<Timestamp> from_milliseconds(const std::optional<std::string>& text) {
  const auto number = text ? parse_integer(*text) : std::nullopt;
  return number ? std::optional(Timestamp{*number * 1000}) : std::nullopt;
}

}  // namespace

MlflowDatabase::MlflowDatabase(const std::filesystem::path& path) : database_(path) {
  database_.need_tables({"experiments", "experiment_tags", "runs", "tags", "params"}, "MLflow");
}

MlflowDatabase::Entries MlflowDatabase::entries_of(const std::string& table, const std::string& owner) {
  Entries entries;
  database_.visit(table, {owner, "key", "value"}, {}, [&](const ForeignRow& row) {
    entries[row[0].value_or("")][row[1].value_or("")] = row[2].value_or("");
  });
  return entries;
}

std::vector<MlflowExperiment> MlflowDatabase::experiments() {
  auto tags = entries_of("experiment_tags", "experiment_id");
  std::vector<MlflowExperiment> experiments;
  database_.visit(
      "experiments",
      {"experiment_id", "name", "lifecycle_stage", "creation_time", "last_update_time"},
      {"creation_time", "experiment_id"},
      [&](const ForeignRow& row) {
        if (row[2].value_or(k_active) == k_active) {
          const auto id = row[0].value_or("");
          experiments.push_back(
              {id, row[1].value_or(""), from_milliseconds(row[3]), from_milliseconds(row[4]), std::move(tags[id])});
        }
      });
  return experiments;
}

std::vector<MlflowRun> MlflowDatabase::runs() {
  auto tags = entries_of("tags", "run_uuid");
  auto params = entries_of("params", "run_uuid");
  std::vector<MlflowRun> runs;
  database_.visit("runs",
                  {"run_uuid", "experiment_id", "status", "lifecycle_stage", "start_time", "end_time"},
                  {"start_time", "run_uuid"},
                  [&](const ForeignRow& row) {
                    if (row[3].value_or(k_active) == k_active) {
                      const auto id = row[0].value_or("");
                      runs.push_back({id,
                                      row[1].value_or(""),
                                      row[2].value_or(""),
                                      from_milliseconds(row[4]),
                                      from_milliseconds(row[5]),
                                      std::move(tags[id]),
                                      std::move(params[id])});
                    }
                  });
  return runs;
}

}  // namespace lumi::store
