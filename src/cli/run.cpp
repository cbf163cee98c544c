#include "cli/run.hpp"

namespace lumi::cli {

int run(int /*argc*/, char** /*argv*/) { return 0; }

}  // namespace lumi::cli
