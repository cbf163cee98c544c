#pragma once
#include "base/clock.hpp"
#include "core/services/evaluation_lookup.hpp"
#include "store/database_provider.hpp"
#include "store/records/baseline.hpp"
#include "store/records/listing.hpp"

#include <string>

namespace lumi::services {

/// Evaluations that have a name, so that later ones can be compared with them.
class BaselineService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    JobService& jobs;
    EvaluationLookup& evaluations;
    const Clock& clock;
  };

  explicit BaselineService(Dependencies dependencies) : with_(dependencies) {}

  /// Gives the evaluation that `id` stands for a name, or moves the name to it. Throws `usage` for a name that could be
  /// an id or a file, and what EvaluationLookup and JobService::results throw.
  store::BaselineRecord set(const std::string& name, const std::string& id);

  /// Throws `not_found`, with a near name.
  store::BaselineRecord get(const std::string& name);

  store::Listing<store::BaselineRecord> list(const store::Page& page);

  /// Forgets the name; the evaluation stays. Throws `not_found`.
  void remove(const std::string& name);

private:
  Dependencies with_;
};

}  // namespace lumi::services
