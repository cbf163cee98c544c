#include "store/foreign/lumigator_database.hpp"

#include "base/ids.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::store {

namespace {

std::optional<std::string> uuid_of(const std::optional<std::string>& text) {
  return text ? normalize_uuid(*text) : std::nullopt;
}

std::uint64_t number_of(const std::optional<std::string>& text) {
  const auto number = text ? parse_integer(*text) : std::nullopt;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number.value_or(0)));
}

}  // namespace

LumigatorDatabase::LumigatorDatabase(const std::filesystem::path& path) : database_(path) {
  database_.need_tables({"datasets", "jobs"}, "Lumigator");
}

std::vector<DatasetRecord> LumigatorDatabase::datasets() {
  std::vector<DatasetRecord> datasets;
  const std::vector<std::string> columns = {
      "id", "created_at", "filename", "size", "ground_truth", "run_id", "generated", "generated_by"};
  database_.visit("datasets", columns, {"created_at", "id"}, [&](const ForeignRow& row) {
    const auto id = uuid_of(row[0]);
    const auto time = parse_foreign_time(row[1]);
    if (!id || !time) {
      ++unreadable_;
      return;
    }
    DatasetRecord record;
    record.id = *id;
    record.created_at = *time;
    record.filename = row[2].value_or("");
    record.size_bytes = number_of(row[3]);
    record.ground_truth = number_of(row[4]) != 0;
    record.run_id = uuid_of(row[5]);
    record.generated = number_of(row[6]) != 0;
    record.generated_by = row[7];
    datasets.push_back(std::move(record));
  });
  return datasets;
}

void LumigatorDatabase::visit_jobs(const std::function<void(const LumigatorJob&)>& visit) {
  const std::vector<std::string> columns = {
      "id", "created_at", "updated_at", "name", "description", "job_type", "status", "logs"};
  database_.visit("jobs", columns, {"created_at", "id"}, [&](const ForeignRow& row) {
    const auto id = uuid_of(row[0]);
    const auto time = parse_foreign_time(row[1]);
    if (!id || !time) {
      ++unreadable_;
      return;
    }
    LumigatorJob job;
    job.id = *id;
    job.created_at = *time;
    job.updated_at = parse_foreign_time(row[2]);
    job.name = row[3].value_or("");
    job.description = row[4].value_or("");
    job.type = to_lower_ascii(row[5].value_or(""));
    job.status = to_lower_ascii(row[6].value_or(""));
    job.logs = row[7].value_or("");
    visit(job);
  });
}

std::vector<LumigatorSecret> LumigatorDatabase::secrets() {
  std::vector<LumigatorSecret> secrets;
  database_.visit(
      "secrets", {"name", "description", "value", "created_at"}, {"created_at", "id"}, [&](const ForeignRow& row) {
        const auto time = parse_foreign_time(row[3]);
        if (!row[0] || !row[2] || !time) {
          ++unreadable_;
          return;
        }
        secrets.push_back({*row[0], row[1].value_or(""), *row[2], *time});
      });
  return secrets;
}

}  // namespace lumi::store
