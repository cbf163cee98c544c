#pragma once
#include "base/clock.hpp"
#include "store/database.hpp"
#include "store/home.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace lumi::store {

/// What the cache of a home holds.
struct CacheStatistics {
  std::uint64_t entries = 0;
  std::uint64_t size_bytes = 0;  ///< of keys and values
  std::optional<Timestamp> oldest;
  std::optional<Timestamp> newest;
};

/// Answers of models by the hash of everything that shaped them, in a database of its own below the home: what it holds
/// can be had again, so a damaged one is thrown away, and one that cannot be written is done without.
class ResponseCache {
public:
  /// Opens the cache of `home` when it is first asked.
  explicit ResponseCache(const Home& home);
  ~ResponseCache();
  ResponseCache(const ResponseCache&) = delete;
  ResponseCache& operator=(const ResponseCache&) = delete;

  /// The value that was put under `key`, or nothing.
  std::optional<std::string> find(const std::string& key);

  /// Keeps `value` under `key`; it reaches the disk with others, by `flush` at the latest.
  void put(const std::string& key, std::string value, Timestamp now);

  /// Writes what was put.
  void flush();

  /// The folder of the cache in `home`.
  static std::filesystem::path folder(const Home& home) { return home.path() / "cache"; }

  /// What there is. Creates nothing.
  static CacheStatistics statistics(const Home& home);

  /// Removes all entries, and returns how many there were.
  static std::uint64_t clear(const Home& home);

private:
  Database* database();
  void give_up(const std::string& reason);
  void write_pending();

  struct Entry {
    std::string value;
    Timestamp created_at;
  };

  Home place_;
  std::unique_ptr<Database> database_;
  bool is_usable_ = true;
  std::unordered_map<std::string, Entry> pending_;
};

}  // namespace lumi::store
