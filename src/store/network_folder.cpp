#include "store/network_folder.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

#include <sys/vfs.h>

namespace lumi::store {

namespace {

struct FileSystemType {
  std::uint32_t magic;
  const char* name;
  bool shared;
};

// statfs(2)
constexpr std::array<FileSystemType, 18> k_types{{
    {0xEF53, "ext4", false},
    {0x58465342, "xfs", false},
    {0x9123683E, "btrfs", false},
    {0x2FC12FC1, "zfs", false},
    {0x01021994, "tmpfs", false},
    {0x794C7630, "overlayfs", false},
    {0xF2F52010, "f2fs", false},
    {0xCA451A4E, "bcachefs", false},
    {0x4D44, "vfat", false},
    {0x2011BAB0, "exfat", false},
    {0x6969, "nfs", true},
    {0x517B, "smb", true},
    {0xFF534D42, "cifs", true},
    {0xFE534D42, "smb2", true},
    {0x01021997, "9p", true},
    {0x65735546, "fuse", true},
    {0x0BD00BD0, "lustre", true},
    {0x786F4256, "vboxsf", true},
}};

std::uint32_t type_of(const std::filesystem::path& folder) {
  struct statfs info {};
  return ::statfs(folder.c_str(), &info) == 0 ? static_cast<std::uint32_t>(info.f_type) : 0;
}

}  // namespace

bool is_network_folder(const std::filesystem::path& folder) {
  const auto magic = type_of(folder);
  for (const auto& type : k_types) {
    if (type.magic == magic) {
      return type.shared;
    }
  }
  return false;
}

std::string file_system_name(const std::filesystem::path& folder) {
  const auto magic = type_of(folder);
  for (const auto& type : k_types) {
    if (type.magic == magic) {
      return type.name;
    }
  }
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%x", static_cast<unsigned>(magic));
  return text.data();
}

}  // namespace lumi::store
