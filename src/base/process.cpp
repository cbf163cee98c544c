#include "base/process.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lumi {

namespace {

std::string read_or_empty(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) {
      throw;
    }
    return {};
  }
}

// Of /proc/PID/stat: "pid (name) state ...", where the name may hold anything.
std::optional<std::uint64_t> find_start_time(std::int64_t pid) {
  constexpr std::size_t k_after_name = 19;  // the state is the first field after the name, the start time the 20th
  const auto text = read_or_empty("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = text.rfind(") ");
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  const auto fields = split(std::string_view(text).substr(name_end + 2), ' ');
  const bool has_ended = fields[0] == "Z" || fields[0] == "X";
  const auto ticks = fields.size() > k_after_name ? parse_integer(fields[k_after_name]) : std::nullopt;
  return ticks && !has_ended ? std::optional(static_cast<std::uint64_t>(*ticks)) : std::nullopt;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string boot_id() { return std::string(trim(read_or_empty("/proc/sys/kernel/random/boot_id"))); }

}  // namespace

ProcessIdentity this_process() {
  const auto pid = static_cast<std::int64_t>(::getpid());
  return {pid, find_start_time(pid).value_or(0), boot_id(), host_name()};
}

std::optional<RunningProcess> RunningProcess::find(const ProcessIdentity& identity) {
  if (identity.pid <= 0 || identity.host != host_name() || identity.boot_id != boot_id()) {
    return std::nullopt;
  }
  // The handle first: what is true of the number from now on is true of the process that it stands for.
  UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, identity.pid, 0)));
  if (find_start_time(identity.pid) != identity.start_time) {
    return std::nullopt;
  }
  return RunningProcess(identity.pid, std::move(handle));
}

void RunningProcess::send(int signal_number) const {
  const auto result = handle_.is_open() ? ::syscall(SYS_pidfd_send_signal, handle_.get(), signal_number, nullptr, 0)
                                        : ::kill(static_cast<pid_t>(pid_), signal_number);
  if (result != 0 && errno != ESRCH) {
    throw system_error(errno, "cannot signal process " + std::to_string(pid_));
  }
}

void protect_memory() {
  const struct rlimit none {};
  ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which look at their own process from outside
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

std::string output_of_command(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) {
    throw system_error(errno, "cannot start " + quote(command));
  }
  std::array<char, 4096> block{};
  for (auto count = std::fread(block.data(), 1, block.size(), pipe); count > 0;
       count = std::fread(block.data(), 1, block.size(), pipe)) {
    output.append(block.data(), count);
  }
  const int status = ::pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error(ErrorCode::failure, quote(command) + " failed");
  }
  return output;
}

}  // namespace lumi
