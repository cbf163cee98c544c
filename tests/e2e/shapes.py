"""What answers look like: field names in their order, forms of ids and times; texts that are easily spoilt."""

import re

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
ABSENT_ID = "00000000-0000-4000-8000-000000000000"
DATASET_FIELDS = [
    "id",
    "filename",
    "format",
    "size",
    "ground_truth",
    "run_id",
    "generated",
    "generated_by",
    "created_at",
]
JOB_FIELDS = [
    "id", "name", "description", "status", "job_type", "created_at", "experiment_id", "updated_at", "type", "submission_id",
    "driver_info", "config", "message", "error_type", "start_time", "end_time", "metadata", "runtime_env",
    "driver_agent_http_address", "driver_node_id", "driver_exit_code",
]  # fmt: skip
HEADER = ["examples", "ground_truth"]
# Rows of texts that a careless reader or writer of CSV would change.
TRICKY = [
    ["plain", "text"],
    ['a "quoted" word', "comma, here"],
    ["two\nlines", "carriage\rreturn"],
    ["  blanks around  ", "\ttab\t"],
    ["NA", "None"],
    ["null", "nan"],
    ["1.0", "007"],
    ["", "x"],
    ["日本 🎉", "e\u0301 \u200b \ufeff"],
    ["=1+1", "@x"],
]
METRIC_KEYS = [
    "bertscore", "meteor", "rouge", "bleu", "comet", "g_eval_summarization", "g_eval_translation",
    "g_eval_translation_noref", "token_length",
]  # fmt: skip
# Names of files of which a careless writer of URLs or XML makes others.
NASTY_NAMES = [
    "a b.csv",
    "plus+sign.csv",
    "equal=amp&question?.csv",
    "per%20cent%.csv",
    "quotes'\".csv",
    "brackets(1)[2]{3}!*~;,:@$.csv",
    "ümläut-日本-🦊.csv",
    "#hash.csv",
    "-dash.csv",
    "back\\slash.csv",
    " blanks .csv",
    "new\nline.csv",
    "tab\there.csv",
]
