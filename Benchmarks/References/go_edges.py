"""Calls, literals and embedded types of a Go module: `go_places.go` finds the places, `gopls` says where they lead.

    python3 go_edges.py REPOSITORY > edges.jsonl

The lines are those of python_edges.py. Variables and fields are values.
"""

import json
import os
import re
import subprocess
import sys

from language_server import LanguageServer


def columns(line, byte):
    return len(line.encode()[:byte].decode().encode("utf-16-le")) // 2


def is_definition(line, start):
    """Whether the name at a place is that of a function, a method of an interface or a type."""
    before, after = line[:start], line[start:]
    name = re.match(r"\w+", after)
    rest = after[name.end():] if name else ""
    if re.match(r"\s*func\s*(\([^()]*\)\s*)?$", before) or re.match(r"\s*type\s*$", before):
        return True
    # Within `type (...)` and within an interface nothing stands before the name.
    return not before.strip() and (rest.startswith("(") or re.match(r"(\[.*\])?\s+(struct|interface|func)\b", rest))


def main(root):
    root = os.path.abspath(root)
    here = os.path.dirname(os.path.abspath(__file__))
    listed = subprocess.run(["git", "ls-files", "*.go"], cwd=root, capture_output=True, text=True, check=True).stdout
    out = subprocess.run(
        ["go", "run", os.path.join(here, "go_places.go")], cwd=root, input=listed, capture_output=True, text=True,
        check=True, env={**os.environ, "GO111MODULE": "off", "GOFLAGS": ""}).stdout
    found = {}
    for line in out.splitlines():
        place = json.loads(line)
        found.setdefault(place["path"], []).append(place)
    texts = {path: open(os.path.join(root, path), encoding="utf-8").read() for path in listed.splitlines()}
    lines = {path: text.split("\n") for path, text in texts.items()}
    server = LanguageServer(["gopls"], root, "go")
    for path, places in sorted(found.items()):
        full = os.path.join(root, path)
        server.open(full, texts[path])
        for place in places:
            place["column"] = columns(lines[path][place["line"] - 1], place["column"] - 1) + 1
        answers = server.definitions(full, [(p["line"] - 1, p["column"] - 1) for p in places])
        for place, answer in zip(places, answers):
            place["to"], place["values"] = [], []
            for target, row, start in answer:
                target = os.path.relpath(target, root)
                if target in lines:
                    sort = "to" if is_definition(lines[target][row], start) else "values"
                    place[sort].append({"path": target, "line": row + 1})
            if not place["to"] and not place["values"]:
                place["why"] = "outside" if answer else "undecided"
            print(json.dumps(place))
        server.close(full)
    server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
