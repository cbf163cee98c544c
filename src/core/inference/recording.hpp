#pragma once
#include "base/file.hpp"
#include "net/http_client.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::inference {

/// Passes requests on to another client, and appends each exchange to a file, one JSON object a line: what was asked,
/// what came back, and nothing of what authorises. Known secrets are replaced wherever they stand.
class RecordingClient final : public net::HttpClient {
public:
  /// Opens `file`, made if there is none, for appending. Throws system_error.
  RecordingClient(std::unique_ptr<net::HttpClient> client, const std::filesystem::path& file);

  net::TransferId start(net::HttpRequest request, Done done, Chunk chunk = {}) override;
  void cancel(net::TransferId transfer) override { client_->cancel(transfer); }
  std::size_t running() const override { return client_->running(); }
  void wait(std::chrono::milliseconds limit) override { client_->wait(limit); }
  void wake() override { client_->wake(); }

private:
  std::unique_ptr<net::HttpClient> client_;
  std::filesystem::path path_;
  UniqueFd file_;
};

/// Answers as a recording says, without a network. The same request gets its answers in the order in which they were
/// recorded, and the last one again and again.
class ReplayClient final : public net::HttpClient {
public:
  /// Throws system_error, and `invalid_input` with the line for what is no recording.
  explicit ReplayClient(const std::filesystem::path& file);

  /// Throws `invalid_input` for a request that was not recorded.
  net::TransferId start(net::HttpRequest request, Done done, Chunk chunk = {}) override;
  void cancel(net::TransferId transfer) override;
  std::size_t running() const override { return started_.size(); }
  void wait(std::chrono::milliseconds limit) override;
  void wake() override { woken_ = true; }

private:
  struct Recorded {
    std::vector<std::pair<std::size_t, std::size_t>> lines;  // offset and size
    std::size_t next = 0;
  };
  struct Started {
    std::uint64_t id;
    net::HttpAnswer answer;
    Done done;
    Chunk chunk;
  };

  std::string name_;
  MappedFile file_;
  std::map<std::string, Recorded, std::less<>> recorded_;
  std::deque<Started> started_;
  std::uint64_t last_id_ = 0;
  std::atomic<bool> woken_ = false;
};

}  // namespace lumi::inference
