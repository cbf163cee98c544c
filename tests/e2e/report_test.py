"""The html report in a real browser: opened, sorted, searched, filtered, a sample opened; and how fast 50,000 rows are."""

import re
import shutil
import subprocess
import unittest

import support
from support import LONG, LumiTest, csv_text

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")

# What a person would do, in order; each step notes what the page then shows.
STEPS = """
const seen = [];
const rows = () => [...document.querySelectorAll("#samples tbody tr.row")].map((row) => row.cells[0].textContent);
const note = (what) => seen.push(what + "=" + rows().slice(0, 3).join(",") + "/" + document.getElementById("count").textContent);
const sort = (title) => [...document.querySelectorAll("#samples th button")].find((one) => one.textContent === title).click();
const enter = (id, kind, value) => { const field = document.getElementById(id); field.value = value; field.dispatchEvent(new Event(kind)); };
note("opened");
sort("rouge1"); note("ascending");
sort("rouge1"); note("descending");
document.getElementById("after").click(); note("next");
enter("search", "input", "text 7"); note("search");
document.querySelector("#samples tbody tr.row").click();
seen.push("detail=" + document.querySelector("#samples tr.detail td").innerHTML.includes("<ins>"));
enter("search", "input", ""); enter("status", "change", "empty"); note("status");
document.body.dataset.seen = seen.join(";");
"""


@unittest.skipUnless(BROWSER, "no browser is installed")
@unittest.skipIf(support.SANITIZED, "what is tested is the page")
class HtmlReport(LumiTest):
    def report(self, count: int) -> str:
        rows = [["predictions", "ground_truth"]]
        for i in range(1, count + 1):
            words = [f"word{k}" if k < i % 20 else "other" for k in range(20)]
            rows.append(["" if i == 5 else f"text {i} " + " ".join(words), f"text {i} " + " ".join(f"word{k}" for k in range(20))])
        job = self.lumi.json("evaluate", self.write("p.csv", csv_text(rows)), "--metric", "rouge")["job_id"]
        self.page = self.folder / "report.html"
        self.lumi.run("report", job, "-o", self.page)
        return self.page.read_text()

    def dom(self, page) -> str:
        command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom", f"file://{page}"]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout

    def test_it_can_be_worked_with(self):
        text = self.report(120)
        nonce = re.search(r"script-src 'nonce-([0-9a-f]+)'", text)[1]
        driven = self.folder / "driven.html"
        driven.write_text(text.replace("</body>", f'<script nonce="{nonce}">{STEPS}</script></body>'))
        seen = dict(step.split("=", 1) for step in re.search(r'data-seen="([^"]*)"', self.dom(driven))[1].split(";"))
        self.assertEqual(seen["opened"], "1,2,3/1–50 of 120")
        self.assertEqual(seen["ascending"].split("/")[0], "5,20,40")
        self.assertEqual(seen["descending"].split("/")[0], "19,39,59")
        self.assertEqual(seen["next"].split("/")[1], "51–100 of 120")
        self.assertEqual(seen["search"].split("/")[1], "1–11 of 11")
        self.assertEqual(seen["detail"], "true")
        self.assertEqual(seen["status"], "5/1–1 of 1")

    def test_scripts_of_others_do_not_run(self):
        text = self.report(3)
        driven = self.folder / "driven.html"
        driven.write_text(text.replace("</body>", '<script>document.body.dataset.seen = "ran"</script></body>'))
        self.assertNotIn('data-seen="ran"', self.dom(driven))

    def test_many_rows(self):
        count = 50_000 if LONG else 5_000
        text = self.report(count)
        data = (self.folder / "p.csv").stat().st_size
        self.assertLess(len(text), 1.5 * data)
        self.assertIn(f"of {count}", self.dom(self.page))


if __name__ == "__main__":
    support.main()
