#pragma once
#include <string>
#include <vector>

namespace lumi::cli {

class Streams;

/// The whole program: finds the command that argv names, runs it, and returns the exit code (`lumi help exit-codes`).
int run(int argc, char** argv);

/// The same for tests: `args` without the program's name, all output to `streams`.
int run(const std::vector<std::string>& args, Streams& streams);

}  // namespace lumi::cli
