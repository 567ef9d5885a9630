#!/bin/sh
# Prefers photos that speak of the words given: one point for each, found in title, tags or address.
#   lookalike --score "program:sh docs/scorers/words.sh red wild" --tag flower --provider folder:Pictures
# "id" goes back as it came, quotes and escapes included, so nothing in it needs to be understood.
while IFS= read -r line; do
  id=$(printf '%s\n' "$line" | sed 's/^{"schema":"[^"]*","id":\("\([^"\\]\|\\.\)*"\).*/\1/')
  score=0
  for word in "$@"; do
    if printf '%s\n' "$line" | grep -qiF -- "$word"; then score=$((score + 1)); fi
  done
  printf '{"id": %s, "score": %d}\n' "$id" "$score"
done
