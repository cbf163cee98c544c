#include "core/worker/worker_http_client.hpp"

namespace lumi::worker {

net::TransferId WorkerHttpClient::start(net::HttpRequest request, Done done, Chunk /*chunk*/) {
  const auto on_done = [done = std::move(done)](WorkerAnswer message) {
    constexpr int k_ok = 200;
    net::HttpAnswer answer;
    if (message.message.empty()) {
      answer.fault = net::TransportFault::cancelled;
      answer.fault_text = "cancelled";
    } else {
      answer.status = k_ok;
    }
    answer.body = std::move(message.message);
    answer.total = message.took;
    answer.first_byte = message.took;
    done(std::move(answer));
  };
  return net::TransferId{worker_.ask(std::move(request.body), request.limits.total, on_done)};
}

}  // namespace lumi::worker
