"""The house rules: what no linter knows, and what the emulator drops.

Each module has one function `check(template)` that yields what is wrong, a sentence each.
"""

from collections.abc import Iterator

from template import Plain

from rules import alarms, cost, dashboard, functions, growth, pages, permissions, queues, routes, storage, topics

MODULES = (storage, permissions, functions, queues, topics, alarms, dashboard, routes, pages, growth, cost)


def check(template: Plain) -> Iterator[str]:
    """Everything that is wrong with a template."""
    for module in MODULES:
        try:
            yield from module.check(template)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            yield f"the template has an unexpected shape ({module.__name__}): {error!r}"
