"""The dashboard shows every function, every queue and every metric, and none that nobody writes."""

import json
from collections.abc import Iterator
from typing import Any

import source
from template import Plain, watched

from rules.alarms import STACK


def check(template: Plain) -> Iterator[str]:
    """Every function, every queue, and every metric of ours that the functions write, and none that they do not."""
    name, properties = template.only("CloudWatch::Dashboard")
    try:
        shown = list(metrics(json.loads(properties["DashboardBody"]["Fn::Sub"])))
    except (ValueError, KeyError, TypeError) as error:
        yield f"{name}: its body is not JSON: {error}"
        return
    for function in template.of_type("Lambda::Function"):
        if not any(line[0] == "AWS/Lambda" and "${%s}" % function in line for line in shown):
            yield f"{name}: does not show {function}"
    for queue in template.of_type("SQS::Queue"):
        if not any(line[0] == "AWS/SQS" and "${%s.QueueName}" % queue in line for line in shown):
            yield f"{name}: does not show {queue}"
    yield from by_function(template, name, [line for line in shown if line[0] == source.metric_namespace()])
    yield from of_the_stack(template, name, {line[1] for line in shown if line[0] == STACK["Fn::Sub"]})


def by_function(template: Plain, name: str, ours: list[list[Any]]) -> Iterator[str]:
    """The metrics that our functions write, each by its function."""
    whole = counted(template)
    for metric in sorted(source.metrics() - {line[1] for line in ours} - whole):
        yield f"{name}: does not show {metric}"
    alarms = template.of_type("CloudWatch::Alarm").values()
    alarmed = [alarm for alarm in alarms if alarm.get("Namespace") == source.metric_namespace()]
    written = {line[1] for line in ours} | {alarm["MetricName"] for alarm in alarmed}
    for metric in sorted(written - source.metrics()):
        yield f"{metric}: no function writes it"
    named = {line[3] for line in ours} | {"${%s}" % watched(alarm) for alarm in alarmed}
    for function in sorted(named - {"${%s}" % function for function in template.of_type("Lambda::Function")}):
        yield f"{function}: metrics of it are shown, but there is no such function"


def of_the_stack(template: Plain, name: str, shown: set[str]) -> Iterator[str]:
    """The metrics that filters count for all functions together."""
    whole = counted(template)
    for metric in sorted(whole - shown):
        yield f"{name}: does not show {metric}"
    alarms = template.of_type("CloudWatch::Alarm").values()
    alarmed = {alarm["MetricName"] for alarm in alarms if alarm.get("Namespace") == STACK}
    for metric in sorted((shown | alarmed) - whole):
        yield f"{metric}: no filter counts it"


def counted(template: Plain) -> set[str]:
    """The metrics that filters count."""
    filters = template.of_type("Logs::MetricFilter").values()
    return {metric["MetricName"] for found in filters for metric in found["MetricTransformations"]}


def metrics(body: dict[str, Any]) -> Iterator[list[Any]]:
    """Every metric of a dashboard: namespace, name, dimension, value."""
    for widget in body["widgets"]:
        yield from widget["properties"]["metrics"]
