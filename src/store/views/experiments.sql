SELECT
  id,
  name,
  description,
  dataset_id,
  CASE WHEN json_valid(config_json) THEN config_json ->> '$.task_definition.task' END AS task,
  CASE WHEN json_valid(config_json) THEN config_json ->> '$.max_samples' END AS max_samples,
  created_at,
  updated_at
FROM experiments
