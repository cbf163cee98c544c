#pragma once
#include "core/chat/chat_answer.hpp"

namespace lumi::net {
struct HttpAnswer;
}

namespace lumi::chat {

/// Reads what a worker (docs/worker-protocol.md) said to a request: the body of `answer`. Never throws for what it
/// said.
Outcome read_worker_answer(const net::HttpAnswer& answer);

}  // namespace lumi::chat
