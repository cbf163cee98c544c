#include "core/worker/worker_link.hpp"

#include "base/text.hpp"
#include "core/worker/worker_message.hpp"

#include <climits>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace lumi::worker {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t k_longest_error_line = 4096;
constexpr std::size_t k_most_error_lines = 1000;
constexpr milliseconds k_time_to_stop{1000};

}  // namespace

WorkerLink::WorkerLink(const ProgramStart& program, std::size_t longest_line)
    : process_(program), longest_line_(longest_line) {}

std::optional<std::string> WorkerLink::take(std::deque<std::string>& lines) {
  if (lines.empty()) {
    return std::nullopt;
  }
  auto line = std::move(lines.front());
  lines.pop_front();
  return line;
}

void WorkerLink::send(std::string_view line) {
  unsent_ += line;
  unsent_ += '\n';
}

void WorkerLink::move(milliseconds limit, int wake_fd) {
  write();
  const short for_input = unsent_.empty() ? 0 : POLLOUT;
  std::array<pollfd, 4> fds{{{unsent_.empty() ? -1 : process_.input(), for_input, 0},
                             {output_.is_closed ? -1 : process_.output(), POLLIN, 0},
                             {errors_.is_closed ? -1 : process_.errors(), POLLIN, 0},
                             {wake_fd, POLLIN, 0}}};
  const auto timeout = static_cast<int>(std::clamp<milliseconds::rep>(limit.count(), 0, INT_MAX));
  if (::poll(fds.data(), fds.size(), timeout) <= 0) {
    return;
  }
  write();
  read(process_.output(), output_, longest_line_);
  read_errors();
}

void WorkerLink::write() {
  std::size_t sent = 0;
  while (sent < unsent_.size()) {
    const auto count = process_.write(std::string_view(unsent_).substr(sent));
    // A worker that has closed its input may still have something to say: its output tells when it is over.
    sent = count ? sent + *count : unsent_.size();
    if (count == 0U) {
      break;
    }
  }
  unsent_.erase(0, sent);
}

void WorkerLink::read(int fd, Stream& stream, std::size_t longest_line) const {
  std::array<char, 65536> block;
  while (!stream.is_closed && !stream.is_overlong) {
    const auto count = ::read(fd, block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0 && errno == EAGAIN) {
      return;
    }
    if (count <= 0) {
      stream.is_closed = true;
      return;
    }
    std::string_view piece(block.data(), static_cast<std::size_t>(count));
    for (auto end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      stream.text += piece.substr(0, end);
      piece.remove_prefix(end + 1);
      stream.is_overlong = stream.is_overlong || stream.text.size() > longest_line;
      stream.lines.push_back(std::exchange(stream.text, {}));
    }
    stream.text += piece;
    stream.is_overlong = stream.is_overlong || stream.text.size() > longest_line;
  }
}

void WorkerLink::read_errors() {
  read(process_.errors(), errors_, k_longest_error_line);
  // People read these: a long one is shown in parts, and of too many the last ones.
  if (std::exchange(errors_.is_overlong, false) || (errors_.is_closed && !errors_.text.empty())) {
    errors_.lines.push_back(std::exchange(errors_.text, {}));
  }
  while (errors_.lines.size() > k_most_error_lines) {
    errors_.lines.pop_front();
  }
  const auto is_said = [](const std::string& line) { return !is_blank(to_valid_utf8(line)); };
  const auto last = std::find_if(errors_.lines.rbegin(), errors_.lines.rend(), is_said);
  if (last != errors_.lines.rend()) {
    last_error_ = to_valid_utf8(cut_to_bytes(to_valid_utf8(*last), k_longest_error_line / 8));
  }
}

std::string WorkerLink::reason() const {
  if (output_.is_overlong) {
    return "sent a line of more than " + human_size(longest_line_);
  }
  std::string text = "ended " + process_.end_text();
  if (!output_.text.empty()) {
    text += " in the middle of a line";
  }
  return last_error_.empty() ? text : text + ": " + last_error_;
}

std::string WorkerLink::end(milliseconds grace) {
  if (grace.count() > 0) {
    send(shutdown_line());
    write();
    process_.close_input();
    if (!process_.wait(grace)) {
      process_.send(SIGTERM);
      process_.wait(k_time_to_stop);
    }
  } else if (output_.is_closed && !output_.is_overlong) {
    process_.wait(k_time_to_stop);  // it is ending: how it does is worth to know
  }
  process_.send(SIGKILL);
  process_.wait(k_time_to_stop);
  read_errors();
  return reason();
}

}  // namespace lumi::worker
