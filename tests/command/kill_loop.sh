#!/usr/bin/env bash
# Kills a run over a folder of images with SIGKILL at random instants, goes on with --resume each time, and checks that
# the shards' files together hold each image exactly once and every line is whole.
# tests/command/kill_loop.sh LOOKALIKE IMAGES KILLS SHARDS [OPTION...]      the options go to lookalike
set -euo pipefail
lookalike=$1 images=$2 kills=$3 shards=$4
shift 4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

run() {  # SHARD [OPTION...]
  local shard=$1
  shift
  exec "$lookalike" "$images" --recursive --shard "$shard/$shards" --format jsonl --output "$folder/$shard.jsonl" \
    --resume --quiet "$@"
}

killed=0
while [ "$killed" -lt "$kills" ]; do
  shard=$((RANDOM % shards + 1))
  (run "$shard" "$@") &
  sleep "$(printf '0.%03d' $((RANDOM % 900 + 20)))"
  if kill -9 $! 2>/dev/null; then killed=$((killed + 1)); else echo "shard $shard was done before kill $killed" >&2; fi
  wait $! 2>/dev/null || true
  if [ "$((killed % 10))" -eq 0 ]; then
    printf '%s kills, %s lines\n' "$killed" "$(cat "$folder"/*.jsonl 2>/dev/null | wc -l)" >&2
  fi
done
for shard in $(seq "$shards"); do (run "$shard" "$@") || [ $? -eq 1 ]; done

cat "$folder"/*.jsonl >"$folder/merged"
python3 - "$folder/merged" "$images" <<'CHECK'
import base64, json, os, sys
seen = {}
for line in open(sys.argv[1], "rb"):
    query = json.loads(line)["query"]
    name = base64.b64decode(query["source_base64"]) if "source_base64" in query else query["source"].encode()
    seen[name] = seen.get(name, 0) + 1
endings = (b".jpg", b".jpeg", b".jpe", b".jfif", b".png", b".webp", b".gif")
wanted = {os.path.join(folder, name) for folder, _, names in os.walk(os.fsencode(sys.argv[2])) for name in names
          if name.lower().endswith(endings) and not name.startswith(b".")}
twice = [name for name, count in seen.items() if count != 1]
missing = wanted - seen.keys()
print(f"{len(seen)} images, {len(twice)} twice, {len(missing)} missing")
sys.exit(1 if twice or missing or seen.keys() - wanted else 0)
CHECK
