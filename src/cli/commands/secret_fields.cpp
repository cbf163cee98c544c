#include "cli/commands/secret_fields.hpp"

namespace lumi::cli {

using store::SecretRecord;

const std::array<Field<SecretRecord>, 5> k_secret_fields{{
    {"name", "NAME", Show::column, [](const SecretRecord& secret) { return Value(secret.name); }},
    {"description", "DESCRIPTION", Show::column, [](const SecretRecord& secret) { return Value(secret.description); }},
    {"hosts", "HOSTS", Show::column, [](const SecretRecord& secret) { return Value(Json{secret.hosts_json}); }},
    {"created_at", "CREATED", Show::detail, [](const SecretRecord& secret) { return Value(secret.created_at); }},
    {"updated_at",
     "UPDATED",
     Show::detail,
     [](const SecretRecord& secret) { return value_or_null(secret.updated_at); }},
}};

}  // namespace lumi::cli
