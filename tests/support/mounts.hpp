#pragma once
#include <filesystem>
#include <string>

#include <sys/mount.h>

namespace lumi::test {

/// A small file system in memory on a folder, unmounted when it goes. Mounting needs root: look at `is_mounted`.
class SmallDisk {
public:
  SmallDisk(std::filesystem::path folder, const std::string& size) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    is_mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) {
      ::umount2(folder_.c_str(), MNT_DETACH);
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  bool resize(const std::string& size) const {
    return ::mount("", folder_.c_str(), "", MS_REMOUNT, ("size=" + size).c_str()) == 0;
  }
  bool make_read_only() const { return ::mount("", folder_.c_str(), "", MS_REMOUNT | MS_RDONLY, nullptr) == 0; }

private:
  std::filesystem::path folder_;
  bool is_mounted_ = false;
};

}  // namespace lumi::test
