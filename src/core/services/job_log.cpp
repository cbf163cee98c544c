#include "core/services/job_log.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace lumi::services {

JobLog::JobLog(const std::filesystem::path& folder, const Clock& clock) : fd_(open(folder)), clock_(clock) {}

UniqueFd JobLog::open(const std::filesystem::path& folder) {
  const auto path = path_in(folder);
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.is_open()) {
    throw system_error(errno, "cannot write " + quote(path.string()));
  }
  return fd;
}

void JobLog::line(std::string_view text) {
  const auto whole = to_rfc3339(clock_.now()) + " " + std::string(text) + "\n";
  // One write, so that lines of several threads or processes do not mix.
  if (::write(fd_.get(), whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) {
    log_warn("a line of the job's log is lost: " + std::string(text));
  }
}

std::vector<std::string> JobLogReader::read_lines() {
  if (!fd_.is_open()) {
    fd_.reset(::open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  }
  if (!fd_.is_open() && errno == ENOENT) {  // the job has not written anything yet
    return {};
  }
  std::vector<std::string> lines;
  std::array<char, 16 * 1024> block{};
  for (;;) {
    const auto count = fd_.is_open() ? ::read(fd_.get(), block.data(), block.size()) : -1;
    if (count == 0) {
      return lines;
    }
    if (count < 0 && (!fd_.is_open() || errno != EINTR)) {
      throw system_error(errno, "cannot read " + quote(path_.string()));
    }
    rest_.append(block.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
      lines.push_back(rest_.substr(0, end));
      rest_.erase(0, end + 1);
    }
  }
}

}  // namespace lumi::services
