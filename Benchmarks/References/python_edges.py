"""Calls and base classes of a Python repository: `ast` finds the places, `ty` (on PATH) says where they lead.

    python3 python_edges.py REPOSITORY > edges.jsonl

A line a place: `to` is where the function or class is defined, `values` where the variable or parameter is that holds it, if
one does. When both are empty, `why` says: `outside` the repository, or `undecided` where `ty` has no answer.
"""

import ast
import json
import os
import subprocess
import sys

from language_server import LanguageServer


def sources(root):
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
        paths = listed.splitlines()
    except subprocess.CalledProcessError:
        paths = [os.path.relpath(os.path.join(d, f), root) for d, _, files in os.walk(root) for f in files]
    for path in sorted(paths):
        if path.endswith(".py"):
            try:
                text = open(os.path.join(root, path), encoding="utf-8").read()
                yield path, text, ast.parse(text)
            except (SyntaxError, ValueError, UnicodeDecodeError, OSError):
                pass


def name_of(node, lines):
    """Line and column, counted from 0, and text of the last name of an expression."""
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        line, start = node.lineno - 1, node.col_offset
        name = node.id
    elif isinstance(node, ast.Attribute):
        line, name = node.end_lineno - 1, node.attr
        start = node.end_col_offset - len(name.encode())
    else:
        return None
    before = lines[line].encode()[:start].decode()
    return line, len(before.encode("utf-16-le")) // 2, name


def uses(tree, lines):
    for node in ast.walk(tree):
        found = []
        if isinstance(node, ast.Call):
            found.append(("call", node.func))
        if isinstance(node, ast.ClassDef):
            found += [("inherits", base) for base in node.bases]
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            found += [("call", item) for item in node.decorator_list if not isinstance(item, ast.Call)]
        for kind, expression in found:
            if known := name_of(expression, lines):
                yield kind, *known


def main(root):
    root = os.path.abspath(root)
    files = {path: (text.split("\n"), tree) for path, text, tree in sources(root)}
    defined, assigned, owners = {}, {}, {}
    for path, (lines, tree) in files.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                # Parameters may stand in the same line.
                start = lines[node.lineno - 1].index(node.name, node.col_offset)
                defined[path, node.lineno - 1, start] = node
            if isinstance(node, ast.ClassDef):
                owners.update({(path, item.lineno - 1): node.lineno - 1 for item in node.body
                               if isinstance(item, ast.FunctionDef) and item.name in ("__init__", "__new__")})
            if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Name, ast.Attribute)):
                assigned[path, node.lineno - 1] = name_of(node.value, lines)
    server = LanguageServer(["ty", "server"], root, "python")
    for path, (lines, tree) in files.items():
        full = os.path.join(root, path)
        server.open(full, "\n".join(lines))
        listed = sorted(set(uses(tree, lines)), key=lambda place: place[1:])
        answers = server.definitions(full, [(line, column) for _, line, column, _ in listed])
        for (kind, line, column, name), answer in zip(listed, answers):
            entry = {"kind": kind, "path": path, "line": line + 1, "column": column + 1, "name": name}
            why = "outside" if answer else "undecided"
            targets, values = set(), set()
            for _ in range(3):  # `run = other_function` leads on to what is assigned
                waiting = []
                for target, row, start in answer:
                    target = os.path.relpath(target, root)
                    if (target, row, start) in defined:
                        targets.add((target, row))
                        if made := owners.get((target, row)):  # A constructor stands for its class.
                            targets.add((target, made))
                    elif target in files:
                        values.add((target, row))
                        if (target, row) in assigned:
                            waiting.append((target, assigned[target, row]))
                answer = [place for target, (row, start, _) in waiting
                          for place in server.definitions(os.path.join(root, target), [(row, start)])[0]]
            for key, found in [("to", targets), ("values", values)]:
                entry[key] = [{"path": target, "line": row + 1} for target, row in sorted(found)]
            if not targets and not values:
                entry["why"] = why
            print(json.dumps(entry))
        server.close(full)
    server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
