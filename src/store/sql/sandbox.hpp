#pragma once
#include "store/sql/table.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::store::sql {

/// The rows that a statement gives.
class Answer {
public:
  virtual ~Answer() = default;

  virtual const std::vector<std::string>& columns() const = 0;

  /// Goes to the next row; false if there is none. Throws `usage` where the statement cannot go on, `interrupted`, and
  /// what the tables throw.
  virtual bool next() = 0;

  /// A value of the present row.
  virtual Cell cell(std::size_t column) = 0;
};

/// Runs SQL of users on tables that can only be read. It has no file and no other tables: what is not among `tables`
/// cannot be reached from it.
class Sandbox {
public:
  explicit Sandbox(const std::vector<std::shared_ptr<Table>>& tables);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Prepares one SELECT (or VALUES, WITH, EXPLAIN). Throws `usage` for anything else and for what is wrong in it, with
  /// line and column. The answer must not outlive the sandbox.
  std::unique_ptr<Answer> run(const std::string& statement);

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lumi::store::sql
