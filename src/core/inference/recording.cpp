#include "core/inference/recording.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace lumi::inference {

namespace {

using Json = nlohmann::json;
using net::TransportFault;
using std::chrono::milliseconds;

// All that reading an answer may look at. Others could say who asked.
constexpr std::array<std::string_view, 9> k_headers = {"content-type",
                                                       "date",
                                                       "location",
                                                       "retry-after",
                                                       "retry-after-ms",
                                                       "x-should-retry",
                                                       "x-request-id",
                                                       "request-id",
                                                       "apim-request-id"};

bool is_streamed(const net::HttpAnswer& answer) { return answer.status / 100 == 2; }

// The parts of a request that its answer depends on, as far as they are no secret.
std::string key_of(std::string_view method, std::string_view url, const std::string& body) {
  const auto json = Json::parse(body, nullptr, false);
  const auto text = json.is_discarded() ? body : json.dump();
  Sha256 hash;
  for (const auto part : {method, url, std::string_view(text)}) {
    hash.update(part);
    hash.update({"\0", 1});
  }
  return hash.hex_digest();
}

void write_headers(JsonWriter& json, const net::HttpAnswer& answer) {
  json.begin_object();
  for (const auto name : k_headers) {
    if (const auto value = answer.header(name)) {
      json.member(name, redact(*value));
    }
  }
  json.end_object();
}

struct Asked {
  std::string method;
  std::string url;
  std::string body;
};

std::string line_of(const Asked& asked, const net::HttpAnswer& answer, std::string_view body) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("method", asked.method);
  json.member("url", asked.url);
  json.member("request", asked.body);
  json.member("status", answer.status);
  json.member("fault", net::to_string(answer.fault));
  json.member("fault_text", redact(answer.fault_text));
  json.key("headers");
  write_headers(json, answer);
  json.member("response", redact(body));
  json.member("first_byte_us", answer.first_byte.count());
  json.member("total_us", answer.total.count());
  json.end_object();
  return sink.text() + "\n";
}

TransportFault fault_called(const std::string& name) {
  for (const auto fault : {TransportFault::cannot_resolve,
                           TransportFault::cannot_connect,
                           TransportFault::blocked,
                           TransportFault::tls,
                           TransportFault::timed_out,
                           TransportFault::cut,
                           TransportFault::too_large,
                           TransportFault::other}) {
    if (net::to_string(fault) == name) {
      return fault;
    }
  }
  return TransportFault::none;
}

net::HttpAnswer read_answer(std::string_view line) {
  const auto json = Json::parse(line.begin(), line.end());
  net::HttpAnswer answer;
  answer.fault = fault_called(json.at("fault").get<std::string>());
  answer.fault_text = json.at("fault_text").get<std::string>();
  answer.status = json.at("status").get<int>();
  for (const auto& [name, value] : json.at("headers").items()) {
    answer.head += name + ": " + value.get<std::string>() + "\r\n";
  }
  answer.body = json.at("response").get<std::string>();
  answer.first_byte = std::chrono::microseconds(json.at("first_byte_us").get<std::int64_t>());
  answer.total = std::chrono::microseconds(json.at("total_us").get<std::int64_t>());
  return answer;
}

std::string read_key(std::string_view line) {
  const auto json = Json::parse(line.begin(), line.end());
  read_answer(line);
  return key_of(json.at("method").get<std::string>(), json.at("url").get<std::string>(), json.at("request"));
}

}  // namespace

RecordingClient::RecordingClient(std::unique_ptr<net::HttpClient> client, const std::filesystem::path& file)
    : client_(std::move(client)), path_(file),
      file_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (!file_.is_open()) {
    throw system_error(errno, "cannot write " + quote(file.string()));
  }
}

net::TransferId RecordingClient::start(net::HttpRequest request, Done done, Chunk chunk) {
  auto asked = std::make_shared<Asked>(Asked{request.method, redact(request.url), redact(request.body)});
  const auto streamed = std::make_shared<std::string>();
  Chunk keep;
  if (chunk) {
    keep = [streamed, chunk = std::move(chunk)](std::string_view piece) {
      *streamed += piece;
      chunk(piece);
    };
  }
  const auto write_down = [this, asked, streamed, done = std::move(done)](net::HttpAnswer answer) {
    if (answer.fault != TransportFault::cancelled) {
      const auto line = line_of(*asked, answer, answer.body.empty() ? *streamed : answer.body);
      if (::write(file_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        throw system_error(errno, "cannot write " + quote(path_.string()));
      }
    }
    done(std::move(answer));
  };
  return client_->start(std::move(request), write_down, std::move(keep));
}

ReplayClient::ReplayClient(const std::filesystem::path& file) : name_(file.string()), file_(file) {
  const auto text = file_.bytes();
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    ++number;
    try {
      recorded_[read_key(text.substr(begin, end - begin))].lines.emplace_back(begin, end - begin);
    } catch (const Json::exception&) {
      throw Error(ErrorCode::invalid_input,
                  name_ + ":" + std::to_string(number) + ": this is no line of a recording",
                  "--record makes one");
    }
    begin = end + 1;
  }
}

net::TransferId ReplayClient::start(net::HttpRequest request, Done done, Chunk chunk) {
  constexpr std::size_t k_shown = 300;
  const auto found = recorded_.find(key_of(request.method, redact(request.url), redact(request.body)));
  if (found == recorded_.end()) {
    throw Error(ErrorCode::invalid_input,
                "the recording " + quote(name_) + " has no answer to " + request.method + " " + redact(request.url) +
                    " with " + redact(cut_to_bytes(request.body, k_shown)),
                "rows, prompt, model and parameters must be those of --record; record again if they changed");
  }
  auto& recorded = found->second;
  const auto [offset, size] = recorded.lines[std::min(recorded.next, recorded.lines.size() - 1)];
  ++recorded.next;
  started_.push_back({++last_id_, read_answer(file_.bytes().substr(offset, size)), std::move(done), std::move(chunk)});
  return net::TransferId{last_id_};
}

void ReplayClient::cancel(net::TransferId transfer) {
  for (auto& started : started_) {
    if (started.id == static_cast<std::uint64_t>(transfer)) {
      started.answer = {};
      started.answer.fault = TransportFault::cancelled;
      started.answer.fault_text = "cancelled";
    }
  }
}

void ReplayClient::wait(milliseconds limit) {
  constexpr milliseconds k_longest_sleep{100};
  const auto end = std::chrono::steady_clock::now() + limit;
  const int signal = pending_interrupt();
  while (started_.empty() && !woken_.exchange(false) && pending_interrupt() == signal) {
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= milliseconds::zero()) {
      return;
    }
    std::this_thread::sleep_for(std::min(left, k_longest_sleep));
  }
  for (auto count = started_.size(); count > 0; --count) {
    auto started = std::move(started_.front());
    started_.pop_front();
    if (started.chunk && is_streamed(started.answer)) {
      started.chunk(std::exchange(started.answer.body, {}));
    }
    started.done(std::move(started.answer));
  }
}

}  // namespace lumi::inference
