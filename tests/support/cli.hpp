#pragma once
#include "cli/io/streams.hpp"
#include "cli/run.hpp"
#include "support/temp_dir.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace lumi::test {

/// What a command line gave back.
struct CliResult {
  int exit = 0;
  std::string out;
  std::string err;
};

/// A home, a configuration and a cache of its own for one test, and the command line in this process.
class CliFixture {
public:
  CliFixture() {
    for (const char* name : {"LUMI_STORAGE", "LUMI_DATASET_MAX_SIZE", "LUMI_LOG", "DEPLOYMENT_TYPE", "NO_COLOR"}) {
      unsetenv(name);
    }
    setenv("LUMI_HOME", (folder / "home").c_str(), 1);
    setenv("LUMI_CONFIG", (folder / "config.yaml").c_str(), 1);
    setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
    setenv("LUMI_PAGER", "cat", 1);
    setenv("TERM", "xterm", 1);
  }

  /// Runs `lumi ARGS...` with output that is no terminal.
  CliResult lumi(const std::vector<std::string>& args, const std::string& input = {}) const {
    return run(args, cli::Terminal::no, input);
  }

  /// The same at a terminal of 80 columns, on which `input` is typed.
  CliResult lumi_at_terminal(const std::vector<std::string>& args, const std::string& input = {}) const {
    return run(args, cli::Terminal::yes, input);
  }

  /// Writes `text` to a file of this name in the test's folder, and returns its path.
  std::string file(const std::string& name, const std::string& text) const {
    const auto path = folder / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  /// The id of a new dataset with the rows of `csv`.
  std::string create_dataset(const std::string& csv = "examples,ground_truth\none,1\ntwo,2\n") const {
    const auto result = lumi({"dataset", "create", file("data.csv", csv)});
    return result.out.substr(0, result.out.find('\t'));
  }

  /// The id of a job that scored `csv`.
  std::string create_job(const std::string& csv = k_predictions) const {
    lumi({"evaluate", file("predictions.csv", csv), "--metric", "rouge,token_length"});
    const auto jobs = lumi({"job", "list"}).out;
    return jobs.substr(0, jobs.find('\t'));
  }

  /// Three predictions: the same words, half of them, none of them.
  static constexpr const char* k_predictions =
      "predictions,ground_truth\nthe red car,the red car\nthe red,the red car drives fast\nnothing,all of it\n";

  TempDir folder;

private:
  static CliResult run(const std::vector<std::string>& args, cli::Terminal terminal, const std::string& input) {
    const auto streams = cli::Streams::captured(terminal, 80, input);
    const int exit = cli::run(args, *streams);
    return {exit, streams->out_text(), streams->err_text()};
  }
};

}  // namespace lumi::test
