#pragma once
#include "cli/options.hpp"

#include <functional>
#include <string>
#include <vector>

namespace lumi::cli {

/// A word that may stand at the cursor.
struct Candidate {
  std::string word;
  std::string description;
};

/// What shell completion answers.
struct Completion {
  std::vector<Candidate> candidates;
  Completes shell = Completes::nothing;  ///< `file` or `folder`: the shell adds its own candidates
};

/// Answers for live data: ids of datasets and jobs.
using LiveCandidates = std::function<std::vector<Candidate>(Completes)>;

/// What may stand at `words[index]`, of which the typed part is there; `words[0]` is the program. Never throws for
/// what was typed: an unknown command has no candidates.
Completion complete(const std::vector<std::string>& words, std::size_t index, const LiveCandidates& live);

}  // namespace lumi::cli
