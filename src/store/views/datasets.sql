SELECT
  id,
  filename,
  format,
  rows,
  columns_json AS columns,
  size_bytes AS size,
  sha256,
  ground_truth,
  generated,
  generated_by,
  run_id,
  created_at
FROM datasets
