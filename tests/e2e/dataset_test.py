"""Datasets: in by every format, unchanged, found by id and prefix, deleted with their objects."""

import json
import os
import threading

import support
from shapes import ABSENT_ID, HEADER, TRICKY
from store_check import check_nothing_lost, database, digest
from support import DATA, LumiTest, csv_text, object_files, read_csv


class Create(LumiTest):
    def content(self, dataset: dict) -> str:
        return self.lumi.run("dataset", "download", dataset["id"], "-o", "-").text

    def test_texts_come_back_unchanged(self):
        file = self.write_csv("a.csv", [HEADER, *TRICKY])
        dataset = self.lumi.create(file)
        self.assertEqual(read_csv(self.content(dataset)), [HEADER, *TRICKY])
        key = f"datasets/{dataset['id']}/a.csv/dataset.csv"
        self.assertEqual(object_files(self.lumi), {key})
        self.assertEqual((self.lumi.home / "objects" / key).read_bytes().decode(), self.content(dataset))
        with database(self.lumi) as db:
            row = db.execute("SELECT size_bytes, sha256, rows FROM datasets").fetchone()
        self.assertEqual(row, (len(file.read_bytes()), digest(file.read_bytes()), len(TRICKY)))

    def test_csv_is_rewritten_in_one_form(self):
        stored = 'examples,ground_truth\na,b\n"c,d","e\nf"\n'
        for name, text in (
            ("crlf", 'examples,ground_truth\r\na,b\r\n"c,d","e\nf"\r\n'),
            ("cr", 'examples,ground_truth\ra,b\r"c,d","e\nf"\r'),
            ("bom", "\ufeff" + stored),
            ("quotes", '"examples","ground_truth"\n"a","b"\n"c,d","e\nf"\n'),
            ("no-end", stored[:-1]),
            ("blank-lines", 'examples,ground_truth\n\na,b\n\n"c,d","e\nf"\n\n'),
        ):
            with self.subTest(name):
                file = self.write(f"{name}.csv", text.encode())
                dataset = self.lumi.create(file)
                self.assertEqual(self.content(dataset), stored)
                self.assertEqual(dataset["size"], file.stat().st_size)

    def test_every_format_gives_the_same_rows(self):
        objects = [dict(zip(HEADER, row)) for row in TRICKY]
        lines = "".join(json.dumps(row) + "\n" for row in objects)
        flat = [[cell.replace("\t", " ").replace("\n", " ").replace("\r", " ") for cell in row] for row in TRICKY]
        for name, content, rows in (
            ("a.jsonl", lines, TRICKY),
            ("a.ndjson", lines, TRICKY),
            ("a.json", json.dumps(objects, ensure_ascii=False, indent=1), TRICKY),
            ("a.tsv", "".join("\t".join(row) + "\n" for row in [HEADER, *flat]).replace('"', ""), None),
        ):
            with self.subTest(name):
                stored = read_csv(self.content(self.lumi.create(self.write(name, content))))
                expected = rows or [[cell.replace('"', "") for cell in row] for row in flat]
                self.assertEqual(stored, [HEADER, *expected])

    def test_the_format_can_be_said(self):
        lines = json.dumps({"examples": "a", "ground_truth": "b"}) + "\n"
        for args in (("--input-format", "jsonl"), ("--input-format=jsonl",)):
            self.assertEqual(
                self.content(self.lumi.create(self.write("a.txt", lines), *args)), "examples,ground_truth\na,b\n"
            )
        tsv = self.write("b.csv", "examples\tground_truth\na, b\tc\n")
        self.assertEqual(
            self.content(self.lumi.create(tsv, "--input-format", "tsv")), 'examples,ground_truth\n"a, b",c\n'
        )

    def test_stdin_is_named_stdin_csv(self):
        dataset = self.lumi.create("-", data=csv_text([HEADER, ["a", "b"]]))
        self.assertEqual(dataset["filename"], "stdin.csv")
        lines = json.dumps({"examples": "a"}) + "\n"
        named = self.lumi.create("-", "--input-format", "jsonl", "--filename", "mine.jsonl", data=lines)
        self.assertEqual(named["filename"], "mine.jsonl")
        self.assertEqual(self.content(named), "examples\na\n")

    def test_a_fifo_is_read_once(self):
        rows = [HEADER, *([f"row {i}", "x" * 1000] for i in range(500))]
        fifo = self.folder / "pipe.csv"
        os.mkfifo(fifo)
        writer = threading.Thread(target=fifo.write_text, args=(csv_text(rows),))
        writer.start()
        dataset = self.lumi.create(fifo)
        writer.join()
        self.assertEqual(dataset["size"], len(csv_text(rows)))
        self.assertEqual(read_csv(self.content(dataset)), rows)

    def test_columns_are_renamed_by_map(self):
        file = self.write_csv("a.csv", [["article", "summary", "note"], ["a", "b", "c"]])
        self.lumi.fail("dataset", "create", file, code=11)
        for args in (
            ("--map", "examples=article,ground_truth=summary"),
            ("--map", "examples=article", "--map", "ground_truth=summary"),
        ):
            dataset = self.lumi.create(file, *args)
            self.assertTrue(dataset["ground_truth"])
            self.assertEqual(read_csv(self.content(dataset)), [["examples", "ground_truth", "note"], ["a", "b", "c"]])
        self.assert_says(
            self.lumi.fail("dataset", "create", file, "--map", "examples=artcle", code=11), "artcle", "article"
        )
        self.lumi.fail("dataset", "create", file, "--map", "examples", code=2)

    def test_reuse_gives_the_dataset_of_the_same_content_and_name(self):
        file = self.write_csv("a.csv", [HEADER, ["a", "b"]])
        first = self.lumi.create(file)
        self.assertEqual(self.lumi.create(file, "--reuse"), first)
        self.assertNotEqual(self.lumi.create(file)["id"], first["id"])
        self.assertNotEqual(self.lumi.create(file, "--reuse", "--filename", "b.csv")["filename"], "a.csv")
        self.write_csv("a.csv", [HEADER, ["a", "c"]])
        self.assertNotIn(self.lumi.create(file, "--reuse")["id"], (first["id"],))
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 4)

    def test_what_it_was_made_by_is_kept(self):
        file = self.write_csv("a.csv", [HEADER, ["a", "b"]])
        dataset = self.lumi.create(file, "--generated", "--generated-by", "a-model", "--run-id", ABSENT_ID)
        told = {key: dataset[key] for key in ("generated", "generated_by", "run_id")}
        self.assertEqual(told, {"generated": True, "generated_by": "a-model", "run_id": ABSENT_ID})

    def test_the_samples_of_lumigator(self):
        ground_truth = {
            "summarization/dialogsum_exc.csv": True,
            "summarization/dialogsum_mini_all_gt_is_whitespace.csv": False,
            "summarization/dialogsum_mini_empty_gt.csv": False,
            "summarization/dialogsum_mini_no_gt.csv": False,
            "summarization/dialogsum_mini_some_missing_some_whitespace_gt.csv": False,
            "summarization/mock_long_sequences_no_gt.csv": False,
            "summarization/predictions_gibberish.csv": True,
            "translation/sample_translation_en_de.csv": True,
            "translation/sample_translation_en_es.csv": True,
        }
        for name, complete in ground_truth.items():
            with self.subTest(name):
                file = DATA / "lumigator" / name
                dataset = self.lumi.create(file)
                self.assertEqual(dataset["ground_truth"], complete)
                self.assertEqual(dataset["size"], file.stat().st_size)
                rows = read_csv(file.read_bytes().decode())
                width = len(rows[0])
                expected = [(row + [""] * width)[:width] for row in rows if row]
                self.assertEqual(read_csv(self.content(dataset)), expected)


class Find(LumiTest):
    def setUp(self):
        super().setUp()
        self.dataset = self.lumi.create(self.write_csv("a.csv", [HEADER, ["a", "b"]]))
        self.id = self.dataset["id"]

    def test_full_ids_and_prefixes(self):
        for text in (
            self.id,
            self.id.upper(),
            self.id.replace("-", ""),
            self.id[:4],
            self.id[:8],
            self.id[:13],
            self.id[:35],
        ):
            with self.subTest(text):
                self.assertEqual(self.lumi.json("dataset", "get", text), self.dataset)

    def test_short_and_unknown_ids(self):
        self.assert_says(self.lumi.fail("dataset", "get", self.id[:3], code=2), "4")
        for text in (ABSENT_ID, "ffff" if self.id[:4] != "ffff" else "eeee", "no-such-id", "a.csv.gone"):
            with self.subTest(text):
                self.assertEqual(self.lumi.fail("dataset", "get", text, code=5)["code"], "not_found")

    def test_an_ambiguous_prefix_names_the_candidates(self):
        twin = self.id[:6] + "".join("0" if c != "-" else "-" for c in self.id[6:])
        with database(self.lumi) as db, db:
            columns = [row[1] for row in db.execute("PRAGMA table_info(datasets)")]
            others = ", ".join(columns).replace("id,", f"'{twin}',", 1).replace("object_key", "object_key || 'x'")
            db.execute(f"INSERT INTO datasets ({', '.join(columns)}) SELECT {others} FROM datasets")
        for command in ("get", "download", "preview"):
            self.assert_says(self.lumi.fail("dataset", command, self.id[:6], code=2), self.id, twin)
        self.assertEqual(self.lumi.json("dataset", "get", self.id), self.dataset)
        self.lumi.fail("dataset", "delete", self.id[:5], "--yes", code=2)
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 2)


class Delete(LumiTest):
    def setUp(self):
        super().setUp()
        self.ids = [self.lumi.create(self.write_csv(f"{i}.csv", [HEADER, ["a", "b"]]))["id"] for i in range(3)]

    def test_rows_and_objects_go(self):
        deleted = self.lumi.json("dataset", "delete", *self.ids[:2], "--yes")
        self.assertEqual(deleted, {"deleted": self.ids[:2]})
        self.assertEqual([item["id"] for item in self.lumi.json("dataset", "list")["items"]], self.ids[2:])
        self.assertEqual(len(object_files(self.lumi)), 1)
        check_nothing_lost(self, self.lumi)

    def test_every_id_is_tried_and_each_failure_told(self):
        result = self.lumi.run("dataset", "delete", ABSENT_ID, self.ids[0], "no-such", "--yes", code=5)
        self.assertIn(ABSENT_ID, result.errors)
        self.assertIn("no-such", result.errors)
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 2)

    def test_absent_ids_can_be_ignored(self):
        answer = self.lumi.json("dataset", "delete", ABSENT_ID, self.ids[0], "--yes", "--ignore-not-found")
        self.assertEqual(answer, {"deleted": [self.ids[0]]})

    def test_a_dry_run_deletes_nothing_and_needs_no_yes(self):
        result = self.lumi.run("dataset", "delete", self.ids[0], "--dry-run")
        self.assertIn(self.ids[0], result.text + result.errors)
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 3)

    def test_an_object_that_is_gone_already_is_no_error(self):
        for path in self.lumi.home.rglob("dataset.csv"):
            path.unlink()
        self.lumi.json("dataset", "delete", *self.ids, "--yes")
        self.assertEqual(self.lumi.json("dataset", "list")["total"], 0)

    def test_a_dataset_that_finished_jobs_used_may_go(self):
        file = self.write_csv("p.csv", [["predictions", "ground_truth"], ["a", "b"]])
        job = self.lumi.json("job", "create", "evaluator", "--dataset", file, "--metric", "rouge")
        self.lumi.json("dataset", "delete", job["config"]["dataset"]["id"], "--yes")
        self.assertEqual(self.lumi.json("job", "get", job["id"])["status"], "succeeded")
        self.assertEqual(self.lumi.json("job", "result", job["id"])["n"], 1)


class Look(LumiTest):
    def test_preview_shows_the_first_rows(self):
        rows = [["examples", "note"], *([f"text {i}", str(i)] for i in range(20))]
        id = self.lumi.create(self.write_csv("a.csv", rows))["id"]
        self.assertEqual(self.lumi.run("dataset", "preview", id).rows(), rows[1:6])
        self.assertEqual(self.lumi.run("dataset", "preview", id, "-n", "2").rows(), rows[1:3])
        self.assertEqual(self.lumi.run("dataset", "preview", id, "-n", "2", "--header").rows(), rows[:3])
        self.assertEqual(self.lumi.run("dataset", "preview", id, "-n", "50").rows(), rows[1:])
        shown = self.lumi.json("dataset", "preview", id, "-n", "1")
        self.assertEqual(shown, {"total": 20, "items": [{"examples": "text 0", "note": "0"}]})

    def test_stats_count_what_is_there(self):
        rows = [HEADER, ["a b", "x"], ["a b", "x"], ["ccc", " "], ["dddd", "y"]]
        id = self.lumi.create(self.write_csv("a.csv", rows))["id"]
        stats = self.lumi.json("dataset", "stats", id)
        text = json.dumps(stats)
        self.assertEqual(stats["rows"], 4)
        self.assertIn('"examples"', text)
        self.assertIn('"ground_truth"', text)
        blanks = {column["name"]: column["blank"] for column in stats["columns"]}
        self.assertEqual(blanks, {"examples": 0, "ground_truth": 1})
        self.assertEqual(stats["duplicate_rows"], 1)

    def test_validate_stores_nothing(self):
        good = self.write_csv("good.csv", [HEADER, *TRICKY])
        self.lumi.run("dataset", "validate", good)
        self.assertFalse(self.lumi.home.exists())


if __name__ == "__main__":
    support.main()
