#include "cli/run.hpp"

int main(int argc, char** argv) { return lumi::cli::run(argc, argv); }
