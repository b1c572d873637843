"""Pages: docs/CONFIGURATION.md and docs/LOGGING.md say what the template and the sources have."""

from collections.abc import Iterator

import source
from template import Plain

from rules.alarms import STACK
from rules.dashboard import counted

CONFIGURATION = "docs/CONFIGURATION.md"
LOGGING = "docs/LOGGING.md"


def check(template: Plain) -> Iterator[str]:
    """Every function has its row, and so has every variable, and every metric with its alarms."""
    yield from variables(template)
    yield from metrics(template)


def variables(template: Plain) -> Iterator[str]:
    """Each function's row says what the template sets, and each variable has a row that says what it holds."""
    page = source.configuration()
    functions = {template.function_name(name): function for name, function in template.of_type("Lambda::Function").items()}
    for package in sorted(functions.keys() - page.functions.keys()):
        yield f"{CONFIGURATION}: has no row for the function {package}"
    for package in sorted(page.functions.keys() - functions.keys()):
        yield f"{CONFIGURATION}: has a row for {package}, which is no function of the template"
    for package in sorted(functions.keys() & page.functions.keys()):
        given = functions[package].get("Environment", {}).get("Variables", {}).keys()
        row = page.functions[package]
        for variable in sorted(given - row.given):
            yield f"{CONFIGURATION}: the row of {package} lacks {variable}, which infra/template.yaml sets"
        for variable in sorted(row.given - given):
            yield f"infra/template.yaml: {package} is not given {variable}, as its row in {CONFIGURATION} says"
        for variable in sorted((row.given | row.read) - page.variables):
            yield f"{CONFIGURATION}: nothing says what {variable} of {package} holds"


def metrics(template: Plain) -> Iterator[str]:
    """Each metric that the functions write has a row, which names the alarms on it."""
    rows = source.metric_rows()
    ours = source.metrics() | counted(template)
    for metric in sorted(ours - rows.keys()):
        yield f"{LOGGING}: has no row for the metric {metric}"
    for metric in sorted(rows.keys() - ours):
        yield f"{LOGGING}: has a row for {metric}, which no function writes and no filter counts"
    namespaces = (source.metric_namespace(), STACK)
    alarms: dict[str, set[str]] = {metric: set() for metric in rows}
    for name, alarm in template.of_type("CloudWatch::Alarm").items():
        if alarm.get("Namespace") in namespaces:
            alarms.setdefault(alarm["MetricName"], set()).add(name)
    for metric, told in rows.items():
        if told != alarms[metric]:
            yield f"{LOGGING}: names {names(told)} on {metric}, and the template has {names(alarms[metric])}"


def names(alarms: set[str]) -> str:
    """Alarms in a sentence."""
    return ", ".join(sorted(alarms)) or "no alarm"
