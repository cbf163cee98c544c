#include "cli/exit_code.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using namespace lumi::cli;

TEST_CASE("exit codes are a contract") {
  CHECK(static_cast<int>(exit_code_of(ErrorCode::failure)) == 1);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::usage)) == 2);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::partial)) == 3);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::credentials)) == 4);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::not_found)) == 5);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::conflict)) == 6);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::unavailable)) == 7);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::pending)) == 8);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::gate_failed)) == 9);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::budget)) == 10);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::invalid_input)) == 11);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::too_large)) == 11);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::storage)) == 12);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::permission)) == 13);
  CHECK(static_cast<int>(exit_code_of(ErrorCode::interrupted)) == 130);
  CHECK(name_of(ErrorCode::too_large) == "too_large");
  CHECK(name_of(ErrorCode::gate_failed) == "gate_failed");
}

TEST_CASE("the more urgent of two exit codes is reported") {
  CHECK(more_urgent(ExitCode::gate_failed, ExitCode::storage) == ExitCode::storage);
  CHECK(more_urgent(ExitCode::partial, ExitCode::done) == ExitCode::partial);
  CHECK(more_urgent(ExitCode::not_found, ExitCode::invalid_input) == ExitCode::invalid_input);
  CHECK(more_urgent(ExitCode::permission, ExitCode::interrupted) == ExitCode::interrupted);
}

TEST_CASE("an exit code leads back to an error that has it") {
  for (const auto& row : exit_code_table()) {
    if (row.exit != ExitCode::done && row.exit != ExitCode::terminated) {
      CHECK(exit_code_of(error_code_of(row.exit)) == row.exit);
    }
  }
  CHECK(error_code_of(ExitCode::terminated) == ErrorCode::interrupted);
  CHECK(error_code_of(static_cast<ExitCode>(77)) == ErrorCode::failure);
}
