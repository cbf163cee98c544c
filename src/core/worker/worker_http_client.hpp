#pragma once
#include "core/worker/worker_client.hpp"
#include "net/http_client.hpp"

namespace lumi::worker {

/// A worker in the place of a server, for what asks models: the body of a request goes to it as `params`, and its
/// message comes back as the body of an answer with status 200. URL, headers and the limits of connections mean
/// nothing.
class WorkerHttpClient final : public net::HttpClient {
public:
  explicit WorkerHttpClient(WorkerSettings settings) : worker_(std::move(settings)) {}

  net::TransferId start(net::HttpRequest request, Done done, Chunk chunk = {}) override;
  void cancel(net::TransferId transfer) override { worker_.cancel(static_cast<std::uint64_t>(transfer)); }
  std::size_t running() const override { return worker_.running(); }
  void wait(std::chrono::milliseconds limit) override { worker_.wait(limit); }
  void wake() override { worker_.wake(); }

private:
  WorkerClient worker_;
};

}  // namespace lumi::worker
