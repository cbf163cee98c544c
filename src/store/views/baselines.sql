SELECT
  name,
  job_id,
  created_at
FROM baselines
