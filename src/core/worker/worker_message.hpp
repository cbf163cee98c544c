#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::worker {

/// The version of the worker protocol (docs/worker-protocol.md) that lumi speaks.
inline constexpr std::int64_t k_protocol = 1;

/// What a worker says in one line. Which members count depends on the type.
struct WorkerMessage {
  enum class Type : std::uint8_t { hello, ready, progress, result, error, other };

  Type type = Type::other;
  std::optional<std::uint64_t> id;    ///< result, error
  std::int64_t protocol = 0;          ///< hello
  std::string name;                   ///< hello
  std::size_t max_in_flight = 1;      ///< ready
  std::string code;                   ///< error
  std::string text;                   ///< progress, error; hello: what keeps the worker from working
  std::string hint;                   ///< error, hello
  std::optional<std::int64_t> done;   ///< progress
  std::optional<std::int64_t> total;  ///< progress
};

/// The message in `line`; nothing if it is none.
std::optional<WorkerMessage> parse_message(std::string_view line);

/// Whether further requests follow at once: a worker may take them together.
enum class More { no, yes };

/// What lumi says, each without the line feed.
std::string hello_line();
std::string open_line(std::string_view method, std::string_view options_json, std::size_t max_in_flight);
std::string request_line(std::uint64_t id, std::string_view params_json, More more);
std::string cancel_line(std::uint64_t id);
std::string shutdown_line();

/// An error as a worker would say it.
std::string error_line(std::string_view code, std::string_view message);

}  // namespace lumi::worker
