#pragma once
#include "net/http_client.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lumi::test {

/// An answer with this status, body and header lines ("Name: value\r\n" each).
inline net::HttpAnswer http_answer(int status, std::string body, std::string head = {}) {
  net::HttpAnswer answer;
  answer.status = status;
  answer.head = std::move(head);
  answer.body = std::move(body);
  return answer;
}

/// The answer of a server that was not reached, or not to the end.
inline net::HttpAnswer http_fault(net::TransportFault fault, std::string text = "no such server") {
  net::HttpAnswer answer;
  answer.fault = fault;
  answer.fault_text = std::move(text);
  return answer;
}

/// What a FakeHttpClient does with a request.
struct FakeAnswer {
  net::HttpAnswer answer;
  std::chrono::milliseconds after{0};    ///< how long the server takes
  std::vector<std::string> pieces = {};  ///< the body piece by piece, for streams; the whole at once if there are none
};

/// A client without a network and with a time of its own that passes in `wait` only. Answers in the order of `answer`
/// calls, then by `answer_with`; throws std::logic_error for a request that has neither.
class FakeHttpClient final : public net::HttpClient {
public:
  using Server = std::function<FakeAnswer(const net::HttpRequest&)>;
  using Passed = std::function<void(std::chrono::milliseconds)>;

  void answer(FakeAnswer next) { script_.push_back(std::move(next)); }
  void answer(net::HttpAnswer next) { script_.push_back({std::move(next)}); }
  void answer_with(Server server) { server_ = std::move(server); }

  /// Calls `passed` whenever time goes on, with by how much: for a clock that is to go along.
  void on_time(Passed passed) { passed_ = std::move(passed); }

  /// Every request so far, in order.
  const std::vector<net::HttpRequest>& requests() const { return requests_; }
  /// When each of `requests` was started.
  const std::vector<std::chrono::milliseconds>& started_at() const { return started_at_; }
  /// The most transfers that ran at a time.
  std::size_t most_running() const { return most_running_; }
  std::chrono::milliseconds now() const { return now_; }

  net::TransferId start(net::HttpRequest request, Done done, Chunk chunk = {}) override {
    net::check_sendable(request);
    requests_.push_back(request);
    started_at_.push_back(now_);
    Transfer transfer{net::TransferId{++last_id_}, next_for(request), now_, std::move(done), std::move(chunk)};
    transfer.due += transfer.fake.after;
    const auto due_later = [&](const Transfer& other) { return other.due > transfer.due; };
    running_.insert(std::find_if(running_.begin(), running_.end(), due_later), std::move(transfer));
    most_running_ = std::max(most_running_, running_.size());
    return net::TransferId{last_id_};
  }

  void cancel(net::TransferId id) override {
    const auto found = std::find_if(running_.begin(), running_.end(), [&](const Transfer& t) { return t.id == id; });
    if (found != running_.end()) {
      Transfer transfer = std::move(*found);
      running_.erase(found);
      transfer.due = now_;
      transfer.fake = {http_fault(net::TransportFault::cancelled, "cancelled")};
      running_.push_front(std::move(transfer));
    }
  }

  std::size_t running() const override { return running_.size(); }

  void wait(std::chrono::milliseconds limit) override {
    if (woken_.exchange(false)) {
      return;
    }
    const auto until = now_ + limit;
    if (running_.empty() || running_.front().due > until) {
      pass_to(until);
      return;
    }
    pass_to(std::max(now_, running_.front().due));
    // What the callbacks start is for the next wait, as with a real server.
    for (auto due = count_due(); due > 0 && !running_.empty() && running_.front().due <= now_; --due) {
      Transfer transfer = std::move(running_.front());
      running_.pop_front();
      deliver(transfer);
    }
  }

  void wake() override { woken_ = true; }

private:
  struct Transfer {
    net::TransferId id;
    FakeAnswer fake;
    std::chrono::milliseconds due;
    Done done;
    Chunk chunk;
  };

  FakeAnswer next_for(const net::HttpRequest& request) {
    if (!script_.empty()) {
      FakeAnswer next = std::move(script_.front());
      script_.pop_front();
      return next;
    }
    if (!server_) {
      throw std::logic_error("no answer for " + request.method + " " + request.url);
    }
    return server_(request);
  }

  void pass_to(std::chrono::milliseconds time) {
    const auto passed = time - now_;
    now_ = time;
    if (passed_ && passed.count() > 0) {
      passed_(passed);
    }
  }

  std::ptrdiff_t count_due() const {
    return std::count_if(running_.begin(), running_.end(), [&](const Transfer& t) { return t.due <= now_; });
  }

  static void deliver(Transfer& transfer) {
    auto& answer = transfer.fake.answer;
    if (transfer.fake.pieces.empty() && !answer.body.empty()) {
      transfer.fake.pieces.push_back(std::move(answer.body));
    }
    answer.body.clear();
    const bool streamed = transfer.chunk && answer.status / 100 == 2;
    for (auto& piece : transfer.fake.pieces) {
      if (streamed) {
        transfer.chunk(piece);
      } else {
        answer.body += piece;
      }
    }
    transfer.done(std::move(answer));
  }

  std::deque<FakeAnswer> script_;
  Server server_;
  Passed passed_;
  std::vector<net::HttpRequest> requests_;
  std::vector<std::chrono::milliseconds> started_at_;
  std::deque<Transfer> running_;  // the next one due first
  std::size_t most_running_ = 0;
  std::uint64_t last_id_ = 0;
  std::chrono::milliseconds now_{0};
  std::atomic<bool> woken_ = false;
};

}  // namespace lumi::test
