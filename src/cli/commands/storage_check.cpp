#include "core/services/storage_check.hpp"

#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "store/files/object_stores.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct StorageCheckOptions {};

using services::StorageReport;

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value milliseconds(std::int64_t microseconds) { return Value(static_cast<double>(microseconds) / 1000); }

constexpr std::array<Field<StorageReport>, 11> k_storage_fields{{
    {"storage", "STORAGE", Show::column, [](const StorageReport& report) { return Value(report.storage_url); }},
    {"endpoint",
     "ENDPOINT",
     Show::column,
     [](const StorageReport& report) { return text_or_null(report.access.endpoint); }},
    {"endpoint_origin",
     "ENDPOINT FROM",
     Show::detail,
     [](const StorageReport& report) { return text_or_null(report.access.endpoint_origin); }},
    {"region", "REGION", Show::column, [](const StorageReport& report) { return text_or_null(report.access.region); }},
    {"region_origin",
     "REGION FROM",
     Show::detail,
     [](const StorageReport& report) { return text_or_null(report.access.region_origin); }},
    {"addressing",
     "ADDRESSING",
     Show::column,
     [](const StorageReport& report) { return text_or_null(report.access.addressing); }},
    {"credentials",
     "CREDENTIALS",
     Show::column,
     [](const StorageReport& report) { return text_or_null(report.access.credentials); }},
    {"write_ms", "WRITE MS", Show::column, [](const StorageReport& report) { return milliseconds(report.write_us); }},
    {"read_ms", "READ MS", Show::column, [](const StorageReport& report) { return milliseconds(report.read_us); }},
    {"list_ms", "LIST MS", Show::column, [](const StorageReport& report) { return milliseconds(report.list_us); }},
    {"delete_ms",
     "DELETE MS",
     Show::column,
     [](const StorageReport& report) { return milliseconds(report.delete_us); }},
}};

void bind(OptionSet& /*set*/, StorageCheckOptions& /*options*/) {}

/// Says on stderr how the storage was asked: where it fails, that is mostly why.
void show_access(Streams& streams, store::ObjectStore& storage) {
  store::StorageAccess access;
  try {
    access = storage.access();
  } catch (const Error&) {  // the first error is the one to tell
    return;
  }
  if (access.endpoint.empty()) {
    return;
  }
  streams.message("endpoint " + access.endpoint + " (" + access.endpoint_origin + "), region " + access.region + " (" +
                  access.region_origin + "), " + access.addressing + " addressing, credentials from " +
                  access.credentials);
}

ExitCode run(const StorageCheckOptions& /*options*/, Context& context) {
  auto& storage = context.objects().for_new();
  services::StorageCheckService service({storage, context.steady(), context.ids()});
  StorageReport report;
  try {
    report = service.check();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::interrupted) {
      show_access(context.streams(), storage);
    }
    throw;
  }
  show_item(context.streams(), context.view(), grid_of(k_storage_fields, std::vector{report}));
  return ExitCode::done;
}

}  // namespace

Command storage_check_command() {
  return command<StorageCheckOptions>(
      {.path = "storage check",
       .summary = "Try the storage out",
       .description =
           "Writes an object of a few bytes below lumi-check/, reads it back, lists it and deletes it; says "
           "how the storage is reached, with whose credentials, and how long each step took. Exit code 4: the "
           "credentials are missing or refused; 5: there is no such bucket; 7: the server is out of reach.",
       .examples = {{"the storage that is set", "lumi storage check"},
                    {"a bucket before it is used", "lumi storage check --storage s3://my-bucket/lumi"}},
       .json_fields = names_of(k_storage_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
