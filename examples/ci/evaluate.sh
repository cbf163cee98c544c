#!/bin/sh
# Evaluates what a spec says, for a CI job.
#
#   evaluate.sh [SPEC.yaml [BASELINE.json]]
#
# Leaves report.html, summary.md, lumi.xml (JUnit) and run.json in $OUT, and next-baseline.json: the results of the first
# model, to be committed as BASELINE.json when they are what later changes are measured by. Where BASELINE.json is there,
# a model that is worse fails the job. Exits as 'lumi run' does: 9 for a condition that does not hold or a regression.
set -eu

spec=${1:-lumi.yaml}
baseline=${2:-baselines/main.json}
out=${OUT:-evaluation}

mkdir -p "$out"
set -- run "$spec" --json --report "html=$out/report.html" --report "markdown=$out/summary.md" --report "junit=$out/lumi.xml"
if [ -f "$baseline" ]; then
  set -- "$@" --baseline "$baseline" --fail-on-regression
fi

# 7: the endpoint is out of reach. The same command goes on with what is missing.
tries=3
while :; do
  code=0
  lumi "$@" >"$out/run.json" || code=$?
  tries=$((tries - 1))
  if [ "$code" != 7 ] || [ "$tries" = 0 ]; then
    break
  fi
  sleep "${PAUSE:-30}"
done

# Nothing is found where the run could not begin; its exit code tells then.
job=$(grep -o '"models":\[{[^{}]*"job_id":"[0-9a-f-]*' "$out/run.json" | grep -o '[0-9a-f-]*$' || true)
if [ -n "$job" ]; then
  lumi job download "$job" -o "$out/next-baseline.json" --force
fi
exit "$code"
