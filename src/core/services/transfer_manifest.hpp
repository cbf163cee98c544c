#pragma once
#include "store/row_copy.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// A file of a transfer: the object of that key.
struct TransferFile {
  std::string key;
  std::uint64_t size_bytes = 0;
  std::string sha256;
};

/// What a transfer's manifest.json says.
struct TransferManifest {
  std::int64_t schema = 0;                            ///< of the database that the rows are from
  std::array<std::vector<store::CopiedRow>, 4> rows;  ///< by CopiedTable
  std::vector<TransferFile> files;

  std::vector<store::CopiedRow>& of(store::CopiedTable table) { return rows[static_cast<std::size_t>(table)]; }
};

/// All tables, those first that others refer to.
inline constexpr std::array<store::CopiedTable, 4> k_copied_tables{store::CopiedTable::experiments,
                                                                   store::CopiedTable::workflows,
                                                                   store::CopiedTable::jobs,
                                                                   store::CopiedTable::datasets};

/// manifest.json.
std::string to_json(const TransferManifest& manifest);

/// Reads one. Throws `invalid_input` naming `name` for what is none, and for rows of unfinished work or without id.
TransferManifest parse_transfer_manifest(std::string_view json, const std::string& name);

/// A row as another home may have it: where its file lies and, in its configuration, sensitive values, request headers
/// and the hosts that keys may go to are left out.
store::CopiedRow portable(store::CopiedRow row);

/// The file that a row names; its key is empty where it names none.
TransferFile file_of(store::CopiedTable table, const store::CopiedRow& row);

}  // namespace lumi::services
