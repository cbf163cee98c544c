#pragma once
#include "base/byte_stream.hpp"
#include "cli/exit_code.hpp"
#include "cli/io/value.hpp"
#include "cli/options.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace lumi::cli {

class Context;

/// The flags of a download of one file.
struct DownloadOptions {
  std::optional<std::string> output;
  bool force = false;
  bool url = false;
  std::string expires = "1h";
};

/// What --url answers.
struct DownloadAnswer {
  std::string id;
  std::string url;
};

/// `{"id","download_url"}`.
extern const std::array<Field<DownloadAnswer>, 2> k_download_fields;

/// Declares the flags; without -o the file gets the name `filename` in this folder.
void bind_download_options(OptionSet& set, DownloadOptions& options, const std::string& filename);

/// How one kind of file is had.
struct DownloadActions {
  std::string filename;
  std::function<std::string(std::int64_t expires_s)> url;
  std::function<void(ByteSink& sink)> copy;
};

/// Writes the file of `id` where the flags say, or prints its URL.
ExitCode
download_file(Context& context, const std::string& id, const DownloadOptions& options, const DownloadActions& actions);

}  // namespace lumi::cli
