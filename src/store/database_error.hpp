#pragma once
#include "base/error.hpp"

#include <filesystem>

namespace SQLite {
class Exception;
}

namespace lumi::store {

/// A conflict that goes away if the whole transaction is run again. Never leaves Database::transaction.
class StaleTransaction final : public Error {
public:
  using Error::Error;
};

/// The Error for a database that cannot be trusted, with the command that looks into it as the hint.
Error damaged_database(const std::filesystem::path& database, const std::string& what);

/// Throws the Error for what SQLite reports of `database`.
[[noreturn]] void throw_database_error(const SQLite::Exception& exception, const std::filesystem::path& database);

}  // namespace lumi::store
