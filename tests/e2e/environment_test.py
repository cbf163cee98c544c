"""The program in odd surroundings: closed descriptors, locales, time zones, settings from flag, variable and file."""

import os
import subprocess
import time
from datetime import datetime, timezone

import support
from store_check import check_store
from support import LumiTest

ROWS = [["examples", "ground_truth", "predictions"], ["IĞDIR title", "a b c", "a b"]]


class Descriptors(LumiTest):
    def close_and_run(self, closed, *args) -> subprocess.CompletedProcess:
        """Runs with some of the standard descriptors closed, as a shell's `<&- >&-` does."""
        shell = 'exec "$0" "$@" ' + " ".join(f"{fd}{'<' if fd == 0 else '>'}&-" for fd in closed)
        with self.lumi.start("-c", shell, support.BINARY, *args, binary="/bin/sh") as process:
            out, err = process.communicate(timeout=support.TIMEOUT)
        return subprocess.CompletedProcess(args, process.returncode, out, err)

    def test_closed_stdin_does_not_matter(self):
        file = self.write_csv("a.csv", ROWS)
        self.assertEqual(self.close_and_run([0], "dataset", "create", file).returncode, 0)
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 1)

    def test_closed_stdout_and_stderr_never_end_up_in_a_file(self):
        # The first file that is opened would get descriptor 1 or 2, and then the messages.
        file = self.write_csv("a.csv", ROWS)
        for closed in ([1], [2], [1, 2], [0, 1, 2]):
            with self.subTest(closed=closed):
                result = self.close_and_run(closed, "evaluate", file, "--metric", "rouge")
                self.assertGreaterEqual(result.returncode, 0)
                check_store(self, self.lumi)
        self.assertEqual(file.read_text(), support.csv_text(ROWS))
        self.lumi.run("dataset", "list")

    def test_reading_a_closed_stdin_is_an_error(self):
        result = self.close_and_run([0], "dataset", "create", "-")
        self.assertGreater(result.returncode, 0)
        self.assertIn(b"lumi: error: ", result.stderr)


class Locales(LumiTest):
    def test_numbers_and_names_do_not_depend_on_the_locale(self):
        file = self.write_csv("a.csv", ROWS)
        expected = self.lumi.run("evaluate", file, "--metric", "rouge,bleu", "--no-save", "--json").out
        self.assertIn(b"0.8", expected)
        for locale in ("C", "POSIX", "tr_TR.UTF-8", "de_DE.UTF-8", "nonsense"):
            with self.subTest(locale):
                env = {"LC_ALL": locale, "LANG": locale, "LANGUAGE": locale}
                result = self.lumi.run("evaluate", file, "--metric", "rouge,bleu", "--no-save", "--json", env=env)
                self.assertEqual(result.out, expected)
                # In Turkish the capital of "i" is another letter: keywords must not go through the locale.
                self.lumi.run("dataset", "create", file, "--input-format", "csv", env=env)
                self.lumi.json("config", "list", env=env | {"LUMI_EVALUATION_THREADS": "2"})

    def test_names_in_any_bytes_are_taken(self):
        folder = os.fsencode(self.folder)
        for name in (b"caf\xe9.csv", "Æther 日本.csv".encode(), b"-dash.csv", b"new\nline.csv"):
            with self.subTest(name):
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(support.csv_text(ROWS).encode())
                result = self.lumi.run("dataset", "create", path, "--json", code=None)
                self.assertIn(result.code, (0, 11))
                result.json() if result.code == 0 else result.error()


class TimeZones(LumiTest):
    def test_times_are_utc_whatever_the_zone(self):
        file = self.write_csv("a.csv", ROWS)
        for zone in ("Pacific/Kiritimati", "Pacific/Niue", "XXX+14", "<x>-25", "nonsense", ""):
            with self.subTest(zone):
                dataset = self.lumi.json("dataset", "create", file, env={"TZ": zone})
                created = datetime.fromisoformat(dataset["created_at"].replace("Z", "+00:00"))
                self.assertLess(abs((datetime.now(timezone.utc) - created).total_seconds()), 60)
                self.assertEqual(self.lumi.json("dataset", "get", dataset["id"], env={"TZ": "UTC"}), dataset)


class Settings(LumiTest):
    def value(self, *args, **how):
        return self.lumi.json("config", "get", "color", *args, **how)

    def test_flag_beats_variable_beats_file_beats_default(self):
        self.assertEqual(self.value()["value"], "auto")
        self.lumi.run("config", "set", "color", "never")
        self.assertEqual(self.value()["value"], "never")
        self.assertIn(str(self.lumi.config), self.value()["origin"])
        env = {"LUMI_COLOR": "always"}
        self.assertEqual(self.value(env=env)["value"], "always")
        self.assertIn("LUMI_COLOR", self.value(env=env)["origin"])
        self.assertEqual(self.value("--color", "never", env=env)["value"], "never")

    def test_no_configuration_comes_from_the_current_folder(self):
        for name in ("config.yaml", "lumi.yaml", ".lumi.yaml", ".lumi/config.yaml", "lumi/config.yaml"):
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("color: never\nstorage: file:///tmp/elsewhere\n")
        self.assertEqual(self.value()["origin"], "default")

    def test_the_file_keeps_what_is_not_changed(self):
        self.lumi.config.write_text("# mine\ndataset:\n  max_size: 50MB  # small\n")
        self.lumi.run("config", "set", "color", "never")
        self.lumi.run("config", "set", "dataset.max_size", "60MB")
        text = self.lumi.config.read_text()
        self.assertIn("# mine", text)
        self.assertIn("60MB", text)
        self.assertEqual(self.value()["value"], "never")

    def test_a_wrong_file_is_refused_with_its_line(self):
        self.lumi.config.write_text("color: auto\ncolour: never\n")
        self.assert_says(self.lumi.fail("config", "list", code=11), f"{self.lumi.config}:2", "color")
        self.lumi.config.write_text("color: auto\ndataset:\n  max_size: [broken\n")
        self.assert_says(self.lumi.fail("config", "list", code=11), str(self.lumi.config))
        self.lumi.config.write_text("color: pink\n")
        self.assert_says(self.lumi.fail("config", "list", code=11), f"{self.lumi.config}:1", "pink")

    def test_a_wrong_value_is_not_written(self):
        self.lumi.fail("config", "set", "color", "pink", code=2)
        self.lumi.fail("config", "set", "colour", "never", code=2)
        self.assertFalse(self.lumi.config.exists())

    def test_xdg_folders_are_used_without_variables_of_our_own(self):
        self.lumi.env |= {"XDG_DATA_HOME": str(self.folder / "data"), "XDG_CONFIG_HOME": str(self.folder / "etc")}
        del self.lumi.env["LUMI_HOME"], self.lumi.env["LUMI_CONFIG"]
        self.lumi.create(self.write_csv("a.csv", ROWS))
        self.lumi.run("config", "set", "color", "never")
        self.assertTrue((self.folder / "data/lumi/lumi.db").exists())
        self.assertTrue((self.folder / "etc/lumi/config.yaml").exists())
        del self.lumi.env["XDG_DATA_HOME"], self.lumi.env["XDG_CONFIG_HOME"]
        self.lumi.create(self.write_csv("a.csv", ROWS))
        self.assertTrue((self.lumi.folder / "user/.local/share/lumi/lumi.db").exists())

    def test_home_is_private(self):
        self.lumi.create(self.write_csv("a.csv", ROWS))
        for path in (self.lumi.home, *self.lumi.home.rglob("*")):
            self.assertEqual(path.stat().st_mode & 0o777, 0o700 if path.is_dir() else 0o600, path)

    def test_home_and_storage_can_be_elsewhere(self):
        home, objects = self.folder / "other", self.folder / "objects"
        args = ("--home", home, "--storage", f"file://{objects}")
        dataset = self.lumi.create(self.write_csv("a.csv", ROWS), *args)
        self.assertFalse(self.lumi.home.exists())
        self.assertEqual(len(list(objects.rglob("dataset.csv"))), 1)
        # Each row remembers where its object is.
        text = self.lumi.run("dataset", "download", dataset["id"], "-o", "-", "--home", home).text
        self.assertEqual(text, support.csv_text(ROWS))


class Progress(LumiTest):
    def test_nothing_moves_off_a_terminal(self):
        rows = [ROWS[0]] + [["x " * 50, "a b c " * 40, "a c b " * 40]] * 20000
        file = self.write_csv("big.csv", rows)
        started = time.monotonic()
        result = self.lumi.run("evaluate", file, "--metric", "rouge", "--no-save", "--threads", "1")
        self.assertNotIn(b"\r", result.err)
        self.assertNotIn(b"\x1b", result.err)
        if time.monotonic() - started > 1:
            self.assertNotEqual(result.err, b"", "long work shows a sign of life")
        silent = self.lumi.run("evaluate", file, "--metric", "rouge", "--no-save", "--no-progress")
        self.assertEqual(silent.err, b"")


if __name__ == "__main__":
    support.main()
