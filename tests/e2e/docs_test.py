"""The commands in the documents exist; completion works in real shells. (Manual pages: tests/docs.)"""

import json
import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import time
import unittest
from pathlib import Path

import support
from support import SOURCE, LumiTest

FENCE = re.compile(r"^```(?:sh|bash|console|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Scripts(LumiTest):
    def test_the_scripts_are_the_ones_in_the_tree(self):
        for shell, name in (("bash", "lumi.bash"), ("zsh", "_lumi"), ("fish", "lumi.fish")):
            self.assertEqual(self.lumi.run("completion", shell).text, (SOURCE / "completions" / name).read_text())


class Documents(LumiTest):
    def setUp(self):
        super().setUp()
        tree = json.loads(self.lumi.run("__dump-cli").text)
        flags = lambda options: {
            name for option in options for name in option["names"] + option["hidden_names"]
        }  # noqa: E731
        everywhere = flags(tree["global"]["options"])
        self.commands = {command["path"]: flags(command["options"]) | everywhere for command in tree["commands"]}
        self.groups = {path.rsplit(" ", 1)[0] for path in self.commands if " " in path}

    def check(self, words: list, where: str):
        """A command line names a command that exists, and only flags that it has."""
        plain = []
        for word in words[1:]:
            if word.startswith("-"):
                break
            plain.append(word)
        path = next((" ".join(plain[:n]) for n in (3, 2, 1) if " ".join(plain[:n]) in self.commands), None)
        if path is None:
            whole_program = not plain or " ".join(plain[:2]) in self.groups or plain[0] in self.groups
            self.assertTrue(whole_program, f"{where}: no such command: {shlex.join(words)}")
            return
        for word in words:
            if word.startswith("--") and len(word) > 2:
                self.assertIn(word.split("=")[0], self.commands[path], f"{where}: {shlex.join(words)}")

    def lines_of(self, text: str):
        for block in FENCE.findall(text):
            for line in block.replace("\\\n", " ").splitlines():
                for part in re.split(r"\||&&|;|\$\(", line.removeprefix("$ ").split(" #")[0]):
                    if re.match(r"\s*lumi\s", part):
                        yield part.strip().rstrip(")")

    def test_the_commands_of_the_documents_exist(self):
        count = 0
        for file in (*SOURCE.glob("*.md"), *SOURCE.glob("docs/**/*.md")):
            for line in self.lines_of(file.read_text()):
                self.check(shlex.split(re.sub(r"\[[^]]*\]", "", line)), str(file.relative_to(SOURCE)))
                count += 1
        self.assertGreater(count, 0)

    def test_every_command_has_help_and_examples(self):
        for path in self.commands:
            if path.startswith("__"):
                continue
            with self.subTest(path):
                text = self.lumi.run(*path.split(), "--help").text
                self.assertIn(f"lumi {path}", text)
                self.assertEqual(self.lumi.run("help", *path.split()).text, text)


def typed_into(shell: list, lines: list, env: dict) -> str:
    """What an interactive shell shows when each line is typed and given some time."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(shell, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True)
    os.close(theirs)
    seen = ""
    for line in [*lines, "\x15exit\n"]:
        os.write(ours, line.encode())
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 1.0:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    seen += os.read(ours, 4096).decode(errors="replace")
                except OSError:
                    break
                quiet_since = time.monotonic()
    process.wait(support.TIMEOUT)
    os.close(ours)
    return seen


class Completion(LumiTest):
    def setUp(self):
        super().setUp()
        self.bin = self.lumi.folder / "bin"
        self.bin.mkdir()
        (self.bin / "lumi").symlink_to(Path(support.BINARY).resolve())
        self.env = self.lumi.env | {"PATH": f"{self.bin}:{os.environ['PATH']}", "TERM": "dumb", "PS1": "$ "}
        self.id = self.lumi.create(self.write_csv("a.csv", [["examples"], ["x"]]))["id"]
        self.write_csv("predictions one.csv", [["examples"], ["x"]])

    def bash(self, line: str) -> list:
        """What bash would complete the line to, by calling the function as readline does."""
        script = (
            "source <(lumi completion bash); compopt() { :; }; COMP_LINE=$1; COMP_POINT=${#1}; _lumi; "
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            ["bash", "--norc", "-c", script, "bash", line],
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def fish(self, line: str) -> list:
        script = "source (lumi completion fish | psub); complete -C $argv[1]"
        done = subprocess.run(
            ["fish", "--no-config", "-c", script, line], env=self.env, cwd=self.folder, capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return [answer.split("\t")[0] for answer in done.stdout.splitlines()]

    def check(self, complete):
        self.assertIn("dataset", complete("lumi dat"))
        self.assertEqual([word.strip() for word in complete("lumi dataset prev")], ["preview"])
        self.assertIn("evaluator", [word.strip() for word in complete("lumi job create ")])
        self.assertIn("--limit", [word.strip() for word in complete("lumi dataset list --li")])
        self.assertIn("succeeded", [word.strip() for word in complete("lumi job list --status s")])
        self.assertIn(self.id, [word.strip() for word in complete(f"lumi dataset get {self.id[:5]}")])
        self.assertIn(self.id, [word.strip() for word in complete("lumi dataset get ")])
        self.assertTrue(any("predictions" in word for word in complete("lumi evaluate pre")))
        self.assertNotIn("__dump-cli", complete("lumi "))

    def test_bash(self):
        self.check(self.bash)
        self.assertTrue(any(answer.endswith("filename") for answer in self.bash("lumi dataset list --json=id,filen")))

    def test_bash_at_the_keyboard(self):
        seen = typed_into(
            ["bash", "--norc", "--noprofile", "-i"],
            ["source <(lumi completion bash)\n", "lumi datas\t", f"get {self.id[:6]}\t", "--json=filename\n"],
            self.env,
        )
        self.assertIn(f"dataset get {self.id}", seen.replace("\x07", ""))
        self.assertIn('{"filename":"a.csv"}', re.sub(r"\s", "", seen))

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish(self):
        self.check(self.fish)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    @unittest.skipUnless(
        support.LONG, "types into an interactive shell: a busy machine is too slow for it; LUMI_TEST_LONG=1"
    )
    def test_zsh_at_the_keyboard(self):
        seen = typed_into(
            ["zsh", "-f", "-i"],
            [
                "autoload -Uz compinit; compinit -u -D; source <(lumi completion zsh)\n",
                "lumi datas\t",
                f"get {self.id[:6]}\t",
                "--json=filename\n",
            ],
            self.env,
        )
        self.assertIn('{"filename":"a.csv"}', re.sub(r"\s", "", seen))

    def test_completion_is_silent_where_something_is_wrong(self):
        (self.lumi.home / "lumi.db").write_bytes(b"damaged")
        result = self.lumi.run("__complete", "3", "--", "lumi", "dataset", "get", "")
        self.assertEqual(result.err, b"")

    def test_completion_makes_no_home(self):
        other = self.new_lumi()
        other.run("__complete", "3", "--", "lumi", "dataset", "get", "")
        self.assertFalse(other.home.exists())


if __name__ == "__main__":
    support.main()
