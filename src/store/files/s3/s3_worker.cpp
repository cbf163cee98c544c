#include "store/files/s3/s3_worker.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"

#include <chrono>
#include <csignal>
#include <optional>
#include <random>
#include <utility>

namespace lumi::store {

namespace {

using std::chrono::milliseconds;

/// Signals are for the thread that started the program.
class SignalsBlocked {
public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
  sigset_t before_{};
};

}  // namespace

/// Where a caller waits for one answer. Shared, because the caller may be gone when it comes.
struct S3Worker::Waiting {
  std::mutex mutex;
  std::condition_variable news;
  std::optional<S3Answer> answer;

  void put(S3Answer got) {
    const std::scoped_lock lock(mutex);
    answer = std::move(got);
    news.notify_all();
  }
};

S3Worker::~S3Worker() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
    if (http_ != nullptr) {
      http_->wake();
    }
  }
  news_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void S3Worker::post(Task task, S3Client::Done refuse) {
  const std::scoped_lock lock(mutex_);
  posted_.emplace_back(std::move(task), std::move(refuse));
  if (!thread_.joinable()) {
    const SignalsBlocked blocked;
    thread_ = std::thread([this] { run(); });
  }
  if (http_ != nullptr) {
    http_->wake();
  }
  news_.notify_all();
}

void S3Worker::start(S3Request request, S3Client::Done done) {
  auto shared = std::make_shared<S3Request>(std::move(request));
  post([shared, done](S3Client& client) { client.start(std::move(*shared), done); }, done);
}

S3Answer S3Worker::send(S3Request request) {
  const auto waiting = std::make_shared<Waiting>();
  const auto group = new_group();
  request.group = group;
  start(std::move(request), [waiting](S3Answer answer) { waiting->put(std::move(answer)); });
  std::unique_lock lock(waiting->mutex);
  while (!waiting->news.wait_for(lock, k_look_around, [&] { return waiting->answer.has_value(); })) {
    if (pending_interrupt() != 0) {
      cancel(group);
      throw_if_interrupted();
    }
  }
  return *std::move(waiting->answer);
}

std::optional<S3Answer> S3Worker::send_at_last(S3Request request, milliseconds limit) {
  const auto waiting = std::make_shared<Waiting>();
  start(std::move(request), [waiting](S3Answer answer) { waiting->put(std::move(answer)); });
  std::unique_lock lock(waiting->mutex);
  waiting->news.wait_for(lock, limit, [&] { return waiting->answer.has_value(); });
  return std::move(waiting->answer);
}

void S3Worker::send_many(std::size_t count,
                         const std::function<S3Request(std::size_t)>& make,
                         const std::function<void(std::size_t, S3Answer)>& take) {
  struct Arrivals {
    std::mutex mutex;
    std::condition_variable news;
    std::vector<std::pair<std::size_t, S3Answer>> answers;
  };
  constexpr std::size_t k_at_once = 16;
  const auto arrivals = std::make_shared<Arrivals>();
  const auto group = new_group();
  std::size_t started = 0;
  for (std::size_t done = 0; done < count;) {
    for (; started < count && started < done + k_at_once; ++started) {
      auto request = make(started);
      request.group = group;
      start(std::move(request), [arrivals, number = started](S3Answer answer) {
        const std::scoped_lock lock(arrivals->mutex);
        arrivals->answers.emplace_back(number, std::move(answer));
        arrivals->news.notify_all();
      });
    }
    std::unique_lock lock(arrivals->mutex);
    while (!arrivals->news.wait_for(lock, k_look_around, [&] { return !arrivals->answers.empty(); })) {
      if (pending_interrupt() != 0) {
        cancel(group);
        throw_if_interrupted();
      }
    }
    auto answers = std::exchange(arrivals->answers, {});
    lock.unlock();
    done += answers.size();
    for (auto& [number, answer] : answers) {
      take(number, std::move(answer));
    }
  }
}

void S3Worker::cancel(std::uint64_t group) {
  post([group](S3Client& client) { client.cancel(group); }, [](const S3Answer&) {});
}

/// What `what` returns or throws on the worker's thread.
template <class Result>
Result S3Worker::ask(std::function<Result(S3Client&)> what) {
  const auto waiting = std::make_shared<Waiting>();
  const auto result = std::make_shared<Result>();
  const auto done = [waiting](S3Answer answer) { waiting->put(std::move(answer)); };
  post(
      [what = std::move(what), result, done](S3Client& client) {
        S3Answer answer;
        try {
          *result = what(client);
        } catch (const Error& error) {
          answer.error = error;
        }
        done(std::move(answer));
      },
      done);
  std::unique_lock lock(waiting->mutex);
  while (!waiting->news.wait_for(lock, k_look_around, [&] { return waiting->answer.has_value(); })) {
    throw_if_interrupted();
  }
  waiting->answer->checked();
  return std::move(*result);
}

std::string S3Worker::presign(const std::string& key, std::chrono::seconds valid_for) {
  return ask<std::string>([key, valid_for](S3Client& client) { return client.presign(key, valid_for); });
}

StorageAccess S3Worker::access() {
  return ask<StorageAccess>([](S3Client& client) { return client.access(); });
}

void S3Worker::run() {
  try {
    auto parts = open_();
    {
      const std::scoped_lock lock(mutex_);
      http_ = parts.http.get();
    }
    try {
      serve(parts);
    } catch (const Error& error) {
      const std::scoped_lock lock(mutex_);
      http_ = nullptr;
      throw Error(error);
    }
    const std::scoped_lock lock(mutex_);
    http_ = nullptr;
  } catch (const Error& error) {
    refuse_all(error);
  } catch (const std::exception& error) {
    refuse_all(Error(ErrorCode::failure, error.what()));
  }
}

void S3Worker::serve(const S3Parts& parts) {
  std::minstd_rand random{std::random_device()()};
  S3Client client({*parts.http,
                   *parts.credentials,
                   *parts.wall,
                   *parts.steady,
                   [&] { return std::uniform_real_distribution<double>(0, 1)(random); }},
                  parts.location);
  for (;;) {
    decltype(posted_) tasks;
    {
      std::unique_lock lock(mutex_);
      news_.wait(lock, [&] { return is_ending_ || !posted_.empty() || client.running() > 0; });
      if (is_ending_) {
        return;
      }
      tasks.swap(posted_);
    }
    for (auto& [task, refuse] : tasks) {
      task(client);
    }
    if (client.running() > 0) {
      constexpr std::chrono::seconds k_longest{1};
      try {
        client.wait(k_longest);
      } catch (const Error& error) {
        client.abandon(error);
        throw;
      }
    }
  }
}

/// Without a client nothing else can be done: every request fails as the first did.
void S3Worker::refuse_all(const Error& error) {
  for (;;) {
    decltype(posted_) tasks;
    {
      std::unique_lock lock(mutex_);
      news_.wait(lock, [&] { return is_ending_ || !posted_.empty(); });
      if (is_ending_) {
        return;
      }
      tasks.swap(posted_);
    }
    for (auto& [task, refuse] : tasks) {
      S3Answer answer;
      answer.error = error;
      refuse(std::move(answer));
    }
  }
}

}  // namespace lumi::store
