"""The files of the repository, and the comments in them."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]

# How a line begins that is a comment and nothing else, by the file's suffix; a file without one by its name.
SLASHES = re.compile(r"\s*(//[/!]?|/\*\*?|\*(?=[ /]|$))")
HASH = re.compile(r"\s*#(?![!\[])")
COMMENTS = {
    **dict.fromkeys((".rs", ".ts", ".js", ".mjs", ".css"), SLASHES),
    **dict.fromkeys((".py", ".toml", ".yaml", ".sh", ".txt", "Makefile", "run"), HASH),
}
# A fence around code, and a row of a table.
FENCE = re.compile(r"\s*(?://[/!]?|\*|#)?\s*```")
TABLE = re.compile(r"\s*(?://[/!]?|\*|#)?\s*\|")


@dataclass(frozen=True)
class Line:
    """A line of a file, and where it stands."""

    path: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.number}"


@dataclass(frozen=True)
class Sources:
    """Texts by their path from the repository's root, and every path that there is."""

    texts: dict[str, str]
    paths: frozenset[str]

    @classmethod
    def of_repository(cls) -> "Sources":
        """What git knows of, and what it would if it was added."""
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        files = [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]
        read = {path: (ROOT / path).read_text() for path in files if kind(path) in COMMENTS or path.endswith(".md")}
        return cls.of(read, files)

    @classmethod
    def of(cls, texts: dict[str, str], paths: list[str]) -> "Sources":
        """These texts, and these files beside them; folders come of themselves."""
        every = {*texts, *paths}
        folders = {str(folder) for path in every for folder in PurePosixPath(path).parents}
        return cls(texts, frozenset(every | folders))

    def pages(self) -> Iterator[tuple[str, str]]:
        """Path and text of every page."""
        return ((path, text) for path, text in self.texts.items() if path.endswith(".md"))

    def comments(self) -> Iterator[list[Line]]:
        """Every comment: its lines, which follow each other, without those inside of fences."""
        for path, text in self.texts.items():
            begins = COMMENTS.get(kind(path))
            if begins is None:
                continue
            block: list[Line] = []
            is_fenced = False
            for number, line in enumerate(text.split("\n"), 1):
                if not begins.match(line):
                    if block:
                        yield block
                    block, is_fenced = [], False
                elif FENCE.match(line):
                    is_fenced = not is_fenced
                elif not is_fenced:
                    block.append(Line(path, number, line))
            if block:
                yield block


def kind(path: str) -> str:
    """The suffix of a file, or its name when it has none."""
    name = PurePosixPath(path)
    return name.suffix or name.name
