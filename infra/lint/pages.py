"""What holds of every page."""

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

import names
from sources import FENCE, Sources

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"#+ +(.*)")
# `path/to/file.rs::name_of_a_test`
TEST = re.compile(r"`([\w./-]+\.rs)::(\w+)`")


def links(sources: Sources) -> Iterator[str]:
    """A link into the repository leads to a file, and to a heading in it."""
    for path, text in sources.pages():
        for number, line in prose(text):
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                file, _, heading = target.partition("#")
                file = normpath(join(dirname(path), file)) if file else path
                if file not in sources.paths:
                    yield f"{path}:{number}: there is no {file}"
                elif heading and file in sources.texts and heading not in headings(sources.texts[file]):
                    yield f"{path}:{number}: {file} has no heading #{heading}"


def tests(sources: Sources) -> Iterator[str]:
    """A test that a page names, as `file.rs::name`, is in that file."""
    for path, text in sources.pages():
        for number, line in prose(text):
            for file, test in TEST.findall(line):
                if file not in sources.texts:
                    yield f"{path}:{number}: there is no {file}"
                elif not re.search(rf"\bfn {test}\b", sources.texts[file]):
                    yield f"{path}:{number}: {file} has no {test}"


def paths(sources: Sources) -> Iterator[str]:
    """A file that a page names is there, and no path is left to be filled in."""
    for path, text in sources.pages():
        for number, line in prose(text):
            for marker in names.MARKER.findall(line):
                yield f"{path}:{number}: to be filled in: {marker}"
            for name in names.missing(line, path, sources):
                yield f"{path}:{number}: there is no {name}"


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines outside of fences, and their numbers."""
    is_fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if FENCE.match(line):
            is_fenced = not is_fenced
        elif not is_fenced:
            yield number, line


def headings(text: str) -> set[str]:
    """What links to a page's headings are called, as GitHub makes them."""
    found = (HEADING.fullmatch(line) for _, line in prose(text))
    plain = (re.sub(r"[^\w\- ]", "", heading[1].lower()) for heading in found if heading)
    return {heading.strip().replace(" ", "-") for heading in plain}
