"""Names of files in running text: which there are, and which are not there."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import product
from pathlib import PurePosixPath

from sources import Sources

# A path that begins in a folder of the repository's root, as it may stand in a sentence.
FOLDERS = ("docs", "findings", "functions", "infra", "shared", "tests")
PATH = re.compile(r"(?<![\w/.$@{}-])(?:\.\./)*(?:%s)/[\w./*{},-]*[\w/*}]" % "|".join(FOLDERS))
# A page by its name alone.
PAGE = re.compile(r"(?<![\w/.-])[A-Za-z]\w+\.md\b")
# A path that is to be filled in once files have moved.
MARKER = re.compile(r"TODO-PATH\([^)]*\)")
BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")


def missing(text: str, where: str, sources: Sources) -> Iterator[str]:
    """What the text of the file `where` names and is not there."""
    text = MARKER.sub("", text)
    pages = {PurePosixPath(path).name for path in sources.paths if path.endswith(".md")}
    for found in PATH.findall(text):
        for path in spelled_out(found.rstrip("/")):
            if not is_there(path, where, sources):
                yield path
    for page in PAGE.findall(text):
        if page not in pages:
            yield page


def spelled_out(path: str) -> Iterator[str]:
    """`a/{b,c}.rs` as `a/b.rs` and `a/c.rs`."""
    parts = BRACES.split(path)
    choices = [part.split(",") if number % 2 else [part] for number, part in enumerate(parts)]
    return ("".join(choice) for choice in product(*choices))


def is_there(path: str, where: str, sources: Sources) -> bool:
    """Whether there is such a file or folder: from the root, from the file's own package, or from its folder."""
    path = re.sub(r"^(\.\./)+", "", path)
    folders = ["", *(f"{folder}/" for folder in map(str, PurePosixPath(where).parents) if folder != ".")]
    for folder in folders:
        name = folder + path
        if name in sources.paths or name.rstrip(".") in sources.paths:
            return True
        if "*" in name and any(fnmatchcase(known, name) for known in sources.paths):
            return True
        if any(brace in name for brace in "{}"):
            # A name in braces stands for any: `functions/{package}`.
            return True
    return False
