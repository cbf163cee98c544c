#include "cli/docs/complete.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/docs/help.hpp"
#include "cli/docs/topics.hpp"
#include "cli/global_options.hpp"
#include "cli/registry.hpp"
#include "cli/resolve.hpp"
#include "core/config/settings.hpp"
#include "core/metrics/registry.hpp"
#include "core/models/model.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

/// Everything that is known when an answer is put together.
struct Question {
  const RegistryEntry* entry;
  std::string group;
  CommandSpec spec;
  const OptionSet& options;
  std::vector<std::string> before;  ///< the command's arguments in front of the cursor
  std::string typed;
  const LiveCandidates& live;
};

const OptionDefinition* find_option(const OptionSet& options, const std::string& name) {
  for (const auto& definition : options.definitions()) {
    if (std::find(definition.names.begin(), definition.names.end(), name) != definition.names.end()) {
      return &definition;
    }
  }
  return nullptr;
}

std::vector<Candidate> plain(const std::vector<std::string>& words) {
  std::vector<Candidate> candidates;
  for (const auto& word : words) {
    candidates.push_back({word, ""});
  }
  return candidates;
}

std::vector<Candidate> known_values(Completes what, const Question& question) {
  std::vector<Candidate> candidates;
  switch (what) {
  case Completes::metric:
    for (const auto& registration : metrics::all_metrics()) {
      candidates.push_back(
          {std::string(registration.definition().name), std::string(registration.definition().summary)});
    }
    return candidates;
  case Completes::config_key:
    for (const auto& setting : config::all_settings()) {
      candidates.push_back({std::string(setting.key), std::string(setting.help)});
    }
    return candidates;
  case Completes::topic:
    for (const auto& topic : all_topics()) {
      candidates.push_back({topic.name, topic.summary});
    }
    [[fallthrough]];
  case Completes::command:
    for (const auto& verb : verbs_of("")) {
      candidates.push_back({verb, ""});
    }
    return candidates;
  case Completes::field:
    return plain(question.spec.json_fields);
  case Completes::dataset:
  case Completes::dataset_or_file:
  case Completes::job:
  case Completes::experiment:
  case Completes::workflow:
  case Completes::secret:
    return question.live(what);
  case Completes::model:
    for (const auto& model : models::suggested_models()) {
      candidates.push_back({model.model, model.provider});
    }
    return candidates;
  case Completes::nothing:
  case Completes::file:
  case Completes::folder:
    break;
  }
  return candidates;
}

/// Candidates for a value that may be a list: what stands before the last comma is kept.
Completion values_of(const OptionDefinition& definition, const std::string& typed, const Question& question) {
  Completion answer;
  const auto comma = typed.rfind(',');
  const bool is_list = definition.repeatable || definition.optional_value;
  const auto kept = is_list && comma != std::string::npos ? typed.substr(0, comma + 1) : std::string();
  answer.candidates =
      definition.choices.empty() ? known_values(definition.completes, question) : plain(definition.choices);
  for (auto& candidate : answer.candidates) {
    candidate.word = kept + candidate.word;
  }
  const bool names_file = definition.completes == Completes::file || definition.completes == Completes::dataset_or_file;
  answer.shell = names_file                                  ? Completes::file
                 : definition.completes == Completes::folder ? Completes::folder
                                                             : Completes::nothing;
  return answer;
}

Completion flag_names(const Question& question) {
  Completion answer;
  for (const auto& definition : question.options.definitions()) {
    for (const auto& name : definition.names) {
      if (!definition.hidden && name.starts_with("--")) {
        answer.candidates.push_back({name, definition.help});
      }
    }
  }
  return answer;
}

Completion verbs(const Question& question) {
  Completion answer;
  for (const auto& verb : verbs_of(question.group)) {
    const auto path = question.group.empty() ? verb : question.group + " " + verb;
    std::string summary;
    for (const auto& group : all_groups()) {
      summary = group.path == path ? std::string(group.summary) : summary;
    }
    for (const auto& entry : all_commands()) {
      summary = entry.path == path ? std::string(entry.summary) : summary;
    }
    answer.candidates.push_back({verb, summary});
  }
  return answer;
}

/// The positional argument that stands at the cursor, or null.
const OptionDefinition* positional_at_cursor(const Question& question) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < question.before.size(); ++i) {
    const auto& word = question.before[i];
    if (!word.starts_with('-') || word == "-") {
      ++count;
      continue;
    }
    const auto* option = find_option(question.options, word);
    i += option != nullptr && !option->is_switch() && !option->optional_value ? 1U : 0U;
  }
  const OptionDefinition* last = nullptr;
  for (const auto& definition : question.options.definitions()) {
    if (definition.is_positional()) {
      last = &definition;
      if (count-- == 0) {
        return last;
      }
    }
  }
  return last != nullptr && last->repeatable ? last : nullptr;
}

Completion answer(const Question& question) {
  const auto equals = question.typed.find('=');
  if (question.typed.starts_with("--") && equals != std::string::npos) {
    const auto name = question.typed.substr(0, equals);
    const auto* option = find_option(question.options, name);
    auto found = option == nullptr ? Completion() : values_of(*option, question.typed.substr(equals + 1), question);
    for (auto& candidate : found.candidates) {
      candidate.word = name + "=" + candidate.word;
    }
    return found;
  }
  if (!question.before.empty()) {
    const auto* option = find_option(question.options, question.before.back());
    if (option != nullptr && !option->is_switch() && !option->optional_value) {
      return values_of(*option, question.typed, question);
    }
  }
  if (question.typed.starts_with('-')) {
    return flag_names(question);
  }
  if (question.entry == nullptr) {
    return verbs(question);
  }
  const auto* positional = positional_at_cursor(question);
  return positional == nullptr ? Completion() : values_of(*positional, question.typed, question);
}

}  // namespace

Completion complete(const std::vector<std::string>& words, std::size_t index, const LiveCandidates& live) {
  std::vector<std::string> before(words.begin() + std::min<std::ptrdiff_t>(1, std::ssize(words)),
                                  words.begin() + static_cast<std::ptrdiff_t>(std::min(index, words.size())));
  try {
    const auto resolved = resolve_command(before);
    OptionSet options;
    GlobalOptions globals;
    Command command;
    if (resolved.entry != nullptr) {
      command = resolved.entry->make();
      command.bind(options);
    }
    bind_global_options(options, globals);
    const Question question{resolved.entry,
                            resolved.group,
                            command.spec,
                            options,
                            resolved.rest,
                            index < words.size() ? words[index] : std::string(),
                            live};
    auto found = answer(question);
    std::erase_if(found.candidates,
                  [&](const Candidate& candidate) { return !candidate.word.starts_with(question.typed); });
    return found;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace lumi::cli
