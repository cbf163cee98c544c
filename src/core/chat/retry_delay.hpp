#pragma once
#include <chrono>
#include <cstdint>

namespace lumi::chat {

struct Verdict;

/// How long to wait after `tries` tries (1 after the first), with `random` from [0, 1): what the server asks for and up
/// to a quarter more, so that not all come back at once; else the full jitter of 0.5 s doubled with every try, at most
/// 20 s.
std::chrono::milliseconds retry_delay(const Verdict& verdict, std::int64_t tries, double random);

}  // namespace lumi::chat
