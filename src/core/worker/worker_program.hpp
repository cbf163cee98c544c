#pragma once
#include "base/piped_process.hpp"
#include "core/config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lumi::worker {

/// How the worker `name` ("hf") is started: as the setting `workers.NAME.command` says, else the one that was installed
/// with lumi, run by `python3`. It gets of the environment what programs need to find their files, their accelerator
/// and the network; never a key, but for `token` as HF_TOKEN. Throws `usage` if there is none.
ProgramStart find_worker(std::string_view name, const config::Settings& settings, const std::string& token = {});

}  // namespace lumi::worker
