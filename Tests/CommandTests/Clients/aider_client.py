"""Lets aider edit a file in a git repository, end to end, with a model of `martlet serve`.

    aider_client.py MARTLET MODEL
"""
import json
import os
import subprocess
import sys
import tempfile

from serve_process import MODEL, Server, expect, passed

AIDER = os.path.join(os.path.dirname(sys.executable), "aider")
BEFORE = '''def greet(name):
    """Greets somebody by name."""
    return "Hello, " + name + "!"


def count(words):
    return len(words.split())
'''
TASK = "Change greet so that it says Goodbye instead of Hello. Change nothing else."


def git(folder, *arguments):
    return subprocess.run(
        ["git", "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def check_edit(server, form):
    """One request, in one of aider's forms of edits."""
    with tempfile.TemporaryDirectory() as home:
        project = os.path.join(home, "project")
        git(home, "init", "--quiet", project)
        for key, value in (("name", "Tester"), ("email", "tester@example.org")):
            git(project, "config", "user." + key, value)
        path = os.path.join(project, "greeting.py")
        with open(path, "w") as file:
            file.write(BEFORE)
        git(project, "add", ".")
        git(project, "commit", "--quiet", "--message", "Begin")
        # What it would otherwise look up elsewhere.
        metadata = os.path.join(home, "metadata.json")
        facts = dict(
            max_input_tokens=7168, max_output_tokens=1024, input_cost_per_token=0, output_cost_per_token=0,
            litellm_provider="openai", mode="chat")
        with open(metadata, "w") as file:
            json.dump({"openai/" + MODEL: facts}, file)
        run = subprocess.run(
            [AIDER, "--model", "openai/" + MODEL, "--weak-model", "openai/" + MODEL, "--edit-format", form,
             "--openai-api-base", server.url + "/v1", "--openai-api-key", "none", "--model-metadata-file", metadata,
             "--map-tokens", "0", "--yes-always", "--no-check-update", "--no-show-release-notes",
             "--no-show-model-warnings", "--analytics-disable", "--no-pretty", "--no-gitignore", "--no-detect-urls",
             "--no-suggest-shell-commands", "--message", TASK, "greeting.py"],
            cwd=project, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "HOME": home, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "PYTHONDONTWRITEBYTECODE": "1"})
        with open(path) as file:
            after = file.read()
        expect(run.returncode == 0, run.stdout)
        told = subprocess.run(
            [sys.executable, "-c", "import greeting; print(greeting.greet('Ann'), greeting.count('a b c'))"],
            cwd=project, capture_output=True, text=True)
        expect(told.stdout == "Goodbye, Ann! 3\n", (told.stderr, after, run.stdout))
        expect(git(project, "rev-list", "--count", "HEAD") == "2" and not git(project, "status", "--short", "-uno"), run.stdout)
        expect("greeting.py" in git(project, "show", "--stat"), run.stdout)
    passed(form)


def main():
    server = Server("--quiet", context=8192)
    check_edit(server, "whole")
    status, errors = server.end()
    expect(status == 0, errors)
    passed("end")


main()
