#pragma once
#include <filesystem>
#include <string>

namespace lumi::store {

/// Whether `folder` is on a file system that other hosts may use at the same time (NFS, SMB, FUSE, 9p, Lustre, ...).
bool is_network_folder(const std::filesystem::path& folder);

/// The name of the file system's type ("ext4", "nfs", ...), or its number in hex.
std::string file_system_name(const std::filesystem::path& folder);

}  // namespace lumi::store
