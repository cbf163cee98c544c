#include "cli/io/pager.hpp"

#include "base/environment.hpp"
#include "base/file.hpp"

#include <array>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lumi::cli {

namespace {

/// Exit code of a shell that found no such program.
constexpr int k_not_found = 127;

/// Runs `pager` in a shell with `text` as its input; false if it could not be started.
bool run_pager(const std::string& pager, std::string_view text) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return false;
  }
  UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(reading.get(), STDIN_FILENO);
    ::execl("/bin/sh", "sh", "-c", pager.c_str(), static_cast<char*>(nullptr));
    ::_exit(k_not_found);
  }
  reading.reset();
  while (child > 0 && !text.empty()) {
    const auto count = ::write(writing.get(), text.data(), text.size());
    if (count <= 0) {
      break;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  writing.reset();
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child &&
         !(WIFEXITED(status) && WEXITSTATUS(status) == k_not_found);
}

}  // namespace

void show_in_pager(Streams& streams, std::string_view text) {
  const auto pager = environment("LUMI_PAGER").value_or(environment("PAGER").value_or("less -FIRX"));
  if (streams.out_terminal() == Terminal::no || pager == "cat" || !run_pager(pager, text)) {
    streams.out().write(text);
  }
}

}  // namespace lumi::cli
