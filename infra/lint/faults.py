"""Texts with one fault each: a check that lets one pass is no check."""

from collections.abc import Callable, Iterator

import comments
import pages
from sources import Sources

WIDE = "long " * 23

# What is wrong, who has to notice, in which file, with which text.
FAULTS: dict[str, tuple[Callable[[Sources], Iterator[str]], str, str]] = {
    "a wide comment in Rust": (comments.width, "a.rs", f"/// {WIDE}"),
    "a wide comment in TypeScript": (comments.width, "a.ts", f"/** {WIDE} */"),
    "a wide comment in YAML": (comments.width, "a.yaml", f"  # {WIDE}"),
    "a wide comment after a fence": (comments.width, "a.rs", f"//! ```\n//! {WIDE}\n//! ```\n//! {WIDE}"),
    "a section of a page that is not here": (comments.citations, "a.rs", "/// Half an hour (design section 4)."),
    "a page that is not here": (comments.paths, "a.rs", "// docs/LAYOUT.md says why."),
    "a page that is not here, by its name alone": (comments.paths, "a.rs", "// LAYOUT.md says why."),
    "a file that has moved": (comments.paths, "a.rs", "//! See `shared/store/src/moved.rs`."),
    "a folder that has moved, of two": (comments.paths, "a.rs", "// `shared/{here,moved}/a.rs`"),
    "a row by its number": (comments.row_numbers, "a.rs", "/// Row 12."),
    "rows by their numbers": (comments.row_numbers, "a.rs", "/// Deletes rows 5 and 20 of whom is gone."),
    "a link to nothing": (pages.links, "docs/A.md", "[page](B.md)"),
    "a link to a heading that is not there": (pages.links, "docs/A.md", "# Here\n[there](#there)"),
    "a test that is not there": (pages.tests, "docs/A.md", "`shared/here/a.rs::there`"),
    "a path in a page": (pages.paths, "docs/A.md", "| `shared/store/src/moved.rs` |"),
    "a path that is to be filled in": (pages.paths, "docs/A.md", "TODO-PATH(shared/here/a.rs)"),
}

# What is right, and may not be taken for a fault.
SOUND = {
    "a.rs": f"//! | {WIDE} |\n//! ```\n//! {WIDE}\n//! ```\n//! [a]: https://a.example/{'a' * 110}\n\n"
    f"/// RFC 3986 section 3.4; shared/here/a.rs, `shared/*/a.rs`. Reads two rows, or 2 rows.\n"
    f"/// As shared/{{name}}/a.rs.\nlet text = \"{WIDE}\";",
    "docs/A.md": "# The way\n[way](#the-way) [file](../shared/here/a.rs) [web](https://a.example/b)\n"
    "`shared/here/a.rs::here` ../shared/here/a.rs\n```\n[no](link)\n```",
}


def unnoticed() -> Iterator[str]:
    """The faults that no check finds, and what is found in sound text."""
    there = {"shared/here/a.rs": "fn here() {}"}
    for name, (check, path, text) in FAULTS.items():
        if not list(check(Sources.of({**there, path: text}, []))):
            yield name
    sound = Sources.of({**there, **SOUND}, [])
    for check in {check for check, _, _ in FAULTS.values()}:
        for finding in check(sound):
            yield f"that this is sound: {finding}"
