#!/usr/bin/env python3
"""Counts how the program's code lies in its folders, and prints one table.

Usage: count.py [SOURCE_FOLDER] [--headers]
  --headers  also names the headers of fewer than 15 statements, with their counts

Measures:
  files      .h and .cc files in the folder itself
  small .h   headers of fewer than 15 statements. A statement is a line of code: no comment, no blank line, no
             #include or #pragma, no `namespace` line, and no line of brackets and semicolons alone
  median     lines of a file, all lines counted; the middle one of the folder's files
  largest    lines of its longest file
  comments   lines of comment in .cc files for each 100 lines of code there. A comment behind code counts as code.
             A line of code here is any that is neither blank nor comment alone

A pure interface or a plain struct may be small and right; the count shows where to look, it is no limit.
"""

import os
import re
import statistics
import sys

TOPS = ("core", "models", "providers", "cli")
FEW_STATEMENTS = 15
COLUMNS = "{:<24} {:>5} {:>8} {:>8} {:>8} {:>7} {:>8} {:>9}"


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [line.strip() for line in file]


def is_comment(line):
    return line.startswith("//")


def is_statement(line):
    if not line or is_comment(line) or line.startswith(("#include", "#pragma", "namespace ")):
        return False
    return re.fullmatch(r"[\[\]{}();,\s]*(//.*)?", line) is None


def code_folders(source):
    for top in TOPS:
        for folder, subfolders, names in os.walk(os.path.join(source, top)):
            subfolders.sort()
            code = sorted(name for name in names if name.endswith((".h", ".cc")))
            if code:
                yield os.path.relpath(folder, source), [os.path.join(folder, name) for name in code]


class Count:
    """What a set of files comes to; two of them can be added."""

    def __init__(self, paths=()):
        self.lengths, self.headers, self.comments, self.code = [], {}, 0, 0
        for path in paths:
            self.add_file(path)

    def add_file(self, path):
        lines = read_lines(path)
        self.lengths.append(len(lines))
        if path.endswith(".h"):
            self.headers[path] = sum(map(is_statement, lines))
        else:
            comments = sum(map(is_comment, lines))
            self.comments += comments
            self.code += sum(1 for line in lines if line) - comments

    def add(self, other):
        self.lengths += other.lengths
        self.headers |= other.headers
        self.comments += other.comments
        self.code += other.code

    def small_headers(self):
        return {path: count for path, count in self.headers.items() if count < FEW_STATEMENTS}

    def row(self, name):
        share = f"{100 * self.comments / self.code:.1f}" if self.code else "-"
        return COLUMNS.format(name, len(self.lengths), len(self.headers), len(self.small_headers()),
                              f"{statistics.median(self.lengths):.0f}", max(self.lengths), sum(self.lengths), share)


def main(arguments):
    folders = [argument for argument in arguments if not argument.startswith("--")]
    source = folders[0] if folders else "."
    total = Count()
    print(COLUMNS.format("folder", "files", "headers", "small .h", "median", "largest", "lines", "comments"))
    for name, paths in code_folders(source):
        count = Count(paths)
        total.add(count)
        print(count.row(name))
    print(total.row("total"))
    if "--headers" in arguments:
        for path, statements in total.small_headers().items():
            print(f"{statements:4} {os.path.relpath(path, source)}")


if __name__ == "__main__":
    main(sys.argv[1:])
