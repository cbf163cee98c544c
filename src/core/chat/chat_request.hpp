#pragma once
#include "core/chat/api_key.hpp"
#include "core/chat/endpoint.hpp"
#include "core/chat/failure.hpp"
#include "core/schemas/generation_config.hpp"
#include "net/http_client.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::chat {

/// Who says a message.
enum class Role : std::uint8_t { system, user, assistant };

/// A message to a model. The text must be well-formed UTF-8 and live until the request is built.
struct Message {
  Role role = Role::user;
  std::string_view text;
};

/// A field of the request body.
struct Parameter {
  std::string name;
  std::string json;  ///< valid JSON; `null` keeps the field out of the request
};

/// The field that `--param KEY=JSON` asks for; what is no JSON counts as a text. Throws `usage` without a `=` and for
/// the fields that lumi itself decides (model, messages, stream, n).
Parameter parse_parameter(std::string_view text);

/// The header that `--header 'K: V'` asks for. Throws `usage` for what is no header, and for those that lumi sets.
net::HttpHeader parse_header(std::string_view text);

/// Whether an answer comes at once or piece by piece.
enum class Delivery { whole, stream };

/// What all requests of a job have in common.
struct ChatSettings {
  std::string model;
  schemas::GenerationConfig generation;
  std::optional<std::int64_t> seed;
  std::vector<Parameter> parameters;  ///< a name that is a field of `generation` replaces it
  std::vector<net::HttpHeader> headers;
  Delivery delivery = Delivery::whole;
  net::TimeLimits limits;
  std::size_t max_answer_bytes = std::size_t{16} * 1024 * 1024;
};

/// What reading an answer needs to know of its request.
struct AnswerContext {
  Protocol protocol = Protocol::openai;
  std::vector<std::string> parameters;  ///< names of the fields that were ever sent and can go
  std::string not_found_advice;         ///< what may help against 404; may be empty
};

/// Builds the requests of one job to one model, and remembers what its endpoint refused.
class RequestBuilder {
public:
  RequestBuilder(Endpoint endpoint, ApiKey key, ChatSettings settings);

  /// The request that sends `messages`.
  net::HttpRequest build(std::span<const Message> messages) const;

  /// The body alone: all that shapes the answer but for `endpoint().url`. It never holds a key.
  std::string body(std::span<const Message> messages) const;

  /// What became of an adjustment.
  enum class Adjusted {
    now,         ///< requests are different from now on: send again
    before,      ///< another answer had asked for the same meanwhile: send again
    impossible,  ///< the request had no such parameter any more: the sample is in error
  };

  /// Leaves a parameter out or renames it in all later requests. `revision` is what `revision()` was when the refused
  /// request was built.
  Adjusted adjust(const Adjustment& adjustment, std::uint64_t revision);

  /// Grows with every change that `adjust` makes.
  std::uint64_t revision() const { return revision_; }

  /// What is left out or renamed: by the provider's rules, then by `adjust`, in order.
  const std::vector<Adjustment>& adjustments() const { return adjustments_; }

  /// The body's fields but for the messages, as they are sent now: for the results.
  const std::vector<Parameter>& fields() const { return fields_; }

  const Endpoint& endpoint() const { return endpoint_; }
  const ChatSettings& settings() const { return settings_; }
  const AnswerContext& context() const { return context_; }

private:
  void add_fields();
  void add(std::string name, std::string json);
  void apply_rules();
  void write_frame();

  Endpoint endpoint_;
  ChatSettings settings_;
  std::vector<net::HttpHeader> headers_;
  std::vector<Parameter> fields_;
  std::vector<Adjustment> adjustments_;
  AnswerContext context_;
  std::string before_messages_;
  std::string after_messages_;
  std::uint64_t revision_ = 0;
};

}  // namespace lumi::chat
