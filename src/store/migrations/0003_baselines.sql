-- Evaluations with a name, which others are compared with. One that has a name is not deleted without --force.
CREATE TABLE baselines (
  name TEXT NOT NULL PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE RESTRICT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX baselines_by_job ON baselines (job_id);
