#pragma once
#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::tabular {

/// How much a problem matters: an error makes a file unfit, a warning may, a note says what was mended.
enum class Severity { error, warning, note };

/// Something about a file that its owner should know.
struct Problem {
  Severity severity = Severity::error;
  ErrorCode code = ErrorCode::invalid_input;
  std::uint64_t line = 0;    ///< the first line is 1; 0: the file as a whole
  std::uint64_t column = 0;  ///< in code points, the first being 1; 0: the line as a whole
  std::string field = {};    ///< the name of the column, if it is about one
  std::string message = {};
  std::string hint = {};
};

/// "name:line:column: message", without the parts that are 0.
std::string located_message(std::string_view name, const Problem& problem);

/// `text` quoted for a message, with what is beyond 60 code points left out.
std::string quote_short(std::string_view text);

/// Takes problems as a reader finds them. If `report` returns, the reader goes on behind the problem as well as it can.
class ProblemSink {
public:
  virtual ~ProblemSink() = default;
  virtual void report(Problem problem) = 0;
};

/// Throws the first problem as an Error about the file `name`.
class ThrowingSink final : public ProblemSink {
public:
  explicit ThrowingSink(std::string name) : name_(std::move(name)) {}
  [[noreturn]] void report(Problem problem) override;

private:
  std::string name_;
};

/// Keeps the first `limit` problems, without field names of more than a thousand bytes, and counts all of them.
class CollectingSink final : public ProblemSink {
public:
  explicit CollectingSink(std::size_t limit) : limit_(limit) {}
  void report(Problem problem) override;

  const std::vector<Problem>& problems() const { return problems_; }

  /// How many of this severity were reported, kept or not.
  std::uint64_t count(Severity severity) const;

private:
  std::size_t limit_;
  std::vector<Problem> problems_;
  std::uint64_t errors_ = 0;
  std::uint64_t warnings_ = 0;
  std::uint64_t notes_ = 0;
};

}  // namespace lumi::tabular
