#include "core/chat/worker_answer.hpp"
#include "core/worker/worker_message.hpp"
#include "net/http_client.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// A line of a worker: understood or not, never the end of the program; and what is no message is no answer either.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto message = lumi::worker::parse_message(line);
  lumi::net::HttpAnswer answer;
  answer.status = 200;
  answer.body = line;
  const auto outcome = lumi::chat::read_worker_answer(answer);
  if (outcome.verdict.action == lumi::chat::Verdict::Action::adjust && !outcome.verdict.adjustment) {
    std::abort();
  }
  if (message && message->max_in_flight == 0) {
    std::abort();
  }
  return 0;
}
