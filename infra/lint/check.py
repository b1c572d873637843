"""Checks what no compiler reads: comments and pages. Needs nothing but Python and git.

1. Each check looks through the repository.
2. Then the checks are checked: each gets texts with one fault in them, and has to find it.
"""

import sys
from collections.abc import Callable, Iterator

import comments
import faults
import pages
from sources import Sources

Check = Callable[[Sources], Iterator[str]]

CHECKS: dict[str, Check] = {
    "comments are at most 110 columns wide": comments.width,
    "comments cite no page that is not here": comments.citations,
    "files named in comments are there": comments.paths,
    "comments name rows, and do not number them": comments.row_numbers,
    "links of pages lead somewhere": pages.links,
    "tests named in pages are there": pages.tests,
    "files named in pages are there": pages.paths,
}

def main() -> int:
    """Prints an account; not 0 when something is wrong."""
    sources = Sources.of_repository()
    wrong = 0
    print("Comments and pages:")
    for what, check in CHECKS.items():
        found = list(check(sources))
        wrong += len(found)
        print(f"  {'FAIL' if found else 'ok  '} {what}")
        for finding in found:
            print(f"         {finding}")
    unnoticed = list(faults.unnoticed())
    wrong += len(unnoticed)
    print(f"  {'FAIL' if unnoticed else 'ok  '} {len(faults.FAULTS)} injected faults are noticed")
    for fault in unnoticed:
        print(f"         goes unnoticed: {fault}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
