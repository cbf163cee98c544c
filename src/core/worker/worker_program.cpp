#include "core/worker/worker_program.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

namespace lumi::worker {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 21> k_names = {"PATH",
                                                      "HOME",
                                                      "USER",
                                                      "LOGNAME",
                                                      "LANG",
                                                      "TZ",
                                                      "TMPDIR",
                                                      "XDG_CACHE_HOME",
                                                      "VIRTUAL_ENV",
                                                      "PYTHONPATH",
                                                      "PYTHONHOME",
                                                      "LD_LIBRARY_PATH",
                                                      "HTTP_PROXY",
                                                      "HTTPS_PROXY",
                                                      "ALL_PROXY",
                                                      "NO_PROXY",
                                                      "SSL_CERT_FILE",
                                                      "SSL_CERT_DIR",
                                                      "CURL_CA_BUNDLE",
                                                      "REQUESTS_CA_BUNDLE",
                                                      "PYTORCH_ENABLE_MPS_FALLBACK"};
constexpr std::array<std::string_view, 12> k_starts = {"LC_",
                                                       "HF_",
                                                       "TRANSFORMERS_",
                                                       "TOKENIZERS_",
                                                       "TORCH_",
                                                       "CUDA_",
                                                       "NVIDIA_",
                                                       "HIP_",
                                                       "ROCR_",
                                                       "OMP_",
                                                       "MKL_",
                                                       "OPENBLAS_"};
constexpr std::string_view k_token = "HF_TOKEN";

std::string to_upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
    return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  });
  return upper;
}

bool is_handed_on(std::string_view name) {
  if (name.ends_with("TOKEN")) {
    return false;
  }
  // Proxies are also written in lower case.
  return std::find(k_names.begin(), k_names.end(), name.ends_with("_proxy") ? to_upper(name) : name) != k_names.end() ||
         std::any_of(k_starts.begin(), k_starts.end(), [&](auto start) { return name.starts_with(start); });
}

std::vector<std::string> worker_environment(const std::string& token) {
  std::vector<std::string> handed_on;
  for (auto& entry : environment_entries()) {
    if (is_handed_on(std::string_view(entry).substr(0, entry.find('=')))) {
      handed_on.push_back(std::move(entry));
    }
  }
  handed_on.emplace_back("PYTHONUNBUFFERED=1");
  handed_on.emplace_back("PYTHONIOENCODING=utf-8");
  if (!token.empty()) {
    handed_on.push_back(std::string(k_token) + "=" + token);
  }
  return handed_on;
}

// PREFIX/share/lumi/workers/NAME/worker.py of the program PREFIX/bin/lumi.
fs::path installed_worker(std::string_view name) {
  std::error_code unknown;
  const auto program = fs::read_symlink("/proc/self/exe", unknown);
  return program.parent_path().parent_path() / "share" / "lumi" / "workers" / name / "worker.py";
}

}  // namespace

ProgramStart find_worker(std::string_view name, const config::Settings& settings, const std::string& token) {
  ProgramStart start;
  start.environment = worker_environment(token);
  const auto key = "workers." + std::string(name) + ".command";
  if (const auto command = settings.get(key).value; !command.empty()) {
    start.arguments = {"/bin/sh", "-c", "exec " + command};
    return start;
  }
  const auto script = installed_worker(name);
  std::error_code absent;
  if (!fs::exists(script, absent)) {
    throw Error(ErrorCode::usage,
                "provider " + quote(name) + " needs a worker, and there is none at " + quote(script.string()),
                "set " + key +
                    ", or serve the model (llama.cpp, vLLM, Ollama) and give --provider hosted_vllm "
                    "--base-url URL");
  }
  start.arguments = {"python3", script.string()};
  return start;
}

}  // namespace lumi::worker
