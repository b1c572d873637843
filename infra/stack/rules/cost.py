"""What a month costs in which nobody does anything, counted in the template, as infra/COST.md says it."""

import re
from collections.abc import Iterator
from typing import Any

import source
from template import Plain, refers_to

from rules.growth import belongings, topics
from rules.topics import PARKING

PAGE = "infra/COST.md"

# Dollars. What a request to SQS or Lambda costs stands in the page's own table.
ALARM = 0.10
SECRET = 0.40
DASHBOARD = 3.00

# Lambda keeps five pollers where MaximumConcurrency is set, and each asks every twenty seconds.
MONTH = 30 * 86_400
POLLS = 5 * MONTH // 20
# A run of a schedule that finds nothing, in GB-seconds: a tenth of a second of the smallest function of ours.
SCHEDULED = 0.1 * 0.25

# What an operator may be asked for.
MOST_DOLLARS = 6.50
MOST_DOLLARS_OF_A_TOPIC = 0.30


def check(template: Plain) -> Iterator[str]:
    """It is not more than it may be, and what the page says."""
    if month(template) > MOST_DOLLARS:
        yield f"a month costs ${month(template):.2f} though nobody does anything, over ${MOST_DOLLARS:.2f}"
    for program in topics(template):
        if topic_dollars(template, program) > MOST_DOLLARS_OF_A_TOPIC:
            yield f"{program}: costs ${topic_dollars(template, program):.2f} a month, over ${MOST_DOLLARS_OF_A_TOPIC:.2f}"
    page = source.page(PAGE)
    for row in rows(template):
        if row not in page:
            yield f"{PAGE}: lacks the row {row}"


def summary(template: Plain) -> str:
    """All of it in a line."""
    most = max(topic_dollars(template, program) for program in topics(template))
    return f"idle ${month(template):.2f} a month, at most {MOST_DOLLARS:.2f}; a topic more ${most:.2f}, at most {MOST_DOLLARS_OF_A_TOPIC:.2f}"


def items(template: Plain) -> list[tuple[str, int, float]]:
    """What costs something by being there, as the page calls it: how many there are, and dollars for each."""
    there = Plain({**template.document, "Resources": dict(standing(template))})
    looked_at = len(topics(template))
    looks = runs(there, PARKING)
    gb_seconds = 1_000 * SCHEDULED * price("Lambda GB-second")
    return [
        ("an alarm (check)", len(there.of_type("CloudWatch::Alarm")), ALARM),
        ("a queue that a function works through", len(dict(there.workers())), POLLS * price("SQS request")),
        ("a secret (check)", len(there.of_type("SecretsManager::Secret")), SECRET),
        ("a topic's queue that is looked at", looked_at, looks * price("SQS request")),
        ("a thousand runs of schedules", runs(there) // 1_000, 1_000 * price("Lambda request") + gb_seconds),
        ("a dashboard (check), with `ShowDashboard`", len(there.of_type("CloudWatch::Dashboard")), DASHBOARD),
    ]


def rows(template: Plain) -> list[str]:
    """The table of the page."""
    found = [
        f"| {what} | {count:,} | ${each:.4f} | ${count * each:.2f} |"
        if each < 0.01
        else f"| {what} | {count:,} | ${each:.2f} | ${count * each:.2f} |"
        for what, count, each in items(template)
    ]
    return [*found, f"| **a month** | | | **${month(template):.2f}** |"]


def month(template: Plain) -> float:
    """Dollars a month."""
    return sum(count * each for _, count, each in items(template))


def price(what: str) -> float:
    """Dollars for one of what the page's table of prices has by the million."""
    found = re.search(rf"^\| {what} \| \$([\d.]+) \| a million", source.page(PAGE), re.MULTILINE)
    if not found:
        raise ValueError(f"{PAGE} has no price of a {what}")
    return float(found[1]) / 1_000_000


def runs(template: Plain, program: str | None = None) -> int:
    """How often schedules run a function in a month, or all functions."""
    every = {"rate(1 minute)": 60, "rate(5 minutes)": 300, "rate(1 hour)": 3_600}
    rules = [
        rule
        for rule in template.of_type("Events::Rule").values()
        if program in (None, template.function_name(refers_to(rule["Targets"][0]["Arn"]) or ""))
    ]
    # What is no rate here comes at a minute of each hour.
    return sum(MONTH // every.get(rule["ScheduleExpression"], 3_600) for rule in rules)


def topic_dollars(template: Plain, program: str) -> float:
    """What one topic costs a month."""
    own = belongings(template, program)
    polled = sum(name in own for name in template.of_type("Lambda::EventSourceMapping"))
    alarms = sum(name in own for name in template.of_type("CloudWatch::Alarm"))
    return alarms * ALARM + (polled * POLLS + runs(template, PARKING)) * price("SQS request")


def standing(template: Plain) -> Iterator[tuple[str, dict[str, Any]]]:
    """The resources that are there unless a parameter says otherwise."""
    conditions = template.document.get("Conditions", {})
    defaults = {name: str(value.get("Default")) for name, value in template.document["Parameters"].items()}

    def holds(condition: Any) -> bool:
        match condition:
            case {"Fn::Equals": [one, other]}:
                return value(one) == value(other)
            case {"Fn::Not": [inner]}:
                return not holds(inner)
            case {"Fn::And": inner}:
                return all(map(holds, inner))
        raise ValueError(f"an unexpected condition: {condition}")

    def value(found: Any) -> str:
        return defaults[found["Ref"]] if isinstance(found, dict) else str(found)

    for name, resource in template.resources.items():
        if "Condition" not in resource or holds(conditions[resource["Condition"]]):
            yield name, resource
