"""What holds of every comment."""

import re
from collections.abc import Iterator

import names
from sources import TABLE, Sources

# Columns that a comment may have.
WIDEST = 110
# What ends with an address cannot be broken.
ENDS_IN_ADDRESS = re.compile(r"https?://\S+$")
ROW_NUMBER = re.compile(r"\b[Rr]ows? \d")
# A section of something: whose is said in the same comment.
SECTION = re.compile(r"\b[Ss]ections? \d")
STANDARD = re.compile(r"\bRFC \d+|\bDOM\b")


def width(sources: Sources) -> Iterator[str]:
    """No line is wider than it may be, but for tables and fenced code."""
    for block in sources.comments():
        for line in block:
            if len(line.text) > WIDEST and not TABLE.match(line.text) and not ENDS_IN_ADDRESS.search(line.text):
                yield f"{line}: {len(line.text)} columns, more than {WIDEST}"


def citations(sources: Sources) -> Iterator[str]:
    """Whoever cites a section says of which standard, for pages of ours have headings."""
    for block in sources.comments():
        said = " ".join(line.text for line in block)
        for line in block:
            if SECTION.search(line.text) and not STANDARD.search(said):
                yield f"{line}: cites a section, and no RFC that would have it"


def paths(sources: Sources) -> Iterator[str]:
    """A page or file that a comment names is there."""
    for block in sources.comments():
        for line in block:
            for name in names.missing(line.text, line.path, sources):
                yield f"{line}: there is no {name}"


def row_numbers(sources: Sources) -> Iterator[str]:
    """A row of the table is called by its name: `row 12` sends the reader to look it up."""
    for block in sources.comments():
        for line in block:
            if ROW_NUMBER.search(line.text):
                yield f"{line}: numbers a row: {line.text.strip()}"
