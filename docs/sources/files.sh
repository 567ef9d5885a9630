#!/bin/sh
# A source of photos: the pictures below a folder whose paths hold every word of the query.
#   lookalike cat.jpg --provider "program:sh docs/sources/files.sh Pictures"
# It reads one JSON object a line and answers each with one line. A query is words between blanks, without quotes and
# without backslashes, so that sed can read it.
set -f
cd -- "$1" || exit

member() { printf '%s\n' "$line" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

as_json='
function text(s) { gsub(/[\\"]/, "\\\\&", s); return "\"" s "\"" }
{
  path = substr($0, 3)  # without "./"
  tags = path
  sub(/\.[^.]*$/, "", tags)
  gsub(/[\\"]/, "", tags)
  gsub(/[\/ _.-]+/, "\", \"", tags)
  printf "%s{\"id\": %s, \"file\": %s, \"tags\": [\"%s\"]}", separator, text(path), text(ENVIRON["root"] "/" path), tags
  separator = ", "
}'

while IFS= read -r line; do
  page=$(member page)
  per_page=$(member per_page)
  found=$(find . -type f \( -iname '*.jpg' -o -iname '*.jpeg' -o -iname '*.png' -o -iname '*.webp' \) |
    grep -v '[[:cntrl:]]' | LC_ALL=C sort)
  for word in $(member query); do found=$(printf '%s\n' "$found" | grep -iF -e "$word"); done
  photos=$(printf '%s\n' "$found" | grep . | tail -n "+$(((page - 1) * per_page + 1))" | head -n "$per_page" |
    root=$PWD awk "$as_json")
  if [ "$(printf '%s\n' "$found" | wc -l)" -gt $((page * per_page)) ]; then more=true; else more=false; fi
  printf '{"id": %s, "photos": [%s], "has_more": %s}\n' "$(member id)" "$photos" "$more"
done
