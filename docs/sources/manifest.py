#!/usr/bin/env python3
"""A source of photos: those of a manifest, which has a line of JSON for each.

    lookalike cat.jpg --provider "program:python3 docs/sources/manifest.py Pictures/photos.jsonl"

A source reads one JSON object a line and answers each with one line; docs/providers.md tells what may stand in them.
For a service on the web, let search() ask it with urllib.request and put its answer into the same form, with "image_url"
and "page_url" in the place of "file"; what it refuses is {"error": {"code": "quota", "message": "..."}}.
"""
import json
import os
import sys
import unicodedata


def words(text):
    return set(unicodedata.normalize("NFC", text).casefold().split())


def read_manifest(path):
    folder = os.path.dirname(os.path.abspath(path))
    with open(path, encoding="utf-8") as lines:
        for photo in (json.loads(line) for line in lines if line.strip()):
            photo["file"] = os.path.join(folder, photo["file"])
            photo.setdefault("id", photo["file"])
            yield words(" ".join([photo.get("title", ""), *photo.get("tags", [])])), photo


def search(photos, question):
    """The photos that have every word of the query, a page of them."""
    wanted, latest = words(question["query"]), question.get("uploaded_before", float("inf"))
    found = [photo for known, photo in photos if wanted <= known and int(photo.get("dateupload", 0)) <= latest]
    first = (question["page"] - 1) * question["per_page"]
    last = first + question["per_page"]
    return {"photos": found[first:last], "has_more": last < len(found)}


collection = list(read_manifest(sys.argv[1]))
for line in sys.stdin.buffer:
    question = json.loads(line)
    print(json.dumps({"id": question["id"], **search(collection, question)}), flush=True)
