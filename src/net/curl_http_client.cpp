#include "net/curl_http_client.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "net/curl_library.hpp"
#include "net/curl_transfer.hpp"
#include "net/socket_watch.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lumi::net {

namespace {

using Time = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A signal that comes just before the wait is noticed after this long.
constexpr milliseconds k_longest_sleep{100};

/// How long until `time`, rounded up: what is rounded down wakes too early, again and again.
milliseconds until(Time::time_point time) {
  return std::max(std::chrono::ceil<milliseconds>(time - Time::now()), milliseconds::zero());
}

void check(const CurlLibrary& curl, CURLMcode code) {
  if (code != CURLM_OK) {
    throw Error(ErrorCode::failure, std::string("libcurl: ") + curl.multi_strerror(code));
  }
}

}  // namespace

/// The transfers of a client. A TransferId is a place in `slots_` and, in the bits above, a serial number.
class CurlHttpClient::Transfers {
public:
  explicit Transfers(Certificates certificates);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  TransferId start(HttpRequest request, Done done, Chunk chunk);
  void cancel(TransferId id);
  std::size_t running() const { return running_; }
  void wait(milliseconds limit);
  void wake() { sockets_.wake(); }

private:
  enum class Stage { idle, fresh, under_way };
  struct Slot {
    std::unique_ptr<CurlTransfer> transfer;
    Stage stage = Stage::idle;
    TransferId id{};
  };
  struct Finished {
    Done done;
    HttpAnswer answer;
    std::exception_ptr exception;
  };

  static constexpr unsigned k_slot_bits = 24;
  static std::size_t slot_number(TransferId id) {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(id) & ((std::uint64_t{1} << k_slot_bits) - 1));
  }

  static int on_socket(CURL* easy, curl_socket_t socket, int wanted, void* self, void* of_socket);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);

  Slot* find(TransferId id);
  std::size_t idle_slot();
  void begin_fresh();
  void end_cancelled();
  void act_on_timer();
  void act_on_sockets(milliseconds limit);
  void collect();
  void finish(Slot& slot, CURLcode code);
  bool deliver();

  const CurlLibrary& curl_;
  Certificates certificates_;
  SocketWatch sockets_;
  CURLM* multi_;
  std::optional<Time::time_point> timer_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> idle_;  // places in `slots_`
  std::vector<TransferId> fresh_;  // libcurl takes none while it calls back
  std::vector<TransferId> cancelled_;
  std::deque<Finished> finished_;
  std::size_t running_ = 0;
  std::uint64_t last_serial_ = 0;
};

CurlHttpClient::Transfers::Transfers(Certificates certificates)
    : curl_(curl_library()), certificates_(std::move(certificates)), multi_(curl_.multi_init()) {
  if (multi_ == nullptr) {
    throw Error(ErrorCode::failure, "cannot start libcurl: out of memory");
  }
  // libcurl would close what exceeds four times the transfers of the moment: too few after a pause.
  constexpr long k_connections_kept = 1024;
  curl_.multi_setopt(multi_, CURLMOPT_MAXCONNECTS, k_connections_kept);
  curl_.multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_.multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_.multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_.multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlHttpClient::Transfers::~Transfers() {
  for (const Slot& slot : slots_) {
    if (slot.stage == Stage::under_way) {
      curl_.multi_remove_handle(multi_, slot.transfer->easy());
    }
  }
  slots_.clear();
  curl_.multi_cleanup(multi_);
}

CurlHttpClient::Transfers::Slot* CurlHttpClient::Transfers::find(TransferId id) {
  const auto number = slot_number(id);
  return number < slots_.size() && slots_[number].id == id && slots_[number].stage != Stage::idle ? &slots_[number]
                                                                                                  : nullptr;
}

std::size_t CurlHttpClient::Transfers::idle_slot() {
  if (idle_.empty()) {
    const auto number = slots_.size();
    slots_.push_back({std::make_unique<CurlTransfer>(curl_, sockets_, certificates_, number)});
    return number;
  }
  const auto number = idle_.back();
  idle_.pop_back();
  return number;
}

TransferId CurlHttpClient::Transfers::start(HttpRequest request, Done done, Chunk chunk) {
  check_sendable(request);
  const auto number = idle_slot();
  Slot& slot = slots_[number];
  try {
    slot.transfer->prepare(std::move(request), std::move(done), std::move(chunk));
  } catch (...) {
    idle_.push_back(number);
    throw;
  }
  slot.id = TransferId{(++last_serial_ << k_slot_bits) | number};
  slot.stage = Stage::fresh;
  fresh_.push_back(slot.id);
  ++running_;
  return slot.id;
}

void CurlHttpClient::Transfers::cancel(TransferId id) {
  Slot* slot = find(id);
  if (slot != nullptr && !slot->transfer->is_cancelled()) {
    slot->transfer->cancel();
    cancelled_.push_back(id);
  }
}

void CurlHttpClient::Transfers::wait(milliseconds limit) {
  const auto end = Time::now() + limit;
  const int signal = pending_interrupt();
  end_cancelled();
  begin_fresh();
  do {
    act_on_timer();
    if (deliver()) {
      return;
    }
    auto sleep = std::min(until(end), k_longest_sleep);
    if (timer_) {
      sleep = std::min(sleep, until(*timer_));
    }
    act_on_sockets(sleep);
    end_cancelled();
    if (deliver()) {
      return;
    }
  } while (!sockets_.was_woken() && pending_interrupt() == signal && Time::now() < end);
}

void CurlHttpClient::Transfers::begin_fresh() {
  for (const TransferId id : std::exchange(fresh_, {})) {
    if (Slot* slot = find(id)) {
      slot->stage = Stage::under_way;
      check(curl_, curl_.multi_add_handle(multi_, slot->transfer->easy()));
    }
  }
}

void CurlHttpClient::Transfers::end_cancelled() {
  for (const TransferId id : std::exchange(cancelled_, {})) {
    if (Slot* slot = find(id)) {
      finish(*slot, CURLE_ABORTED_BY_CALLBACK);
    }
  }
}

void CurlHttpClient::Transfers::act_on_timer() {
  if (timer_ && *timer_ <= Time::now()) {
    timer_.reset();
    int running = 0;
    check(curl_, curl_.multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running));
    collect();
  }
}

void CurlHttpClient::Transfers::act_on_sockets(milliseconds limit) {
  for (const SocketEvent& event : sockets_.wait(limit)) {
    const int ready = (event.ready.readable ? CURL_CSELECT_IN : 0) | (event.ready.writable ? CURL_CSELECT_OUT : 0);
    int running = 0;
    check(curl_, curl_.multi_socket_action(multi_, event.socket, ready, &running));
  }
  collect();
}

void CurlHttpClient::Transfers::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_.multi_info_read(multi_, &left)) {
    CurlTransfer* transfer = nullptr;
    const CURLcode code = message->data.result;
    curl_.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish(slots_[transfer->slot()], code);
  }
}

/// Makes the slot free; its `done` is called by `deliver`, when libcurl and this object are ready for whatever it does.
void CurlHttpClient::Transfers::finish(Slot& slot, CURLcode code) {
  if (slot.stage == Stage::under_way) {
    curl_.multi_remove_handle(multi_, slot.transfer->easy());
  }
  slot.stage = Stage::idle;
  idle_.push_back(slot_number(slot.id));
  finished_.push_back({slot.transfer->take_done(), slot.transfer->finish(code), slot.transfer->take_exception()});
}

bool CurlHttpClient::Transfers::deliver() {
  const bool any = !finished_.empty();
  while (!finished_.empty()) {
    Finished finished = std::move(finished_.front());
    finished_.pop_front();
    --running_;
    if (finished.exception) {
      std::rethrow_exception(finished.exception);
    }
    finished.done(std::move(finished.answer));
  }
  return any;
}

int CurlHttpClient::Transfers::on_socket(
    CURL* /*easy*/, curl_socket_t socket, int wanted, void* self, void* /*of_socket*/) {
  const bool none = wanted == CURL_POLL_REMOVE;
  static_cast<Transfers*>(self)->sockets_.watch(
      socket, {!none && (wanted & CURL_POLL_IN) != 0, !none && (wanted & CURL_POLL_OUT) != 0});
  return 0;
}

int CurlHttpClient::Transfers::on_timer(CURLM* /*multi*/, long timeout_ms, void* self) {
  auto& timer = static_cast<Transfers*>(self)->timer_;
  timer.reset();
  if (timeout_ms >= 0) {
    timer = Time::now() + milliseconds(timeout_ms);
  }
  return 0;
}

CurlHttpClient::CurlHttpClient(Certificates certificates)
    : transfers_(std::make_unique<Transfers>(std::move(certificates))) {}

CurlHttpClient::~CurlHttpClient() = default;

TransferId CurlHttpClient::start(HttpRequest request, Done done, Chunk chunk) {
  return transfers_->start(std::move(request), std::move(done), std::move(chunk));
}

void CurlHttpClient::cancel(TransferId transfer) { transfers_->cancel(transfer); }

std::size_t CurlHttpClient::running() const { return transfers_->running(); }

void CurlHttpClient::wait(milliseconds limit) { transfers_->wait(limit); }

void CurlHttpClient::wake() { transfers_->wake(); }

}  // namespace lumi::net
