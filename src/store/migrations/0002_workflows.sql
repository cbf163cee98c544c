-- Workflows are run, stopped and resumed like jobs; secrets are kept sealed.

ALTER TABLE workflows ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1);
ALTER TABLE workflows ADD COLUMN start_time INTEGER;
ALTER TABLE workflows ADD COLUMN end_time INTEGER;
ALTER TABLE workflows ADD COLUMN exit_code INTEGER;
CREATE INDEX workflows_by_time ON workflows (created_at, id);
CREATE INDEX workflows_unfinished ON workflows (created_at) WHERE status IN ('created', 'running');

-- As with jobs: only resume takes a workflow out of its end.
CREATE TRIGGER workflows_finished_stay BEFORE UPDATE OF
  id, experiment_id, status, reason, config_json, created_at, attempt, start_time, end_time, exit_code, result_key, result_sha256,
  summary_json ON workflows
WHEN OLD.status IN ('succeeded', 'failed') AND NOT (NEW.status = 'created' AND NEW.attempt = OLD.attempt + 1)
BEGIN
  SELECT RAISE(ABORT, 'a finished workflow changes only by resume');
END;

-- Every name that an experiment ever had: that of a deleted one is not given again.
CREATE TABLE experiment_names (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO experiment_names SELECT name FROM experiments;

CREATE INDEX experiments_by_dataset ON experiments (dataset_id);
CREATE INDEX datasets_by_run ON datasets (run_id) WHERE run_id IS NOT NULL;

-- Values are sealed with a data key, and that with the key of the user: a new key of the user seals one row anew.
CREATE TABLE data_keys (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE secrets (
  name TEXT NOT NULL PRIMARY KEY,
  description TEXT NOT NULL,
  hosts_json TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER
) STRICT;
CREATE INDEX secrets_by_time ON secrets (created_at, name);
