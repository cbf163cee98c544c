#include "core/services/transfer_manifest.hpp"

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "core/schemas/job.hpp"

#include <nlohmann/json.hpp>

namespace lumi::services {

namespace {

using OrderedJson = nlohmann::ordered_json;
using store::CopiedRow;
using store::CopiedTable;
using store::text_in;

constexpr std::int64_t k_transfer_format = 1;

OrderedJson to_json(const CopiedRow& row) {
  auto json = OrderedJson::object();
  for (const auto& [name, value] : row) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      json[name] = *number;
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      json[name] = *text;
    } else {
      json[name] = nullptr;
    }
  }
  return json;
}

CopiedRow row_of(const OrderedJson& json) {
  CopiedRow row;
  for (const auto& [name, value] : json.items()) {
    if (value.is_string()) {
      row[name] = value.get<std::string>();
    } else if (value.is_number_integer()) {
      row[name] = value.get<std::int64_t>();
    } else if (value.is_null()) {
      row[name] = std::monostate();
    } else {
      throw Error(ErrorCode::invalid_input, "the column " + quote(name) + " is neither text nor integer");
    }
  }
  return row;
}

bool is_id(CopiedTable table, const std::string& id) {
  if (table == CopiedTable::jobs || table == CopiedTable::datasets) {
    return normalize_uuid(id) == id;
  }
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Whether the key is one that only this row may have: else its file could take the place of another row's.
bool is_own_key(CopiedTable table, const std::string& id, std::string_view key) {
  switch (table) {
  case CopiedTable::datasets:
    return key.starts_with("datasets/" + id + "/");
  case CopiedTable::jobs:
    return key.starts_with("jobs/results/") && key.ends_with("/" + id + "/results.json");
  case CopiedTable::workflows:
    return key.starts_with("workflows/results/" + id + "/");
  case CopiedTable::experiments:
    break;
  }
  return false;
}

void check_row(CopiedTable table, const CopiedRow& row) {
  const auto id = text_in(row, "id");
  if (!is_id(table, id)) {
    throw Error(ErrorCode::invalid_input, "one of the " + std::string(to_text(table)) + " has the id " + quote(id));
  }
  if (const auto key = file_of(table, row).key; !key.empty() && !is_own_key(table, id, key)) {
    throw Error(ErrorCode::invalid_input, "the file " + quote(key) + " cannot be that of " + quote(id));
  }
  const auto status = text_in(row, "status");
  const bool has_status = table == CopiedTable::jobs || table == CopiedTable::workflows;
  if (has_status && status != "succeeded" && status != "failed" && status != "stopped") {
    throw Error(ErrorCode::invalid_input, quote(id) + " has the status " + quote(status) + ", which is no end");
  }
}

// What was allowed on one machine is not for another to do.
void withdraw_trust(OrderedJson& value) {
  for (auto& [key, member] : value.items()) {
    if (key == "allowed_hosts" && member.is_array()) {
      member = OrderedJson::array();
    } else if (key == "headers" && member.is_object()) {
      member = OrderedJson::object();
    } else if (key == "allow_plaintext" && member.is_boolean()) {
      member = false;
    } else if (member.is_structured()) {
      withdraw_trust(member);
    }
  }
}

TransferManifest read_manifest(const OrderedJson& json) {
  if (const auto format = json.at("format").get<std::int64_t>(); format != k_transfer_format) {
    throw Error(ErrorCode::invalid_input,
                "its format is " + std::to_string(format) + ", and this lumi knows " +
                    std::to_string(k_transfer_format),
                "use the lumi that wrote it, or a newer one");
  }
  TransferManifest manifest;
  manifest.schema = json.at("schema").get<std::int64_t>();
  for (const auto table : k_copied_tables) {
    for (const auto& row : json.at(std::string(to_text(table)))) {
      manifest.of(table).push_back(row_of(row));
      check_row(table, manifest.of(table).back());
    }
  }
  for (const auto& file : json.at("files")) {
    manifest.files.push_back({file.at("key").get<std::string>(),
                              file.at("size").get<std::uint64_t>(),
                              file.at("sha256").get<std::string>()});
  }
  return manifest;
}

}  // namespace

std::string to_json(const TransferManifest& manifest) {
  OrderedJson json{{"format", k_transfer_format}, {"schema", manifest.schema}};
  for (const auto table : k_copied_tables) {
    auto& rows = json[std::string(to_text(table))] = OrderedJson::array();
    for (const auto& row : manifest.rows[static_cast<std::size_t>(table)]) {
      rows.push_back(to_json(row));
    }
  }
  auto& files = json["files"] = OrderedJson::array();
  for (const auto& file : manifest.files) {
    files.push_back({{"key", file.key}, {"size", file.size_bytes}, {"sha256", file.sha256}});
  }
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

TransferManifest parse_transfer_manifest(std::string_view json, const std::string& name) {
  try {
    return read_manifest(OrderedJson::parse(json));
  } catch (const OrderedJson::exception&) {
    throw Error(ErrorCode::invalid_input, quote(name) + " is not what 'lumi export' writes");
  } catch (const Error& error) {
    throw Error(error.code(), quote(name) + " cannot be used: " + error.what(), error.hint());
  }
}

CopiedRow portable(CopiedRow row) {
  row.erase("storage_url");
  if (row.contains("config_json")) {
    auto config = OrderedJson::parse(schemas::redacted_config(text_in(row, "config_json")));
    withdraw_trust(config);
    row["config_json"] = config.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  }
  return row;
}

TransferFile file_of(CopiedTable table, const CopiedRow& row) {
  if (table == CopiedTable::datasets) {
    return {text_in(row, "object_key"), 0, text_in(row, "object_sha256")};
  }
  return {text_in(row, "result_key"), 0, text_in(row, "result_sha256")};
}

}  // namespace lumi::services
