#include "base/error.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace lumi;

TEST_CASE("system_error says what was tried and why it failed") {
  const auto error = system_error(ENOENT, "cannot open \"x\"");
  CHECK(std::string(error.what()) == "cannot open \"x\": No such file or directory");
  CHECK(error.hint().empty());
  CHECK(std::string(system_error(123'456, "cannot").what()) == "cannot: error 123456");
}

TEST_CASE("system_error sorts what the kernel says") {
  const auto code = [](int error_number) { return system_error(error_number, "cannot").code(); };
  for (const int error_number : {EACCES, EPERM, EROFS, ENOSPC, EDQUOT, EFBIG}) {
    CHECK(code(error_number) == ErrorCode::permission);
  }
  CHECK(code(ENOENT) == ErrorCode::not_found);
  CHECK(code(ENOTDIR) == ErrorCode::not_found);
  CHECK(code(EISDIR) == ErrorCode::invalid_input);
  CHECK(code(ELOOP) == ErrorCode::invalid_input);
  CHECK(code(ENAMETOOLONG) == ErrorCode::invalid_input);
  CHECK(code(EEXIST) == ErrorCode::conflict);
  CHECK(code(EIO) == ErrorCode::failure);
  CHECK_FALSE(system_error(ENOSPC, "cannot").hint().empty());
}

TEST_CASE("with_context adds what was going on, innermost first, and passes results through") {
  CHECK(with_context("adding", [] { return 42; }) == 42);
  const auto error = test::error_of([] {
    with_context("outer", [] { with_context("inner", [] { throw Error(ErrorCode::budget, "spent", "earn"); }); });
  });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::budget);
  CHECK(error->hint() == "earn");
  CHECK(error->context() == std::vector<std::string>{"inner", "outer"});
}
