"""The lints find what they are for: each test plants one violation in a small tree of its own."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import names  # noqa: E402


class LintTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("src/base/error.hpp", "#pragma once\n#include <string>\n")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def lint(self, script: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-B", str(HERE / script), str(self.root)], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def assert_found(self, script: str, path: str, text: str, expected: str) -> None:
        self.write(path, text)
        code, out = self.lint(script)
        self.assertIn(expected, out)
        self.assertEqual(code, 1, out)

    def assert_clean(self, script: str, path: str, text: str) -> None:
        self.write(path, text)
        code, out = self.lint(script)
        self.assertEqual(code, 0, out)


class LayeringTest(LintTest):
    def test_upward_include(self) -> None:
        self.assert_found("layering.py", "src/base/x.cpp", '\n#include "cli/run.hpp"\n', "src/base/x.cpp:2: base must not include cli")
        self.assert_found("layering.py", "src/net/x.cpp", '#include "store/a.hpp"\n', "src/net/x.cpp:1: net must not include store")

    def test_downward_include(self) -> None:
        self.assert_clean("layering.py", "src/cli/x.cpp", '#include "core/a.hpp"\n#include "base/error.hpp"\n#include "embedded/sql.hpp"\n')

    def test_include_without_layer(self) -> None:
        self.assert_found("layering.py", "src/core/x.cpp", '#include "x.hpp"\n', 'include "x.hpp" by its path')
        self.assert_found("layering.py", "src/core/y.cpp", '#include "../base/error.hpp"\n', "by its path")

    def test_unknown_layer(self) -> None:
        self.assert_found("layering.py", "src/util/x.cpp", "\n", "src/util is not a layer")

    def test_third_party_in_the_wrong_layer(self) -> None:
        self.assert_found("layering.py", "src/core/x.cpp", "#include <SQLiteCpp/Database.h>\n", "belongs to store/")
        self.assert_found("layering.py", "src/core/y.cpp", "#include <CLI/CLI.hpp>\n", "belongs to cli/")
        self.assert_found("layering.py", "src/store/z.cpp", "#include <curl/curl.h>\n", "belongs to net/")
        self.assert_found("layering.py", "src/base/text.cpp", "#include <spdlog/spdlog.h>\n", "belongs to base/log.")
        self.assert_found("layering.py", "src/core/a.cpp", "#include <boost/json.hpp>\n", "has no layer yet")

    def test_third_party_in_its_layer(self) -> None:
        self.assert_clean("layering.py", "src/store/x.cpp", "#include <SQLiteCpp/Database.h>\n#include <sqlite3.h>\n")
        self.assert_clean("layering.py", "src/base/log.cpp", "#include <spdlog/spdlog.h>\n#include <sys/stat.h>\n#include <vector>\n")

    def test_json_in_headers(self) -> None:
        self.assert_found("layering.py", "src/core/x.hpp", "#include <nlohmann/json.hpp>\n", "json_fwd")
        self.assert_clean("layering.py", "src/core/x.hpp", "#include <nlohmann/json_fwd.hpp>\n")

    def test_sql_outside_store(self) -> None:
        self.assert_found("layering.py", "src/core/x.cpp", 'auto q = "SELECT id FROM jobs";\n', "x.cpp:1: SQL belongs to src/store")
        self.assert_found("layering.py", "src/cli/y.cpp", '\nauto q = R"(\n  DELETE FROM jobs)";\n', "y.cpp:2: SQL belongs")

    def test_sql_where_it_belongs(self) -> None:
        self.assert_clean("layering.py", "src/store/x.cpp", 'auto q = "SELECT id FROM jobs";\n')
        self.assert_clean("layering.py", "src/cli/x.cpp", '// "SELECT 1 FROM x"\nauto q = "lumi query \'SELECT 1\'";\nauto s = "Select a model";\n')

    def test_terminal(self) -> None:
        for number, code in enumerate(("std::cout << 1;", 'printf("x");', 'std::puts("x");', "write(STDOUT_FILENO, a, 1);", "fputs(a, stderr);")):
            self.assert_found("layering.py", f"src/core/x{number}.cpp", code + "\n", f"x{number}.cpp:1:")

    def test_terminal_allowed(self) -> None:
        self.assert_clean("layering.py", "src/cli/io/streams.cpp", "write(STDOUT_FILENO, a, 1);\n")
        self.assert_clean("layering.py", "src/core/x.cpp", 'std::snprintf(a, 1, "stdout");  // printf( to stdout\n')

    def test_environment(self) -> None:
        self.assert_found("layering.py", "src/core/x.cpp", 'auto a = std::getenv("A");\n', "use base/environment.hpp")
        (self.root / "src/core/x.cpp").unlink()
        self.assert_clean("layering.py", "src/base/environment.cpp", 'auto a = std::getenv("A");\n')

    def test_iostream(self) -> None:
        self.assert_found("layering.py", "src/cli/io/x.cpp", "#include <iostream>\n", "<iostream> costs")

    def test_exit(self) -> None:
        self.assert_found("layering.py", "src/cli/x.cpp", "void f() { std::exit(1); }\n", "only main ends the process")
        self.assert_found("layering.py", "src/core/y.cpp", "void f() { exit(1); }\n", "y.cpp:1: exit(")

    def test_exit_allowed(self) -> None:
        self.assert_clean("layering.py", "src/cli/x.cpp", 'on_exit(1); scope.exit(2); auto s = "exit(1)"; /* exit(3) */\n')

    def test_digit_separators_are_no_characters(self) -> None:
        self.assert_found("layering.py", "src/core/x.cpp", "int a = 1'000; exit(1); int b = 2'000;\n", "only main ends")

    def test_empty_tree(self) -> None:
        (self.root / "src/base/error.hpp").unlink()
        self.assertEqual(self.lint("layering.py")[0], 1)


class SizeTest(LintTest):
    def test_limits(self) -> None:
        self.assert_clean("size.py", "src/base/x.cpp", "\n" * 500)
        self.assert_found("size.py", "src/base/x.cpp", "\n" * 501, "src/base/x.cpp: 501 lines, the limit is 500")

    def test_commands_are_shorter(self) -> None:
        self.assert_found("size.py", "src/cli/commands/job_get.cpp", "Command job_get_command() {\n" + "\n" * 150, "the limit is 150")
        self.assert_clean("size.py", "src/cli/commands/job_get.cpp", "\n" * 151)

    def test_tests_count_and_their_data_does_not(self) -> None:
        self.assert_clean("size.py", "tests/data/long.txt", "\n" * 9999)
        self.assert_found("size.py", "tests/unit/base/x_test.cpp", "\n" * 501, "x_test.cpp: 501")


class LinksTest(LintTest):
    def test_links(self) -> None:
        self.assert_clean("links.py", "README.md", "[a](src/base/error.hpp) [b](https://example.org) [c](#here) [d](README.md#x)\n")
        self.assert_found("links.py", "README.md", "\n[a](docs/none.md)\n", "README.md:2: docs/none.md does not exist")


class NamesTest(LintTest):
    def test_complete_command(self) -> None:
        self.write("src/cli/commands/job_get.cpp", "Command job_get_command() {}\n")
        self.write("tests/cli/job_get_test.cpp", "\n")
        self.write("man/lumi-job-get.1", "\n")
        self.assertEqual(names.problems_of(self.root, ["job get"]), [])

    def test_hidden_command(self) -> None:
        self.write("src/cli/commands/dump_cli.cpp", "Command dump_cli_command() {}\n")
        self.assertEqual(names.problems_of(self.root, ["__dump-cli"]), [])

    def test_missing_files(self) -> None:
        self.write("src/cli/commands/job_get.cpp", "\n")
        problems = "\n".join(names.problems_of(self.root, ["job get"]))
        self.assertIn("tests/cli/job_get_test.cpp is missing", problems)
        self.assertIn("man/lumi-job-get.1 is missing", problems)
        self.assertIn("has no job_get_command()", problems)

    def test_left_over_files(self) -> None:
        self.write("src/cli/commands/job_old.cpp", "Command job_old_command() {}\n")
        self.write("man/lumi-job-old.1", "\n")
        problems = names.problems_of(self.root, [])
        self.assertEqual(len([p for p in problems if "no command has this name" in p]), 2)
        self.assertIn("lumi __dump-cli names no command", problems)


if __name__ == "__main__":
    unittest.main()
