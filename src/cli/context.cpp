#include "cli/context.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace lumi::cli {

Context::Context(Streams& streams, const GlobalOptions& options)
    : streams_(streams), options_(options), settings_(config::Settings::default_file()) {
  if (options.color != "auto") {
    settings_.override_with_flag("color", options.color);
  }
  if (options.home) {
    settings_.override_with_flag("home", *options.home);
  }
  if (options.storage) {
    settings_.override_with_flag("storage", *options.storage);
  }
}

Context::~Context() = default;

ViewSettings Context::view() const {
  return {options_.json, options_.header ? HeaderLine::yes : HeaderLine::no, clock_.now()};
}

std::vector<Candidate> Context::live_candidates(Completes /*what*/) { return {}; }

bool Context::confirm(const std::string& question) {
  if (options_.yes) {
    return true;
  }
  if (streams_.in_terminal() == Terminal::no || streams_.err_terminal() == Terminal::no) {
    throw Error(ErrorCode::usage, "this needs a confirmation", "give --yes where nobody can be asked");
  }
  streams_.err().write(question + " [y/N] ");
  const auto answer = to_lower_ascii(trim(streams_.read_line().value_or("")));
  return answer == "y" || answer == "yes";
}

}  // namespace lumi::cli
