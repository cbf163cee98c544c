SELECT
  id,
  experiment_id,
  name,
  description,
  status,
  reason,
  CASE WHEN json_valid(config_json) THEN config_json ->> '$.inference.model_name_or_path' END AS model,
  CASE WHEN json_valid(config_json) THEN config_json ->> '$.inference.job_config.provider' END AS provider,
  attempt,
  created_at,
  updated_at,
  start_time,
  end_time,
  (end_time - start_time) / 1e6 AS seconds
FROM workflows
