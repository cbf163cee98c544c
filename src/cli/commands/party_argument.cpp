#include "cli/commands/party_argument.hpp"

#include "cli/commands/dataset_argument.hpp"
#include "cli/context.hpp"
#include "core/services/comparison.hpp"

namespace lumi::cli {

comparison::Party party_of(Context& context, const std::string& argument) {
  services::ComparisonService service(context.jobs());
  return is_file_argument(argument) ? services::ComparisonService::file(argument) : service.job(argument);
}

}  // namespace lumi::cli
