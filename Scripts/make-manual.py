#!/usr/bin/env python3
"""Writes the manual page from what the binary says about its own commands.

    Scripts/make-manual.py .build/release/martlet >Docs/martlet.1
"""
import json
import subprocess
import sys


def plain(text):
    """Text that roff takes literally."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.split("\n"))


def names(argument):
    dashes = {"long": "--", "short": "-", "longWithSingleDash": "-"}
    order = sorted(argument.get("names", []), key=lambda name: name["kind"] != "short")
    return [dashes[name["kind"]] + name["name"] for name in order]


def synopsis(path, command):
    line = f".B {plain(' '.join(path))}"
    for argument in shown(command):
        value = argument.get("valueName", "value").upper()
        if argument["kind"] == "positional":
            word = value
        else:
            word = names(argument)[-1] + ("" if argument["kind"] == "flag" else f" {value}")
        word += " ..." if argument.get("isRepeating") else ""
        line += "\n" + plain(f"[{word}]" if argument["isOptional"] else word)
    return line


def shown(command):
    return [a for a in command.get("arguments", []) if a.get("shouldDisplay", True) and not is_common(a)]


def is_common(argument):
    return any(name["name"] in ("help", "version") for name in argument.get("names", []))


def entry(argument):
    value = argument.get("valueName", "value").upper()
    if argument["kind"] == "positional":
        head = f"\\fI{plain(value)}\\fR"
    else:
        head = ", ".join(f"\\fB{plain(name)}\\fR" for name in names(argument))
        head += "" if argument["kind"] == "flag" else f" \\fI{plain(value)}\\fR"
    text = argument.get("abstract", "")
    if "defaultValue" in argument and argument["kind"] != "flag":
        text += f" Default: {argument['defaultValue']}."
    return f".TP\n{head}\n{plain(text)}"


def section(path, command):
    children = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    parts = []
    if len(path) > 1 and not children:
        parts.append(f".SS {plain(' '.join(path[1:]))}")
        parts.append(synopsis(path, command))
        parts.append(".PP\n" + plain(command.get("abstract", "")))
        if command.get("discussion"):
            parts.append(".PP\n" + plain(command["discussion"]))
        parts += [entry(argument) for argument in shown(command)]
    for child in children:
        parts += section(path + [child["commandName"]], child)
    return parts


def main():
    binary = sys.argv[1]
    dump = subprocess.run([binary, "--experimental-dump-help"], check=True, capture_output=True).stdout
    command = json.loads(dump)["command"]
    print('.\\" Made by Scripts/make-manual.py from the commands themselves.')
    print('.TH MARTLET 1 "" "Martlet" "User Commands"')
    print(f".SH NAME\nmartlet \\- {plain(command['abstract'].rstrip('.').lower())}")
    print(".SH SYNOPSIS\n.B martlet\n\\fICOMMAND\\fR [\\fIARGUMENT\\fR ...]")
    print(f".SH DESCRIPTION\n{plain(command.get('discussion', ''))}")
    print(".SH COMMANDS")
    print("\n".join(section(["martlet"], command)))
    print(".SH FILES")
    for file, text in [
        ("martlet.json", "settings of a project"),
        ("~/.config/martlet/config.json", "settings of the user"),
        ("~/.local/share/martlet/models", "downloaded models"),
        ("~/.local/share/martlet/history", "earlier lines of chats"),
    ]:
        print(f".TP\n\\fI{plain(file)}\\fR\n{plain(text)}")
    print(".SH ENVIRONMENT\nEvery setting that \\fBmartlet config show\\fR lists can be given as a variable:")
    print("topK as MARTLET_TOP_K. MARTLET_CPU forces the kernels of one kind of processor; MARTLET_API_KEY is a key that")
    print("clients of \\fBmartlet serve\\fR must send; NO_COLOR turns colours off.")


main()
