#pragma once
#include <span>
#include <string>
#include <string_view>

namespace lumi::chat {

/// The form of requests and answers: OpenAI's chat completions, Anthropic's messages, or those of a worker on this
/// machine, whose requests have OpenAI's fields.
enum class Protocol { openai, anthropic, worker };

/// The header that carries the key.
enum class Authorization { bearer, x_api_key, api_key };

/// Whether a provider answers without a key: hosts of its own never do, servers of users may.
enum class KeyNeed { none, on_own_host };

/// A parameter that a provider knows by another name, or not at all.
struct ParameterRule {
  std::string_view parameter;  ///< in OpenAI's words
  std::string_view sent_as;    ///< empty: left out
};

/// What there is to know of who serves models: all that differs between providers is in this table.
struct Provider {
  std::string_view name;  ///< as in `provider` of a job and before the "/" of `--model`
  std::string_view title;
  std::string_view base_url = {};           ///< empty: users give one
  std::string_view base_url_variable = {};  ///< a variable that replaces base_url; empty: none
  std::string_view key_variable = {};       ///< empty: none
  std::string_view stand_in_key = {};       ///< sent where there is no key; empty: nothing is
  KeyNeed key_need = KeyNeed::none;
  Protocol protocol = Protocol::openai;
  Authorization authorization = Authorization::bearer;
  std::span<const ParameterRule> rules = {};
};

/// Every provider, in the order in which help lists them.
std::span<const Provider> all_providers();

/// The provider of this name, or null.
const Provider* find_provider(std::string_view name);

/// The provider whose key the variable `name` holds, or null.
const Provider* find_provider_of_key(std::string_view variable);

/// Who speaks OpenAI's protocol and is not in the table.
const Provider& any_provider();

}  // namespace lumi::chat
