#include "core/secrets/stretching.hpp"

namespace lumi::secrets {

namespace {

constexpr std::size_t k_salt_size = 16;
constexpr ScryptCost k_cost{17, 8, 1};  // 128 MiB, about half a second
constexpr unsigned k_most_log2_n = 20;
constexpr unsigned k_least_log2_n = 10;

unsigned number_at(std::string_view bytes, std::size_t index) { return static_cast<unsigned char>(bytes[index]); }

}  // namespace

Stretching Stretching::make() { return {k_cost, random_bytes(k_salt_size)}; }

std::string Stretching::encode() const {
  std::string bytes;
  for (const auto number : {cost.log2_n, cost.block_size, cost.parallel}) {
    bytes += static_cast<char>(number);
  }
  return bytes + salt;
}

std::optional<Stretching> Stretching::decode(std::string_view bytes) {
  if (bytes.size() < k_size) {
    return std::nullopt;
  }
  const ScryptCost cost{number_at(bytes, 0), number_at(bytes, 1), number_at(bytes, 2)};
  const bool is_sane = cost.log2_n >= k_least_log2_n && cost.log2_n <= k_most_log2_n && cost.block_size >= 1 &&
                       cost.block_size <= k_cost.block_size && cost.parallel == 1;
  return is_sane ? std::optional(Stretching{cost, std::string(bytes.substr(3, k_salt_size))}) : std::nullopt;
}

}  // namespace lumi::secrets
