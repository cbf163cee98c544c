#pragma once
#include "core/services/doctor.hpp"
#include "store/database.hpp"
#include "store/records/garbage.hpp"

#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace lumi::services {

/// The files and folders of a home that exist and that only their owner may read.
std::vector<std::filesystem::path> private_paths(const store::Home& home);

/// Whether others may read `path`.
bool is_open_to_others(const std::filesystem::path& path);

/// One round of checks: see DoctorService::examine.
class Examination {
public:
  Examination(const DoctorService::Dependencies& with, const ExamineOptions& options)
      : with_(with), options_(options), random_(std::random_device()()) {}

  std::vector<Finding> run();

private:
  void look_at_storage();
  bool look_at_home();
  void look_at_disk();
  bool look_at_database();
  void look_at_journal(store::Database& database);
  void look_at_integrity(store::Database& database);
  void look_at_objects(store::Database& database);
  std::string problem_of(const store::ObjectReference& reference);
  bool is_to_be_read();
  void look_at_garbage();
  void look_at_jobs(store::Database& database);
  void look_at_clock(store::Database& database);
  void look_at_version();

  void add(std::string check, FindingStatus status, std::string message, std::string hint = {});
  void ok(const char* check, std::string message) { add(check, FindingStatus::ok, std::move(message)); }

  /// Runs a check; damage that it meets on the way is a finding too.
  void guarded(const char* check, const std::function<void()>& look);

  const DoctorService::Dependencies& with_;
  const ExamineOptions& options_;
  std::mt19937_64 random_;
  std::uint64_t objects_read_ = 0;
  std::vector<Finding> findings_;
};

}  // namespace lumi::services
