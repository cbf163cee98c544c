#!/usr/bin/env bash
# Writes the files of a new command and says what is left to do: scripts/new_command.sh dataset rename
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# = 0 ] || [[ ! "$*" =~ ^[a-z]+(-[a-z]+)*( [a-z]+(-[a-z]+)*)*$ ]]; then
  sed -n '2s/^# //p' "$0" >&2
  exit 2
fi
path="$*"
stem=${path//[ -]/_}
type=$(sed -E 's/(^|_)(.)/\U\2/g' <<<"$stem")
source=src/cli/commands/$stem.cpp
test=tests/cli/${stem}_test.cpp
for file in "$source" "$test"; do
  if [ -e "$file" ]; then
    echo "new_command: $file exists" >&2
    exit 1
  fi
done

cat >"$source" <<TEXT
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"

namespace lumi::cli {

namespace {

struct ${type}Options {};

void bind(OptionSet& /*set*/, ${type}Options& /*options*/) {}

ExitCode run(const ${type}Options& /*options*/, Context& /*context*/) {
  throw Error(ErrorCode::failure, "\"lumi $path\" does nothing yet");
}

}  // namespace

Command ${stem}_command() {
  return command<${type}Options>({.path = "$path", .summary = ""}, bind, run);
}

}  // namespace lumi::cli
TEXT

cat >"$test" <<TEXT
#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("$path: ") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"${path// /\", \"}"}).exit == 0);
}
TEXT

# Adds a line to a list in a CMakeLists.txt, in alphabetical order.
add_source() { # add_source FILE NAME
  python3 - "$1" "$2" <<'PYTHON'
import re, sys
path, name = sys.argv[1:]
text = open(path, encoding="utf-8").read()
sources = re.search(r"((?:\n  \w+\.cpp)+)\)", text)[1]
names = sorted({*sources.split(), name})
open(path, "w", encoding="utf-8").write(text.replace(sources, "".join(f"\n  {n}" for n in names), 1))
PYTHON
}
add_source src/cli/commands/CMakeLists.txt "$stem.cpp"
add_source tests/cli/CMakeLists.txt "${stem}_test.cpp"

cat <<TEXT
$source
$test
are made, and listed in their CMakeLists.txt. Left to do:
- src/cli/commands/commands.hpp: Command ${stem}_command();
- src/cli/registry.cpp: {"$path", "what it does", ${stem}_command},
- docs/command-guidelines.md, point by point
TEXT
