#pragma once
#include <atomic>
#include <cstdint>

namespace lumi::inference {

/// What all processes know together about the rate at which an endpoint answers. It lies in memory that they share; all
/// zeros is that nothing is known, and any other content is one that can be gone on with.
struct LearnedRatePage {
  std::atomic<std::int64_t> limit;   ///< requests in a thousand seconds that were too many; 0: no limit is known
  std::atomic<std::int64_t> cut_us;  ///< requests that start from here on go by `limit`
  std::atomic<std::int64_t> turns;   ///< that had to wait since
  std::atomic<std::int64_t> answers_since_cut;
  std::atomic<std::int64_t> cuts;         ///< 0 if the limit was just learned
  std::atomic<std::int64_t> early_cuts;   ///< one after the other that came too soon for a limit of a rate
  std::atomic<std::int64_t> barren_cuts;  ///< one after the other without an answer in between
  std::atomic<std::int64_t> doubt_until_us;
  std::atomic<std::int64_t> much;       ///< grows with refusals that are many among the answers
  std::atomic<std::int64_t> second_us;  ///< when the second began that is counted
  std::atomic<std::int64_t> answers;
  std::atomic<std::int64_t> refusals;
  std::atomic<std::int64_t> answers_before;  ///< in the second before
  std::atomic<std::int64_t> refusals_before;
};

/// Learns the rate of requests that an endpoint answers from those that it refuses. Before the first refusals there is
/// no rate, and nothing waits. Then requests go a tenth slower than what was too much, come back to it within seconds,
/// stay there for a while and only then try more, faster and faster: a limit that stays costs two refusals in a hundred
/// requests or so, one that was raised is found in a minute, or in 300 requests if these take longer. Refusals that do
/// not get fewer with fewer requests are no limit, and are lived with. Processes may do anything at the same time, or
/// end in the middle of it.
class LearnedRate {
public:
  explicit LearnedRate(LearnedRatePage& page) : page_(page) {}

  /// Microseconds between two requests at `now_us`; 0 if there is no limit. What was learned is forgotten if the last
  /// request was long before: `used_us`.
  std::int64_t pace_us(std::int64_t now_us, std::int64_t used_us);

  /// A request had to wait for its turn because of the pace.
  void note_wait() { page_.turns.fetch_add(1); }

  void note_answer(std::int64_t now_us);

  /// What a refusal comes to.
  struct Refusal {
    bool is_new_limit = false;  ///< the rate was changed: call `start_at`
    bool is_serious = false;    ///< more would be refused if any were sent now
    std::int64_t pause_us = 0;  ///< how long to send nothing then, if the endpoint does not say it
  };

  /// A request that started at `sent_us` was refused. One that was on its way when the rate was last changed says
  /// nothing new.
  Refusal note_refusal(std::int64_t now_us, std::int64_t sent_us);

  /// Requests that start before `time_us` still go by the rate before.
  void start_at(std::int64_t time_us) { page_.cut_us = time_us; }

private:
  void begin_second(std::int64_t now_us);
  bool are_many(std::int64_t much) const;
  double rate(std::int64_t now_us) const;
  double answered_rate(std::int64_t now_us) const;
  std::int64_t cut_time(std::int64_t now_us) const;
  Refusal learn(std::int64_t now_us);
  Refusal cut(std::int64_t now_us, std::int64_t last_cut_us);
  void begin(double limit);

  LearnedRatePage& page_;
};

}  // namespace lumi::inference
