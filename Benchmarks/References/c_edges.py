"""Calls in a C repository, found and followed by `clangd`.

    python3 c_edges.py REPOSITORY COMMANDS > edges.jsonl

COMMANDS is the folder of a compile_commands.json, whose files are read. A call is a name before a parenthesis that clangd's
highlighting knows and that is not declared there; the bodies of macros are left out. The lines are those of
python_edges.py; functions and macros are `to`, fields and variables that hold functions are `values`. A line of kind
`skipped` is one that the preprocessor leaves out: nothing is known about it.
"""

import functools
import json
import os
import re
import sys

from language_server import LanguageServer, uri

CALLED = {"function", "method", "macro", "property", "variable", "parameter"}


def tokens(legend, data):
    """Line, column, length, type and modifiers of each token."""
    line = column = 0
    for place in range(0, len(data), 5):
        rows, columns, length, kind, bits = data[place:place + 5]
        line, column = line + rows, columns + (0 if rows else column)
        modifiers = {name for bit, name in enumerate(legend["tokenModifiers"]) if bits >> bit & 1}
        yield line, column, length, legend["tokenTypes"][kind], modifiers


def directives(lines):
    """The numbers of the lines that belong to directives of the preprocessor."""
    found, goes_on = set(), False
    for number, line in enumerate(lines):
        if goes_on or line.lstrip().startswith("#"):
            found.add(number)
            goes_on = line.endswith("\\")
    return found


@functools.cache
def text_of(path):
    return open(path, encoding="utf-8", errors="replace").read().split("\n")


def is_prototype(root, path, row):
    """Whether a function is only declared there: where its definition is, clangd was not told."""
    text = "\n".join(text_of(os.path.join(root, path))[row:row + 8])
    ends = [place for place in (text.find(";"), text.find("{")) if place >= 0]
    return not text.lstrip().startswith("#") and bool(ends) and text[min(ends)] == ";"


def main(root, folder):
    root = os.path.abspath(root)
    commands = json.load(open(os.path.join(folder, "compile_commands.json")))
    paths = sorted({os.path.relpath(os.path.join(c["directory"], c["file"]), root) for c in commands})
    command = [os.environ.get("CLANGD", "clangd"), "--background-index", "--background-index-priority=normal"]
    command += ["--log=error", "-j=2", "--compile-commands-dir=" + os.path.abspath(folder)]
    server = LanguageServer(command, root, "c")
    first = os.path.join(root, paths[0])
    server.open(first, open(first, encoding="utf-8", errors="replace").read())
    server.wait_for_index()
    server.close(first)
    legend = server.capabilities["semanticTokensProvider"]["legend"]
    for path in paths:
        full = os.path.join(root, path)
        text = open(full, encoding="utf-8", errors="replace").read()
        lines = text.split("\n")
        server.open(full, text)
        asked = server.ask("textDocument/semanticTokens/full", {"textDocument": {"uri": uri(full)}})
        found, macros = [], directives(lines)
        for line, column, length, kind, modifiers in tokens(legend, (server.wait([asked])[0] or {}).get("data", [])):
            if line >= len(lines):  # clangd 21 says so of code that is left out at the end of a file.
                continue
            rest = lines[line][column + length:] or (lines[line + 1] if line + 1 < len(lines) else "")
            if kind == "comment":
                print(json.dumps({"kind": "skipped", "path": path, "line": line + 1, "column": 1, "name": "", "to": []}))
            elif line not in macros and kind in CALLED and re.match(r"\s*\(", rest) and not modifiers & {"declaration", "definition"}:
                found.append((line, column, lines[line][column:column + length], kind))
        answers = server.definitions(full, [place[:2] for place in found])
        for (line, column, name, kind), answer in zip(found, answers):
            inside = [(os.path.relpath(target, root), row) for target, row, _ in answer]
            inside = [{"path": target, "line": row + 1, "isPrototype": is_prototype(root, target, row)}
                      for target, row in inside if not target.startswith("..")]
            entry = {"kind": "call", "path": path, "line": line + 1, "column": column + 1, "name": name}
            is_function = kind in {"function", "method", "macro"}
            entry["to"], entry["values"] = (inside, []) if is_function else ([], inside)
            if not inside:
                entry["why"] = "outside" if answer else "undecided"
            print(json.dumps(entry))
        server.close(full)
    server.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
