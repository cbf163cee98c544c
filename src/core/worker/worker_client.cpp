#include "core/worker/worker_client.hpp"

#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "core/worker/time_until.hpp"
#include "core/worker/worker_greeting.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

namespace lumi::worker {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds k_first_pause{100};
constexpr milliseconds k_longest_pause{5'000};
constexpr std::size_t k_most_logged_lines = 2000;
constexpr int k_ends_of_one_request = 2;

}  // namespace

WorkerClient::WorkerClient(WorkerSettings settings)
    : settings_(std::move(settings)), wake_up_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_up_.is_open()) {
    throw system_error(errno, "cannot wait for a worker");
  }
}

WorkerClient::~WorkerClient() {
  if (link_) {
    try {
      const bool is_idle = stage_ == Stage::ready && in_flight_ == 0;  // one that is at work would not hear it
      link_->end(is_idle ? settings_.limits.stop : milliseconds(1));
    } catch (const std::exception&) {  // it is killed all the same
    }
  }
}

std::string WorkerClient::called() const { return worker::called(settings_.name); }

std::uint64_t WorkerClient::ask(std::string params_json, milliseconds limit, Done done) {
  Request request;
  request.params = std::move(params_json);
  request.limit = limit;
  request.done = std::move(done);
  requests_.emplace(++last_id_, std::move(request));
  ++running_;
  return last_id_;
}

void WorkerClient::cancel(std::uint64_t id) {
  const auto found = requests_.find(id);
  if (found == requests_.end() || !found->second.done) {
    return;
  }
  finished_.emplace_back(std::exchange(found->second.done, {}), WorkerAnswer());
  if (!found->second.sent) {
    requests_.erase(found);
  } else if (link_) {
    link_->send(cancel_line(id));
  }
}

void WorkerClient::wake() {
  const std::uint64_t once = 1;
  [[maybe_unused]] const auto written = ::write(wake_up_.get(), &once, sizeof(once));
}

bool WorkerClient::deliver() {
  const bool any = !finished_.empty();
  while (!finished_.empty()) {
    auto [done, answer] = std::move(finished_.front());
    finished_.pop_front();
    --running_;
    done(std::move(answer));
  }
  return any;
}

void WorkerClient::wait(milliseconds limit) {
  const auto end = Clock::now() + limit;
  const int signal = pending_interrupt();
  std::uint64_t wakes = 0;
  do {
    if (deliver()) {
      return;
    }
    if (fatal_) {
      throw Error(*fatal_);
    }
    start_if_needed();
    give_requests();
    auto sleep = std::min(time_until(end), k_longest_sleep);
    if (const auto next = deadline()) {
      sleep = std::min(sleep, time_until(*next));
    }
    if (link_) {
      link_->move(sleep, wake_up_.get());
      read_lines();
      look_at_the_time();
    } else {
      ::usleep(static_cast<useconds_t>(std::chrono::microseconds(sleep).count()));
    }
    if (deliver()) {
      return;
    }
  } while (::read(wake_up_.get(), &wakes, sizeof(wakes)) != sizeof(wakes) && pending_interrupt() == signal &&
           Clock::now() < end);
}

void WorkerClient::start_if_needed() {
  if (link_ || requests_.empty() || (not_before_ && Clock::now() < *not_before_)) {
    return;
  }
  link_ = std::make_unique<WorkerLink>(settings_.program, settings_.limits.line);
  not_before_.reset();
  link_->send(hello_line());
  stage_ = Stage::greeting;
  stage_began_ = Clock::now();
}

void WorkerClient::give_requests() {
  if (stage_ != Stage::ready) {
    return;
  }
  std::vector<std::map<std::uint64_t, Request>::iterator> given;
  bool is_alone = false;  // whether the worker has one that must be alone
  for (auto at = requests_.begin(); at != requests_.end() && in_flight_ < most_in_flight_ && !is_alone; ++at) {
    auto& request = at->second;
    if (request.sent) {
      is_alone = request.is_alone;
      continue;
    }
    if (request.is_alone && in_flight_ > 0) {
      break;
    }
    is_alone = request.is_alone;
    request.sent = Clock::now();
    ++in_flight_;
    given.push_back(at);
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    link_->send(request_line(given[i]->first, given[i]->second.params, i + 1 < given.size() ? More::yes : More::no));
  }
}

std::optional<WorkerClient::Time> WorkerClient::deadline() const {
  switch (stage_) {
  case Stage::none:
    return requests_.empty() ? std::nullopt : not_before_;
  case Stage::greeting:
    return stage_began_ + settings_.limits.hello;
  case Stage::opening:
    return stage_began_ + settings_.limits.ready;
  case Stage::ready:
    break;
  }
  std::optional<Time> first;
  for (const auto& [id, request] : requests_) {
    if (request.sent) {
      // A worker may do them one by one: each has its time from the answer before.
      const auto due = std::max(*request.sent, last_answer_) + request.limit;
      first = std::min(first.value_or(due), due);
    }
  }
  return first;
}

void WorkerClient::look_at_the_time() {
  const auto due = link_ ? deadline() : std::nullopt;
  if (!due || Clock::now() < *due) {
    return;
  }
  switch (stage_) {
  case Stage::greeting:
    return on_end("did not say hello within " + seconds_text(settings_.limits.hello), "timed_out");
  case Stage::opening:
    return on_end("was not ready within " + seconds_text(settings_.limits.ready), "timed_out");
  case Stage::none:
  case Stage::ready:
    return on_end("gave no answer in the time that a request may take", "timed_out");
  }
}

void WorkerClient::read_lines() {
  while (const auto line = link_->next_error_line()) {
    if (settings_.on_log && ++logged_lines_ <= k_most_logged_lines) {
      settings_.on_log(*line);
    }
  }
  while (link_) {
    const auto line = link_->next_line();
    if (!line) {
      break;
    }
    const auto message = parse_message(*line);
    if (!message) {
      return on_end("said what is no message: " + quote(to_valid_utf8(cut_to_bytes(*line, 80))), "crashed");
    }
    take(*message, *line);
  }
  if (link_ && link_->is_over()) {
    on_end("", "crashed");
  }
}

void WorkerClient::take(const WorkerMessage& message, const std::string& line) {
  using Type = WorkerMessage::Type;
  switch (message.type) {
  case Type::progress:
    return report(message);
  case Type::other:  // of a later version, which says the same in words that this one knows
    return;
  case Type::error:
    if (!message.id) {
      fatal_ = fatal_error(settings_, message);
      return on_end("", "crashed");
    }
    break;
  case Type::hello:
  case Type::ready:
  case Type::result:
    break;
  }
  if (stage_ != Stage::ready) {
    return greet(message);
  }
  take_answer(message, line);
}

void WorkerClient::greet(const WorkerMessage& message) {
  using Type = WorkerMessage::Type;
  if (stage_ == Stage::greeting && message.type == Type::hello) {
    try {
      check_hello(settings_, message);
    } catch (const Error& error) {
      fatal_ = error;
      return on_end("", "crashed");
    }
    link_->send(open_line(settings_.method, settings_.options_json, settings_.max_in_flight));
    stage_ = Stage::opening;
  } else if (stage_ == Stage::opening && message.type == Type::ready) {
    most_in_flight_ = std::min(message.max_in_flight, std::max<std::size_t>(1, settings_.max_in_flight));
    stage_ = Stage::ready;
  } else {
    return on_end("gave an answer that nobody had asked for", "crashed");
  }
  stage_began_ = Clock::now();
  last_answer_ = stage_began_;
}

void WorkerClient::take_answer(const WorkerMessage& message, const std::string& line) {
  const auto found = message.id ? requests_.find(*message.id) : requests_.end();
  if (found == requests_.end() || !found->second.sent) {
    return on_end("gave an answer that nobody had asked for", "crashed");
  }
  last_answer_ = Clock::now();
  ends_in_a_row_ = 0;
  settle(found, line);
}

void WorkerClient::settle(std::map<std::uint64_t, Request>::iterator request, std::string message) {
  auto& of = request->second;
  if (of.done) {
    const auto took = of.sent ? Clock::now() - *of.sent : Clock::duration::zero();
    finished_.emplace_back(
        std::move(of.done),
        WorkerAnswer{std::move(message), std::chrono::duration_cast<std::chrono::microseconds>(took)});
  }
  if (of.sent) {
    --in_flight_;
  }
  requests_.erase(request);
}

void WorkerClient::on_end(const std::string& reason, std::string_view code) {
  const auto how = link_->end(milliseconds(0));
  while (const auto line = link_->next_error_line()) {
    if (settings_.on_log && ++logged_lines_ <= k_most_logged_lines) {
      settings_.on_log(*line);
    }
  }
  link_.reset();
  const auto text = called() + " " + (reason.empty() ? how : reason);
  stage_ = Stage::none;
  if (fatal_) {
    in_flight_ = 0;
    return;
  }
  if (settings_.on_log) {
    settings_.on_log(text);
  }
  give_back(text, code);
  if (++ends_in_a_row_ > settings_.limits.ends_in_a_row) {
    fatal_ = Error(ErrorCode::unavailable,
                   text + ", " + std::to_string(ends_in_a_row_) + " times in a row without an answer",
                   "what was not answered stays to be asked: 'lumi job resume' goes on once the worker works");
  }
  const auto pause = std::min(k_longest_pause, k_first_pause * (1 << std::min(ends_in_a_row_ - 1, 6)));
  not_before_ = Clock::now() + pause;
}

void WorkerClient::give_back(const std::string& reason, std::string_view code) {
  const bool was_alone = in_flight_ == 1;
  in_flight_ = 0;
  for (auto at = requests_.begin(); at != requests_.end();) {
    const auto here = at++;
    auto& request = here->second;
    if (!request.sent) {
      continue;
    }
    request.sent.reset();
    request.is_alone = true;
    if (was_alone && (++request.ends >= k_ends_of_one_request || code == "timed_out")) {
      settle(here, error_line(code, reason));
    } else if (!request.done) {
      requests_.erase(here);
    }
  }
}

void WorkerClient::report(const WorkerMessage& message) {
  if (!settings_.on_log || ++logged_lines_ > k_most_logged_lines) {
    return;
  }
  auto text = message.text;
  if (message.done) {
    text += (text.empty() ? "" : ": ") + std::to_string(*message.done) +
            (message.total ? " of " + std::to_string(*message.total) : "");
  }
  settings_.on_log(text);
}

}  // namespace lumi::worker
