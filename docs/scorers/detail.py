#!/usr/bin/env python3
"""Prefers photos full of detail: the more bytes an image takes for its size on screen, the more there is in it.

    lookalike --score "program:python3 docs/scorers/detail.py" --tag flower --provider folder:Pictures

A scorer reads one JSON object a line and answers each with one line. Anything may stand between the two: a classifier,
a face detector, a look into a table of your own.
"""
import json
import os
import struct
import sys


def pixels(path):
    """Width times height of a PNG or JPEG, from its header."""
    with open(path, "rb") as file:
        start = file.read(24)
        if start.startswith(b"\x89PNG"):
            width, height = struct.unpack(">II", start[16:24])
            return width * height
        file.seek(2)
        while True:
            marker, length = struct.unpack(">HH", file.read(4))
            if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
                _, height, width = struct.unpack(">BHH", file.read(5))
                return width * height
            file.seek(length - 2, os.SEEK_CUR)


for line in sys.stdin:
    photo = json.loads(line)
    try:
        answer = {"score": os.path.getsize(photo["file"]) / pixels(photo["file"])}
    except (OSError, struct.error, ZeroDivisionError) as problem:
        answer = {"error": f"cannot be read: {problem}"}  # counted as a failed image
    print(json.dumps({"id": photo["id"], **answer}), flush=True)
