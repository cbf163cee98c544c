#include "cli/commands/run_models.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "cli/commands/detach.hpp"
#include "cli/commands/run_progress.hpp"
#include "cli/context.hpp"
#include "core/services/workflow_run.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lumi::cli {

namespace {

constexpr int k_look_around_ms = 100;

/// In a model's process: tells the one that shows the progress.
class Reporter {
public:
  explicit Reporter(int fd) : fd_(fd) {}

  services::WorkflowObserver observer() {
    services::WorkflowObserver observer;
    observer.on_job = [this](const store::JobRecord& job) {
      now_.phase = job.type == "evaluator" ? RunPhase::scoring : RunPhase::asking;
      tell();
    };
    observer.on_asked = [this](const inference::Progress& progress) {
      now_.done = progress.done;
      now_.total = progress.total;
      now_.failed = progress.failed;
      now_.tokens = progress.spending.total_tokens;
      now_.cost = progress.spending.cost;
      tell_sometimes();
    };
    observer.on_scored = [this](const evaluation::Progress& progress) {
      now_.done = progress.rows;
      tell_sometimes();
    };
    return observer;
  }

private:
  void tell_sometimes() {
    const auto now = std::chrono::steady_clock::now();
    if (now >= next_ || now_.done == now_.total) {
      next_ = now + std::chrono::milliseconds(k_look_around_ms / 2);
      tell();
    }
  }

  // Small enough to be written as a whole; what does not fit in the pipe is not worth waiting for.
  void tell() { [[maybe_unused]] const auto written = ::write(fd_, &now_, sizeof(now_)); }

  int fd_;
  ModelProgress now_;
  std::chrono::steady_clock::time_point next_;
};

/// A model's process, seen from here.
struct Worker {
  pid_t pid = -1;
  UniqueFd progress;
  bool is_stopping = false;
};

class Workers {
public:
  Workers(Context& context, std::size_t count) : context_(context), workers_(count) {}

  ~Workers() {
    for (auto& worker : workers_) {  // only where something was thrown
      if (worker.pid > 0) {
        ::kill(worker.pid, SIGTERM);
        end(worker);
      }
    }
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void start(std::size_t i, TakenModel model, const services::ResumeOptions& options) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      throw system_error(errno, "cannot start a process");
    }
    workers_[i].progress = UniqueFd(ends[0]);
    const UniqueFd writing(ends[1]);
    const auto id = model.workflow.row.id;
    workers_[i].pid = start_unseen(context_, id, model.workflow.lock, {Lifetime::of_the_caller, {writing.get()}}, [&] {
      Reporter reporter(writing.get());
      const auto answer = context_.workflow_run().run(std::move(model.workflow), options, reporter.observer());
      return answer.verdict ? exit_code_of(*answer.verdict) : ExitCode::done;
    });
  }

  /// Waits for news; false once all have ended.
  bool wait(std::vector<ModelProgress>& models) {
    std::vector<pollfd> polled;
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (workers_[i].pid > 0) {
        polled.push_back({workers_[i].progress.get(), POLLIN, 0});
        indices.push_back(i);
      }
    }
    if (polled.empty()) {
      return false;
    }
    ::poll(polled.data(), polled.size(), k_look_around_ms);
    for (std::size_t k = 0; k < polled.size(); ++k) {
      if (polled[k].revents != 0 && !read(workers_[indices[k]], models[indices[k]])) {
        end(workers_[indices[k]]);
        models[indices[k]].phase = RunPhase::ended;
      }
    }
    return true;
  }

  /// Asks those that still run to stop, each once: a second signal would break off what they are writing.
  void stop() {
    for (auto& worker : workers_) {
      if (worker.pid > 0 && !std::exchange(worker.is_stopping, true)) {
        ::kill(worker.pid, SIGTERM);
      }
    }
  }

private:
  // Takes over the latest news; false at the end of the pipe.
  static bool read(const Worker& worker, ModelProgress& model) {
    for (;;) {
      ModelProgress news;
      const auto count = ::read(worker.progress.get(), &news, sizeof(news));
      if (count == static_cast<ssize_t>(sizeof(news))) {
        model = news;
      } else {
        return count < 0 && (errno == EAGAIN || errno == EINTR);
      }
    }
  }

  static void end(Worker& worker) {
    while (::waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    worker.pid = -1;
    worker.progress.reset();
  }

  Context& context_;
  std::vector<Worker> workers_;
};

bool is_over(const RunBudget& budget, const std::vector<ModelProgress>& models) {
  double cost = 0;
  std::int64_t tokens = 0;
  for (const auto& model : models) {
    cost += model.cost;
    tokens += model.tokens;
  }
  return (budget.max_cost && cost >= *budget.max_cost) ||
         (budget.max_total_tokens && tokens >= *budget.max_total_tokens);
}

}  // namespace

void run_models(Context& context,
                std::vector<TakenModel> models,
                const services::ResumeOptions& options,
                const RunBudget& budget) {
  std::vector<std::string> names;
  for (const auto& model : models) {
    names.push_back(model.name);
  }
  std::vector<ModelProgress> progress(models.size());
  bool has_budget = true;
  {
    Workers workers(context, models.size());
    for (std::size_t i = 0; i < models.size(); ++i) {
      workers.start(i, std::move(models[i]), options);
    }
    models.clear();  // lets go of the locks, which their processes hold now
    RunProgress shown(context.streams(), std::move(names));
    while (workers.wait(progress)) {
      shown.update(progress);
      has_budget = has_budget && !is_over(budget, progress);
      if (!has_budget || pending_interrupt() != 0) {
        workers.stop();
      }
    }
  }
  throw_if_interrupted();
  if (!has_budget) {
    throw Error(ErrorCode::budget,
                "the run has used up its budget",
                "the same command with a larger --max-cost or --max-total-tokens goes on");
  }
}

}  // namespace lumi::cli
