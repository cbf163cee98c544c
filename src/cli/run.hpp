#pragma once

namespace lumi::cli {

/// The whole program: finds the command that argv names, runs it, and returns the exit code (`lumi help exit-codes`).
int run(int argc, char** argv);

}  // namespace lumi::cli
