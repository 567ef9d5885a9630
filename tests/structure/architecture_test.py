#!/usr/bin/env python3
"""Fails when the code no longer has the structure that docs/design.md describes.

Five checks over every folder of the program:
  arrows     a file includes only from the folders that its own folder may use (ROOMS)
  fences     a library is included only in the folders that own it (FENCES)
  circles    no unit (a .h with its .cc) includes, by way of others, itself
  files      each folder holds about as many files as its entry says, so a folder that moved away is noticed
  mirrors    each unit has its test at the same path under tests/, or a reason why not (untested_units.txt)

Run by ctest: architecture_test.py SOURCE_FOLDER
"""

import os
import re
import sys

VALUES = "core/base core/base/text core/base/files"
SEARCH = "core/search/strategies core/search/bandits core/search/scoring core/search/session"
VISION = "core/vision/decode core/vision/onnx core/vision/inference"
PROVIDERS = "providers providers/common providers/flickr providers/folder"
MODELS = "models models/pull"
CORE = f"{VALUES} {SEARCH} {VISION} core/process core/http core/quota core/cache core/pipeline core/eval"

# Folder: (how many .h and .cc files at least and at most, the folders that it may use).
ROOMS = {
    "core/base": (14, 22, "core/base/text"),
    "core/base/text": (8, 18, "core/base"),
    "core/base/files": (8, 18, "core/base core/base/text"),
    "core/process": (4, 12, VALUES),
    "core/http": (18, 32, VALUES),
    "core/quota": (8, 16, f"{VALUES} core/http"),
    "core/cache": (12, 24, f"{VALUES} core/http"),
    "core/vision/decode": (16, 28, VALUES),
    "core/vision/onnx": (16, 28, VALUES),
    "core/vision/inference": (16, 28, f"{VALUES} core/vision/decode core/vision/onnx"),
    "core/search/scoring": (6, 14, VALUES),
    "core/search/strategies": (10, 20, VALUES + " core/search/bandits"),
    "core/search/bandits": (16, 32, f"{VALUES} core/search/strategies core/search/session"),
    "core/search/session": (12, 24, f"{VALUES} core/search/scoring core/search/strategies core/search/bandits"),
    "core/pipeline": (16, 28, f"{VALUES} {VISION} core/http core/cache core/process"),
    "core/eval": (10, 20, CORE),
    "models": (10, 20, f"{VALUES} core/http core/process"),
    "models/pull": (8, 16, f"{VALUES} core/http core/process models"),
    "providers/common": (12, 24, f"{VALUES} core/http"),
    "providers/flickr": (4, 8, f"{VALUES} core/http providers/common"),
    "providers/folder": (10, 20, f"{VALUES} core/http {VISION} providers/common"),
    "providers": (10, 24, f"{VALUES} core/http core/process core/quota {PROVIDERS}"),
    "cli/console": (8, 16, VALUES),
    "cli/options": (14, 26, f"{VALUES} cli/console core/quota core/search/scoring core/search/strategies providers"),
    "cli/output": (8, 20, f"{VALUES} cli/console cli/options core/search/scoring core/search/session "
                          "core/vision/inference providers"),
    "cli/wiring": (8, 24, f"{CORE} {PROVIDERS} {MODELS} cli/console cli/options"),
    "cli/query": (6, 16, f"{CORE} {PROVIDERS} {MODELS} cli/console cli/options cli/output cli/wiring"),
    "cli/batch": (8, 16, f"{VALUES} cli/console cli/options cli/output cli/query core/pipeline core/quota "
                         "providers/folder"),
    "cli/commands": (10, 26, f"{CORE} {PROVIDERS} {MODELS} cli/console cli/options cli/output cli/wiring cli/query "
                             "cli/batch"),
    "cli": (1, 6, "cli/console cli/commands"),
}

# Library: (what its includes look like, the folders that may include it).
FENCES = {
    "OpenCV": (r"<opencv2/", "core/vision/inference"),
    "XNNPACK": (r"<(xnnpack|pthreadpool)\.h>", "core/vision/inference"),
    "image codecs": (r"<(turbojpeg|spng|gif_lib)\.h>|<webp/", "core/vision/decode"),
    "exiv2": (r"<exiv2/", "core/vision/decode providers/folder"),
    "libcurl": (r"<curl/", "core/http"),
    "libidn2": (r"<idn2\.h>", "core/http"),
    "zlib": (r"<zlib\.h>", "core/http core/vision/decode"),
    "SQLite": (r"<sqlite3\.h>", "core/base/files"),
    "hiredis": (r"<hiredis/", "core/quota"),
    "OpenSSL": (r"<openssl/", "core/base/text core/quota"),
    "utf8proc": (r"<utf8proc\.h>", "core/base/text core/base/files providers/folder"),
    "spdlog": (r"<spdlog/", "cli/console"),
    "CLI11": (r"<CLI/", "cli/options cli/commands"),
}

GENERATED = {"cli/version.h"}


def files_of(folder):
    return sorted(f"{folder}/{name}" for name in os.listdir(folder) if name.endswith((".h", ".cc")))


def includes_of(path):
    with open(path, encoding="utf-8") as file:
        return re.findall(r'^#include (["<][^">]+[">])', file.read(), re.MULTILINE)


def unit_of(path):
    return re.sub(r"\.(h|cc)$", "", path)


def folders_of_program():
    for top in ("core", "models", "providers", "cli"):
        for folder, _, names in os.walk(top):
            if any(name.endswith((".h", ".cc")) for name in names):
                yield folder


def check_files(found):
    wrong = [f"  {folder} is not known to this test" for folder in folders_of_program() if folder not in ROOMS]
    for folder, (least, most, _) in ROOMS.items():
        count = len(found.get(folder, []))
        if not least <= count <= most:
            wrong.append(f"  {folder} holds {count} files; expected {least} to {most}")
    return wrong


def check_arrows(path, include, folder):
    target = include.strip('"')
    if target in GENERATED:
        return []
    allowed = ROOMS[folder][2].split() + [folder]
    if os.path.dirname(target) in allowed:
        return []
    return [f"  {path} may not include {target}"]


def check_fences(path, include, folder):
    return [f"  {path} may not include {include}: {library} belongs to {owners}"
            for library, (pattern, owners) in FENCES.items()
            if re.match(pattern, include) and folder not in owners.split()]


def circles_among(units):
    """Tarjan's strongly connected components: units that include each other, directly or by way of others."""
    order, low, stack, circles = {}, {}, [], []

    def visit(unit):
        order[unit] = low[unit] = len(order)
        stack.append(unit)
        for other in units[unit]:
            if other not in units:
                continue
            if other not in order:
                visit(other)
                low[unit] = min(low[unit], low[other])
            elif other in stack:
                low[unit] = min(low[unit], order[other])
        if low[unit] == order[unit]:
            circle = stack[stack.index(unit):]
            del stack[stack.index(unit):]
            if len(circle) > 1:
                circles.append(sorted(circle))

    sys.setrecursionlimit(10_000)
    for unit in sorted(units):
        if unit not in order:
            visit(unit)
    return circles


def check_mirrors(units):
    with open("tests/structure/untested_units.txt", encoding="utf-8") as file:
        excused = dict(line.rstrip("\n").split(": ", 1) for line in file if line.strip() and not line.startswith("#"))
    wrong = [f"  {unit} has no tests/{unit}_test.cc" for unit in sorted(units)
             if not has_test(unit) and unit not in excused]
    return wrong + [f"  {unit} stands in untested_units.txt without need" for unit in sorted(excused)
                    if unit not in units or has_test(unit)]


def has_test(unit):
    folder, name = os.path.split(f"tests/{unit}")
    return os.path.isdir(folder) and any(
        file.startswith(name + "_") and file.endswith("_test.cc") for file in os.listdir(folder))


def main(source):
    os.chdir(source)
    found = {folder: files_of(folder) for folder in ROOMS if os.path.isdir(folder)}
    units, arrows, fences = {}, [], []
    for folder, paths in found.items():
        for path in paths:
            unit = unit_of(path)
            units.setdefault(unit, set())
            for include in includes_of(path):
                if include.startswith('"'):
                    arrows += check_arrows(path, include, folder)
                    units[unit] |= {unit_of(include.strip('"'))} - {unit}
                else:
                    fences += check_fences(path, include, folder)
    circles = ["  " + ", ".join(circle) for circle in circles_among(units)]
    checks = {"files": check_files(found), "arrows": arrows, "fences": fences, "circles": circles,
              "mirrors": check_mirrors(units)}
    for name, wrong in checks.items():
        if wrong:
            print(f"{name}:", *wrong, sep="\n")
    print(f"{sum(map(len, found.values()))} files in {len(found)} folders checked")
    return 1 if any(checks.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
