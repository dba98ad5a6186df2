"""Goes through tasks of localization (lines of JSON) and prints a list of paths for each, the best first."""

import json
import pathlib
import subprocess
import sys


def answer(rank):
    """Calls rank(folder, question) -> paths from the folder, in each task's tree. Arguments: clones' folder, tasks' file."""
    clones, tasks = sys.argv[1:3]
    for line in pathlib.Path(tasks).read_text().split("\n"):
        task = json.loads(line)
        folder = pathlib.Path(clones) / task["repository"]
        subprocess.run(["git", "-C", folder, "checkout", "-q", "-f", task["parent"]], check=True)
        seen = dict.fromkeys(str(path) for path in rank(folder, task["question"]))
        print(json.dumps(list(seen)), flush=True)
