SELECT
  jobs.id AS job_id,
  metrics.key AS metric,
  CASE WHEN scores.key LIKE '%\_mean' ESCAPE '\' THEN substr(scores.key, 1, length(scores.key) - 5) ELSE scores.key END AS score,
  CAST(scores.value AS REAL) AS value,
  (SELECT value FROM json_each(jobs.summary_json, '$.signatures') WHERE key = metrics.key) AS signature
FROM jobs, json_each(CASE WHEN json_valid(jobs.summary_json) THEN jobs.summary_json END, '$.metrics') AS metrics, json_each(metrics.value) AS scores
WHERE metrics.type = 'object' AND scores.type IN ('integer', 'real')
UNION ALL
SELECT jobs.id, jobs.type, metrics.key, CAST(metrics.value AS REAL), NULL
FROM jobs, json_each(CASE WHEN json_valid(jobs.summary_json) THEN jobs.summary_json END, '$.metrics') AS metrics
WHERE metrics.type IN ('integer', 'real')
