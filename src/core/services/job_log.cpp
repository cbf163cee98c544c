#include "core/services/job_log.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace lumi::services {

JobLog::JobLog(const std::filesystem::path& folder, const Clock& clock) : clock_(clock) {
  const auto path = path_in(folder);
  fd_.reset(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd_.is_open()) {
    throw system_error(errno, "cannot write " + quote(path.string()));
  }
}

void JobLog::line(std::string_view text) {
  const auto whole = to_rfc3339(clock_.now()) + " " + std::string(text) + "\n";
  // One write, so that lines of several threads or processes do not mix.
  if (::write(fd_.get(), whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) {
    log_warn("a line of the job's log is lost: " + std::string(text));
  }
}

}  // namespace lumi::services
