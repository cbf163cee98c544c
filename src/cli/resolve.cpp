#include "cli/resolve.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "cli/global_options.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

bool starts_path(std::string_view path, std::string_view words) {
  return path.starts_with(words) && path.size() > words.size() && path[words.size()] == ' ';
}

bool is_group(std::string_view words) {
  const auto commands = all_commands();
  return words.empty() || std::any_of(commands.begin(), commands.end(), [&](const auto& entry) {
           return starts_path(entry.path, words);
         });
}

const RegistryEntry* find_command(std::string_view path) {
  for (const auto& entry : all_commands()) {
    if (entry.path == path) {
      return &entry;
    }
  }
  return nullptr;
}

/// The words that may follow `words`: what a typing error is held against.
std::vector<std::string> next_words(std::string_view words) {
  std::vector<std::string> candidates;
  for (const auto& entry : all_commands()) {
    std::string_view rest = entry.path;
    if (!words.empty()) {
      if (!starts_path(rest, words)) {
        continue;
      }
      rest.remove_prefix(words.size() + 1);
    }
    const std::string word(rest.substr(0, rest.find(' ')));
    if (!word.starts_with("__") && std::find(candidates.begin(), candidates.end(), word) == candidates.end()) {
      candidates.push_back(word);
    }
  }
  return candidates;
}

[[noreturn]] void throw_unknown(const std::string& words, const std::string& word) {
  const auto near = did_you_mean(word, next_words(words));
  const auto whole = words.empty() ? word : words + " " + word;
  throw Error(ErrorCode::usage,
              "unknown command " + quote(whole),
              near.empty() ? "run 'lumi " + words + (words.empty() ? "" : " ") + "--help' for the commands" : near);
}

}  // namespace

Resolved resolve_command(const std::vector<std::string>& args) {
  Resolved resolved;
  std::string words;
  std::size_t i = 0;
  for (; i < args.size() && resolved.entry == nullptr; ++i) {
    const std::string word = args[i] == "ls" ? "list" : args[i];
    if (word.starts_with('-') && word.size() > 1) {
      resolved.rest.push_back(word);
      if (global_flag_takes_value(word) && i + 1 < args.size()) {
        resolved.rest.push_back(args[++i]);
      }
      continue;
    }
    const auto longer = words.empty() ? word : words + " " + word;
    resolved.entry = find_command(longer);
    if (resolved.entry == nullptr && !is_group(longer)) {
      throw_unknown(words, word);
    }
    words = longer;
  }
  // `import lumigator` is a command beside `import`.
  if (resolved.entry != nullptr && i < args.size()) {
    if (const auto* longer = find_command(words + " " + args[i])) {
      resolved.entry = longer;
      ++i;
    }
  }
  if (resolved.entry == nullptr) {
    resolved.group = words;
  }
  resolved.rest.insert(resolved.rest.end(), args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
  return resolved;
}

}  // namespace lumi::cli
