#pragma once
#include "base/file.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace lumi {

/// What tells a process from every other, also from a later one that got its number.
struct ProcessIdentity {
  std::int64_t pid = 0;
  std::uint64_t start_time = 0;  ///< clock ticks from the boot of the machine
  std::string boot_id;           ///< of the kernel that runs it
  std::string host;
};

ProcessIdentity this_process();

/// Keeps the memory of this process, which holds a secret from now on, out of core files and out of reach of other
/// processes of the user, as far as the system lets it.
void protect_memory();

/// What `command`, run by the shell, writes on standard output. Throws Error{failure} if it fails, without what it
/// wrote.
std::string output_of_command(const std::string& command);

/// Another process of this machine that was running when it was looked for.
class RunningProcess {
public:
  /// The process, or nothing if it has ended or belongs to another machine.
  static std::optional<RunningProcess> find(const ProcessIdentity& identity);

  /// Sends a signal; one that has ended meanwhile gets none, as does any that has its number now. Throws `permission`
  /// if it belongs to another user.
  void send(int signal_number) const;

private:
  RunningProcess(std::int64_t pid, UniqueFd handle) : pid_(pid), handle_(std::move(handle)) {}

  std::int64_t pid_;
  UniqueFd handle_;  // not open on a kernel that has none
};

}  // namespace lumi
