"""Who is told what: every function and queue is watched, and the dashboard shows them all."""

import json
from collections.abc import Iterator
from typing import Any

import source
from template import Plain, refers_to

from rules.queues import dead_letters


def check(template: Plain) -> Iterator[str]:
    """Each alarm reaches somebody and says what to do."""
    topic, _ = template.only("SNS::Topic")
    for name, alarm in template.of_type("CloudWatch::Alarm").items():
        if [refers_to(action) for action in alarm.get("AlarmActions", [])] != [topic]:
            yield f"{name}: nobody is told"
        if not alarm.get("AlarmDescription"):
            yield f"{name}: does not say what to do"
        if alarm.get("TreatMissingData") != "notBreaching":
            yield f"{name}: rings when nothing happens"
    yield from watched(template)
    yield from dashboard(template)


def watched(template: Plain) -> Iterator[str]:
    """What has to have which alarm."""
    functions = list(template.of_type("Lambda::Function"))
    endpoints = [refers_to(url["TargetFunctionArn"]) for url in template.of_type("Lambda::Url").values()]
    queues = template.of_type("SQS::Queue")
    dead = sorted({dead_letters(queue) for queue in queues.values()} - {None})
    for namespace, metric, names in (
        ("AWS/Lambda", "Errors", functions),
        ("AWS/Lambda", "Throttles", functions),
        ("AWS/Lambda", "UrlRequestLatency", endpoints),
        ("AWS/Lambda", "Url5xxCount", endpoints),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", dead),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", [name for name in queues if name not in dead]),
    ):
        alarms = template.alarms_on(namespace, metric)
        for name in names:
            if name not in alarms:
                yield f"{name}: no alarm on {metric}"
    for metric in ("SignatureRejected", "QuotaExceeded"):
        if not template.alarms_on(source.metric_namespace(), metric):
            yield f"no alarm on {metric}"
    name, budget = template.only("Budgets::Budget")
    told = [refers_to(to["Address"]) for who in budget["NotificationsWithSubscribers"] for to in who["Subscribers"]]
    if not told or set(told) != {"BudgetEmail"}:
        yield f"{name}: nobody is told"


def dashboard(template: Plain) -> Iterator[str]:
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
    ours = [line for line in shown if line[0] == source.metric_namespace()]
    for metric in sorted(source.metrics() - {line[1] for line in ours}):
        yield f"{name}: does not show {metric}"
    alarms = template.of_type("CloudWatch::Alarm").values()
    alarmed = [alarm for alarm in alarms if alarm.get("Namespace") == source.metric_namespace()]
    written = {line[1] for line in ours} | {alarm["MetricName"] for alarm in alarmed}
    for metric in sorted(written - source.metrics()):
        yield f"{metric}: no function writes it"
    named = {line[3] for line in ours}
    named |= {"${%s}" % refers_to(alarm["Dimensions"][0]["Value"]) for alarm in alarmed}
    for function in sorted(named - {"${%s}" % function for function in template.of_type("Lambda::Function")}):
        yield f"{function}: metrics of it are shown, but there is no such function"


def metrics(body: dict[str, Any]) -> Iterator[list[Any]]:
    """Every metric of a dashboard: namespace, name, dimension, value."""
    for widget in body["widgets"]:
        yield from widget["properties"]["metrics"]
