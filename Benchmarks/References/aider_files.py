"""Ranks files for a question as the repository map of aider does: by what its message mentions, and PageRank."""

import os
import pathlib
import re
import subprocess

import tree_sitter
from aider.repomap import RepoMap

from peer_tasks import answer


class Quiet:
    def __getattr__(self, name):
        return lambda *a, **k: None

    def read_text(self, path, silent=False):
        try:
            return pathlib.Path(path).read_text(errors="ignore")
        except OSError:
            return None


class Map(RepoMap):
    def get_tags(self, path, relative):
        # Some of its queries do not fit the grammars that it brings.
        try:
            return super().get_tags(path, relative)
        except tree_sitter.QueryError:
            return []


def mentioned_files(question, files):
    """As a chat with aider finds them: by their paths, and by names that are in the message."""
    words = {word.rstrip(",.!;:?").strip("\"'`*_") for word in question.split()}
    identifiers = {word.lower() for word in re.split(r"\W+", question) if len(word) >= 5}
    found = {f for f in files if f in words or os.path.basename(f) in words}
    return found | {f for f in files if pathlib.PurePath(f).stem.lower() in identifiers}


def rank(folder, question):
    files = subprocess.run(["git", "-C", folder, "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")
    files = [f for f in files if f]
    # Its cache of tags would be written into the repository, and be that of another commit.
    repo_map = Map(root=str(folder), main_model=None, io=Quiet(), refresh="always")
    tags = repo_map.get_ranked_tags(
        [], [str(folder / f) for f in files], mentioned_files(question, files), set(re.split(r"\W+", question)))
    return [tag[0] for tag in tags]


if __name__ == "__main__":
    RepoMap.load_tags_cache = lambda self: setattr(self, "TAGS_CACHE", {})
    answer(rank)
