-- Schema 4, as its first release made it, with a row in every table. Never changed once released.
PRAGMA application_id = 0x4C554D49;
PRAGMA user_version = 4;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE data_keys (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO data_keys VALUES('0123456789abcdef','AQ==',1700000000000005);
CREATE TABLE datasets (
  id TEXT NOT NULL PRIMARY KEY,
  filename TEXT NOT NULL,
  format TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  ground_truth INTEGER NOT NULL CHECK (ground_truth IN (0, 1)),
  run_id TEXT,  -- the job that made it, which may be gone
  generated INTEGER NOT NULL CHECK (generated IN (0, 1)),
  generated_by TEXT,
  created_at INTEGER NOT NULL,
  rows INTEGER NOT NULL CHECK (rows >= 0),
  columns_json TEXT NOT NULL,
  storage_url TEXT NOT NULL,
  object_key TEXT NOT NULL,
  object_size_bytes INTEGER NOT NULL CHECK (object_size_bytes >= 0),
  object_sha256 TEXT NOT NULL CHECK (length(object_sha256) = 64),
  UNIQUE (object_key, storage_url)
) STRICT;
INSERT INTO datasets VALUES('0b8e3c1e-1111-4111-8111-000000000001','a.csv','job',100,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,NULL,0,NULL,1700000000000000,2,'["examples","ground_truth"]','file:','datasets/0b8e3c1e-1111-4111-8111-000000000001/a.csv/dataset.csv',90,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');
CREATE TABLE experiment_names (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO experiment_names VALUES('e');
CREATE TABLE experiments (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  dataset_id TEXT NOT NULL,  -- which may be gone: --force removes a dataset in use
  config_json TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER
) STRICT;
INSERT INTO experiments VALUES('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','e','','0b8e3c1e-1111-4111-8111-000000000001','{}',1700000000000001,NULL);
CREATE TABLE garbage (
  storage_url TEXT NOT NULL,
  object_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '', mark TEXT NOT NULL DEFAULT '', upload_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (storage_url, object_key)
) STRICT, WITHOUT ROWID;
INSERT INTO garbage VALUES('file:','datasets/x/y/dataset.csv',1700000000000004,0,'','0123','2~abc');
CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('created', 'pending', 'running', 'succeeded', 'failed', 'stopped')),
  runner TEXT NOT NULL DEFAULT 'local',
  experiment_id TEXT REFERENCES experiments (id) ON DELETE RESTRICT,
  workflow_id TEXT REFERENCES workflows (id) ON DELETE RESTRICT,
  dataset_id TEXT,  -- which may be gone: a dataset may be removed once its jobs are finished
  config_json TEXT NOT NULL,
  message TEXT NOT NULL,
  error_type TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER,
  start_time INTEGER,
  end_time INTEGER,
  driver_exit_code INTEGER,
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  storage_url TEXT,
  result_key TEXT,
  result_sha256 TEXT,
  summary_json TEXT
) STRICT;
INSERT INTO jobs VALUES('0b8e3c1e-1111-4111-8111-000000000002','j','','evaluator','failed','local','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','ffffffffffffffffffffffffffffffff','0b8e3c1e-1111-4111-8111-000000000001','{}','interrupted',NULL,1700000000000003,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,NULL);
CREATE TABLE secrets (
  name TEXT NOT NULL PRIMARY KEY,
  description TEXT NOT NULL,
  hosts_json TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER
) STRICT;
INSERT INTO secrets VALUES('openai_api_key','a key','[]','AQ==',1700000000000006,NULL);
CREATE TABLE workflows (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 32),
  experiment_id TEXT NOT NULL REFERENCES experiments (id) ON DELETE RESTRICT,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('created', 'running', 'succeeded', 'failed')),
  reason TEXT NOT NULL DEFAULT '',
  config_json TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER,
  storage_url TEXT,
  result_key TEXT,
  result_sha256 TEXT,
  summary_json TEXT
, attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1), start_time INTEGER, end_time INTEGER, exit_code INTEGER) STRICT;
INSERT INTO workflows VALUES('ffffffffffffffffffffffffffffffff','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','w','','failed','','{}',1700000000000002,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL);
CREATE INDEX datasets_by_time ON datasets (created_at, id);
CREATE INDEX datasets_by_content ON datasets (sha256, filename);
CREATE INDEX experiments_by_time ON experiments (created_at, id);
CREATE INDEX workflows_by_experiment ON workflows (experiment_id, created_at);
CREATE INDEX jobs_by_time ON jobs (created_at, id);
CREATE INDEX jobs_unfinished ON jobs (created_at) WHERE status IN ('created', 'pending', 'running');
CREATE INDEX jobs_by_experiment ON jobs (experiment_id) WHERE experiment_id IS NOT NULL;
CREATE INDEX jobs_by_workflow ON jobs (workflow_id) WHERE workflow_id IS NOT NULL;
CREATE INDEX jobs_by_result ON jobs (result_key) WHERE result_key IS NOT NULL;
CREATE TRIGGER jobs_finished_stay BEFORE UPDATE OF
  id, type, status, dataset_id, config_json, message, error_type, created_at, start_time, end_time, driver_exit_code, attempt,
  result_key, result_sha256, summary_json ON jobs
WHEN OLD.status IN ('succeeded', 'failed', 'stopped') AND NOT (NEW.status = 'created' AND NEW.attempt = OLD.attempt + 1)
BEGIN
  SELECT RAISE(ABORT, 'a finished job changes only by resume');
END;
CREATE VIEW object_references (owner_type, owner_id, storage_url, object_key, size_bytes, sha256) AS
SELECT 'dataset', id, storage_url, object_key, object_size_bytes, object_sha256 FROM datasets
UNION ALL
SELECT 'job', id, storage_url, result_key, NULL, result_sha256 FROM jobs WHERE result_key IS NOT NULL
UNION ALL
SELECT 'workflow', id, storage_url, result_key, NULL, result_sha256 FROM workflows WHERE result_key IS NOT NULL;
CREATE INDEX workflows_by_time ON workflows (created_at, id);
CREATE INDEX workflows_unfinished ON workflows (created_at) WHERE status IN ('created', 'running');
CREATE TRIGGER workflows_finished_stay BEFORE UPDATE OF
  id, experiment_id, status, reason, config_json, created_at, attempt, start_time, end_time, exit_code, result_key, result_sha256,
  summary_json ON workflows
WHEN OLD.status IN ('succeeded', 'failed') AND NOT (NEW.status = 'created' AND NEW.attempt = OLD.attempt + 1)
BEGIN
  SELECT RAISE(ABORT, 'a finished workflow changes only by resume');
END;
CREATE INDEX experiments_by_dataset ON experiments (dataset_id);
CREATE INDEX datasets_by_run ON datasets (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX secrets_by_time ON secrets (created_at, name);
CREATE TABLE baselines (
  name TEXT NOT NULL PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE RESTRICT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX baselines_by_job ON baselines (job_id);
INSERT INTO baselines VALUES ('main', '0b8e3c1e-1111-4111-8111-000000000002', 1764072000000000);
COMMIT;
