#pragma once
#include <cstdint>
#include <vector>

namespace lumi::store {

/// The part of a listing that is asked for.
struct Page {
  std::uint64_t skip = 0;
  std::uint64_t limit = 100;  ///< 0: all
};

/// A part of a listing, newest first, and how many there are in all.
template <class Record>
struct Listing {
  std::uint64_t total = 0;  ///< before skip and limit
  std::vector<Record> items;
};

}  // namespace lumi::store
