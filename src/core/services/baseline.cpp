#include "core/services/baseline.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "core/schemas/run.hpp"
#include "core/services/comparison.hpp"
#include "store/repositories/baseline_repository.hpp"

#include <vector>

namespace lumi::services {

namespace {

constexpr std::size_t k_longest_baseline_name = 255;

void check_name(const std::string& name) {
  if (trim(name).empty() || name.size() > k_longest_baseline_name ||
      name.find_first_of("./\t\n") != std::string::npos || name == "-" || schemas::looks_like_id(name)) {
    throw Error(ErrorCode::usage,
                quote(name) + " cannot be the name of a baseline",
                "a name is not a file (no dot, no slash) and not an id (not only the digits 0-9 and a-f)");
  }
}

}  // namespace

store::BaselineRecord BaselineService::set(const std::string& name, const std::string& id) {
  check_name(name);
  const auto evaluation = with_.evaluations.find_one(id);
  ComparisonService(with_.jobs).job(evaluation.job_id);  // has scores
  store::BaselineRecord record{name, evaluation.job_id, with_.clock.now()};
  store::BaselineRepository(with_.databases.get()).put(record);
  return record;
}

store::BaselineRecord BaselineService::get(const std::string& name) {
  auto* database = with_.databases.find();
  if (database != nullptr) {
    if (auto record = store::BaselineRepository(*database).find(name)) {
      return *std::move(record);
    }
  }
  std::vector<std::string> names;
  for (const auto& baseline : list({0, 0}).items) {
    names.push_back(baseline.name);
  }
  auto hint = did_you_mean(name, names);
  throw Error(ErrorCode::not_found,
              "baseline " + quote(name) + " not found",
              hint.empty() ? "'lumi baseline list' shows what there is; a file is named with a dot or a slash" : hint);
}

store::Listing<store::BaselineRecord> BaselineService::list(const store::Page& page) {
  auto* database = with_.databases.find();
  return database == nullptr ? store::Listing<store::BaselineRecord>()
                             : store::BaselineRepository(*database).list(page);
}

void BaselineService::remove(const std::string& name) {
  get(name);
  store::BaselineRepository(with_.databases.get()).remove(name);
}

}  // namespace lumi::services
