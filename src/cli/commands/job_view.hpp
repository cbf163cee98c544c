#pragma once
#include "base/error.hpp"
#include "cli/exit_code.hpp"
#include "store/records/job.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lumi::cli {

class Context;

/// What an exit code means, in a few words.
std::string_view meaning_of(ExitCode exit);

/// Says the id of a job or workflow on stderr: `{"log":{"job_id":ID}}` in JSON.
void announce(Context& context, const std::string& kind, const std::string& id);

/// Says a job's id on stderr, as soon as there is one, so that whoever watches can look the job up.
void announce_job(Context& context, const std::string& job_id);

/// Shows the job as it is now.
void show_job(Context& context, const std::string& job_id);

/// Shows a job that was just made or resumed, in short: Lumigator's JobResponse.
void show_job_response(Context& context, const store::JobRecord& job);

/// What waiting for a job reports of one that has ended: nothing if all is well, else an error with the exit code that
/// the job had (a stopped one: 1).
std::optional<Error> how_it_ended(const store::JobRecord& job);

}  // namespace lumi::cli
