#include "base/command.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lumi {

namespace {

constexpr std::size_t k_most_output = std::size_t{1} << 20U;
constexpr int k_standard_input = 0;
constexpr int k_standard_output = 1;

/// Signals as a new program expects them: this process may ignore some, and this thread block all.
class UsualSignals {
public:
  UsualSignals() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigaddset(&signals, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~UsualSignals() { ::posix_spawnattr_destroy(&attributes_); }
  UsualSignals(const UsualSignals&) = delete;
  UsualSignals& operator=(const UsualSignals&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

private:
  posix_spawnattr_t attributes_{};
};

/// What a new process gets as its standard streams.
class Streams {
public:
  explicit Streams(int output) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, k_standard_input, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, k_standard_output);
  }
  ~Streams() { ::posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_{};
};

/// Reads to the end; stops early, closing `from`, once there is more than anybody should write.
std::string read_output(UniqueFd from) {
  std::string output;
  std::array<char, 4096> buffer{};
  while (output.size() <= k_most_output) {
    const auto count = ::read(from.get(), buffer.data(), buffer.size());
    if (count == 0) {
      break;
    }
    if (count > 0) {
      output.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      break;
    }
  }
  return output;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return -1;
    }
  }
  return status;
}

}  // namespace

std::optional<std::vector<std::string>> split_command(std::string_view command) {
  std::vector<std::string> words;
  bool is_in_word = false;
  char quote_mark = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (quote_mark == '\0' && is_space) {
      is_in_word = false;
      continue;
    }
    if (!std::exchange(is_in_word, true)) {
      words.emplace_back();
    }
    const bool is_escape = c == '\\' && quote_mark != '\'' && i + 1 < command.size() &&
                           (quote_mark == '\0' || command[i + 1] == '"' || command[i + 1] == '\\');
    if (is_escape) {
      words.back() += command[++i];
    } else if (quote_mark == '\0' && (c == '"' || c == '\'')) {
      quote_mark = c;
    } else if (c == quote_mark) {
      quote_mark = '\0';
    } else {
      words.back() += c;
    }
  }
  return quote_mark == '\0' ? std::optional(std::move(words)) : std::nullopt;
}

std::string command_output(const std::vector<std::string>& words) {
  if (words.empty() || words.front().empty()) {
    throw Error(ErrorCode::failure, "there is no program to run in an empty command");
  }
  const auto doing = "cannot run " + quote(words.front());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw system_error(errno, doing);
  }
  UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const auto& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));  // execve promises not to write there
  }
  arguments.push_back(nullptr);
  const Streams streams(writing.get());
  pid_t child = 0;
  const UsualSignals signals;
  const int problem =
      ::posix_spawnp(&child, arguments.front(), streams.get(), signals.get(), arguments.data(), environ);
  if (problem != 0) {
    throw Error(ErrorCode::failure, doing + ": " + std::strerror(problem));
  }
  writing.reset();
  auto output = read_output(std::move(reading));
  const int status = wait_for(child);
  if (output.size() > k_most_output) {
    throw Error(ErrorCode::failure, quote(words.front()) + " writes too much");
  }
  if (status < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    const auto end =
        status >= 0 && WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status)) : std::string("a signal");
    throw Error(ErrorCode::failure, quote(words.front()) + " ended with " + end);
  }
  return output;
}

}  // namespace lumi
