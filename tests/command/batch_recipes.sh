#!/usr/bin/env bash
# Runs the recipes of docs/batch.md against the stand-in of Flickr, all workers with one budget in a Redis server of its
# own, and checks that each image is there once and how many calls the service saw.
# tests/command/batch_recipes.sh LOOKALIKE FLICKR_STAND_IN MANIFEST IMAGES   needs redis-server; runs what is installed of
# GNU parallel, Make and Slurm (SLURM_CONF names a running one-node cluster)
set -euo pipefail
PATH=$(dirname "$(realpath "$1")"):$PATH
stand_in=$2 manifest=$(realpath "$3") images=$(realpath "$4")
folder=$(mktemp -d)
cd "$folder"
port=$((20000 + RANDOM % 20000))
redis-server --port $((port + 1)) --bind 127.0.0.1 --save "" >/dev/null &
servers=$!
"$(realpath "$stand_in")" --manifest "$manifest" --port "$port" --key recipe-key-0000 >stand_in.log &
servers+=" $!"
trap 'kill $servers; rm -rf "$folder"' EXIT
until grep -q listening stand_in.log 2>/dev/null; do sleep 0.1; done

export LOOKALIKE_FLICKR_KEY=recipe-key-0000 LOOKALIKE_QUOTA=redis://127.0.0.1:$((port + 1))
cat >settings <<SETTINGS
endpoint = "http://127.0.0.1:$port/services/rest/"
max-images = 5
max-calls = 4
SETTINGS
number=$(find -L "$images" -type f \( -iname '*.jpg' -o -iname '*.png' \) | wc -l)
calls() { curl -s "http://127.0.0.1:$port/counts" | grep -oE '"api_calls":[0-9]+' | grep -oE '[0-9]+'; }

check() {  # NAME FILE
  local lines distinct
  lines=$(wc -l <"$2")
  distinct=$(grep -oE '"query":\{"source":"[^"]*"' "$2" | sort -u | wc -l)
  printf '%-14s %s images, %s lines, %s distinct; %s calls so far\n' "$1" "$number" "$lines" "$distinct" "$(calls)"
  [ "$lines" -eq "$number" ] && [ "$distinct" -eq "$number" ]
}

options=(--config settings --hourly-calls 100000 --format jsonl --resume --quiet)
if command -v parallel >/dev/null; then
  seq 4 | parallel -j4 lookalike "$images" --recursive --shard {}/4 "${options[@]}" --output part.{}.jsonl
  cat part.*.jsonl >parallel.all && rm part.*
  check parallel parallel.all
fi
if command -v make >/dev/null; then
  printf '%s\n' 'SHARDS := 1 2 3 4' 'all.jsonl: $(SHARDS:%=part.%.done)' $'\tcat part.*.jsonl > $@' 'part.%.done:' \
    $'\tlookalike '"$images"' --recursive --shard $*/4 '"${options[*]}"' --output part.$*.jsonl' $'\ttouch $@' >Makefile
  make -s -j2
  rm part.*
  check make all.jsonl
fi
if command -v sbatch >/dev/null && [ -n "${SLURM_CONF:-}" ]; then
  printf '#!/bin/sh\nexec lookalike %q --recursive --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" %s --output %s\n' \
    "$images" "${options[*]}" "$folder/part.\$SLURM_ARRAY_TASK_ID.jsonl" >job
  sbatch --wait --array=1-2 --cpus-per-task=1 --chdir="$folder" --output="$folder/slurm.%a" job >/dev/null
  cat part.*.jsonl >slurm.all && rm part.*
  check slurm slurm.all
fi

# One budget that is too small for all: four workers by GNU parallel and, where there is Slurm, two tasks at the same time.
before=$(calls)
redis-cli -p $((port + 1)) flushall >/dev/null
options=(--config settings --hourly-calls 60 --on-quota stop --format jsonl --quiet)
if command -v sbatch >/dev/null && [ -n "${SLURM_CONF:-}" ]; then
  printf '#!/bin/sh\nexec lookalike %q --recursive --shard "$SLURM_ARRAY_TASK_ID/2" %s --output %s\n' \
    "$images" "${options[*]}" "$folder/task.\$SLURM_ARRAY_TASK_ID.jsonl" >job
  (sbatch --wait --array=1-2 --cpus-per-task=1 --chdir="$folder" --output="$folder/slurm.%a" job >/dev/null || true) &
  tasks=$!
fi
(seq 4 | parallel -j4 lookalike "$images" --recursive --shard {}/4 "${options[@]}" --output part.{}.jsonl 2>/dev/null) || true
wait ${tasks:-}
spent=$(($(calls) - before))
printf 'one budget of 60 calls: %s calls seen by the service\n' "$spent"
[ "$spent" -le 60 ]
