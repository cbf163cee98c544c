"""Reports for CI servers are what their schemas say, whatever the data is."""

import json
import shutil
import subprocess
import unittest

import support
from support import DATA, LumiTest

try:
    import jsonschema
except ImportError:
    jsonschema = None

HOSTILE = 'x\n::error::<b> & "q" \x1b]0;y\x07 ]]> \u2028 \ufffe \U0001f600 [a](b) {0} %0A'


class Reports(LumiTest):
    def setUp(self):
        super().setUp()
        rows = [["predictions", "ground_truth", "prediction_status"]]
        good = rows + [["the cat sat", "the cat sat", "ok"]] * 30
        bad = rows + [["a dog", "the cat sat", "ok"]] * 27 + [["", "the cat sat", status] for status in ("error", "refused", "error")]
        self.jobs = []
        for name, table in ((HOSTILE.replace("/", "") + ".csv", good), ("plain.csv", bad)):
            job = self.lumi.run("evaluate", self.write_csv(name, table), "--metric", "rouge", "--json", code=None).json()
            self.jobs.append(job["job_id"])

    def report(self, form: str) -> str:
        path = self.folder / f"report.{form}"
        self.lumi.run("report", *self.jobs, "--format", form, "--timestamps", "-o", path)
        return path.read_text()

    @unittest.skipUnless(jsonschema, "python3-jsonschema is not installed")
    def test_sarif(self):
        schema = json.loads((DATA / "report" / "sarif-schema-2.1.0.json").read_text())
        sarif = json.loads(self.report("sarif"))
        jsonschema.Draft4Validator(schema).validate(sarif)
        results = sarif["runs"][0]["results"]
        self.assertEqual([result["ruleId"] for result in results], ["missing-prediction"] * 3 + ["worse-score"] * 4)
        self.assertEqual([r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in results[:3]], [29, 30, 31])
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.Draft4Validator(schema).validate(sarif | {"version": "2.0.0"})

    @unittest.skipUnless(shutil.which("xmllint"), "libxml2-utils is not installed")
    def test_junit(self):
        self.report("junit")
        check = ["xmllint", "--noout", "--nonet", "--schema", DATA / "report" / "junit-10.xsd", self.folder / "report.junit"]
        checked = subprocess.run(check, capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_github(self):
        lines = self.report("github").split("\n")
        self.assertEqual(len(lines), 8)
        for line in lines[:-1]:
            self.assertRegex(line, r"^::(warning|error) file=[^:,]+(,line=\d+)?,title=lumi::[^\x00-\x1f]+$")


if __name__ == "__main__":
    support.main()
