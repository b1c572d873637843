"""Who is told what: every function and queue is watched, alone or with all others of its kind."""

from collections.abc import Iterator
from typing import Any

import source
from template import Plain, refers_to

from rules.queues import dead_letters, open_to
from rules.topics import PARKING

# Whom people, Intercom or many recorders wait for. The other endpoints are called so rarely that CloudWatch
# has no percentile of them; what takes them too long runs out of time, which is a failure.
AWAITED = {"canvas", "collect", "record", "sessions", "verify-webhook"}

# The metrics of the stack as a whole, which filters count in the logs of functions.
STACK = {"Fn::Sub": "Recapt/${AWS::StackName}"}
FUNCTION_FAILED = (
    '{ $.type = "platform.*" && ($.record.status = "failure" || $.record.status = "error" '
    '|| $.record.status = "timeout") }'
)
REQUEST_FAILED = '{ $.level = "ERROR" }'
NOTIFICATION_LATE = "{ $.NotificationLate > 0 }"


def check(template: Plain) -> Iterator[str]:
    """Each alarm reaches somebody and says what to do, and nothing goes wrong without one."""
    topic, _ = template.only("SNS::Topic")
    for name, alarm in template.of_type("CloudWatch::Alarm").items():
        if [refers_to(action) for action in alarm.get("AlarmActions", [])] != [topic]:
            yield f"{name}: nobody is told"
        if not alarm.get("AlarmDescription"):
            yield f"{name}: does not say what to do"
        if alarm.get("TreatMissingData") != "notBreaching":
            yield f"{name}: rings when nothing happens"
    yield from functions(template)
    yield from queues(template)
    yield from ours(template)


def functions(template: Plain) -> Iterator[str]:
    """A function that fails, an endpoint that answers 5xx or is slow, whoever is throttled."""
    every = list(template.of_type("Lambda::Function"))
    endpoints = [refers_to(url["TargetFunctionArn"]) or "" for url in template.of_type("Lambda::Url").values()]
    yield from counted(template, every, "FunctionFailed", FUNCTION_FAILED)
    yield from counted(template, endpoints, "RequestFailed", REQUEST_FAILED)
    for metric in ("FunctionFailed", "RequestFailed"):
        if None not in template.alarms_on(STACK, metric):
            yield f"no alarm on {metric}"
    for metric in ("Errors", "Throttles"):
        if None not in template.alarms_on("AWS/Lambda", metric):
            yield f"no alarm on the {metric} of all functions together"
    for name in endpoints:
        program = template.function_name(name)
        if program in AWAITED and name not in template.alarms_on("AWS/Lambda", "UrlRequestLatency"):
            yield f"{name}: no alarm on UrlRequestLatency"
        if program == "verify-webhook" and name not in template.alarms_on("AWS/Lambda", "Url5xxCount"):
            yield f"{name}: no alarm on Url5xxCount"
    queries = template.of_type("Logs::QueryDefinition").values()
    read = {refers_to(group) for query in queries for group in query["LogGroupNames"]}
    for group in sorted({str(template.log_group(name)) for name in every} - read):
        yield f"{group}: the saved query does not read it, so nobody learns which of its functions failed"


def counted(template: Plain, names: list[str], metric: str, pattern: str) -> Iterator[str]:
    """The log group of each of these functions has a filter that counts a metric of the stack, whole."""
    groups = {
        refers_to(found["LogGroupName"])
        for found in template.of_type("Logs::MetricFilter").values()
        if found["FilterPattern"] == pattern
        and found["MetricTransformations"] == [{"MetricNamespace": STACK, "MetricName": metric, "MetricValue": "1"}]
    }
    for name in names:
        if template.log_group(name) not in groups:
            yield f"{name}: nothing counts {metric} in its log"


def queues(template: Plain) -> Iterator[str]:
    """A queue whose messages wait, or whose dead letters do."""
    every = template.of_type("SQS::Queue")
    dead = sorted({dead_letters(queue) for queue in every.values()} - {None})
    topics = {source.queue_of(variable): program for program, variable in source.topic_workers().items()}
    for name in dead:
        if name not in template.alarms_on("AWS/SQS", "ApproximateNumberOfMessagesVisible"):
            yield f"{name}: no alarm on ApproximateNumberOfMessagesVisible"
    for name in every:
        alone = template.alarms_on("AWS/SQS", "ApproximateAgeOfOldestMessage")
        if name not in alone and name not in dead and name not in topics:
            yield f"{name}: no alarm on ApproximateAgeOfOldestMessage"
    functions = {template.function_name(name): name for name in template.of_type("Lambda::Function")}
    workers = [functions[program] for program in topics.values() if program in functions]
    yield from counted(template, workers, "NotificationLate", NOTIFICATION_LATE)
    if None not in template.alarms_on(STACK, "NotificationLate"):
        yield "no alarm on NotificationLate"
    if functions.get(PARKING) not in template.alarms_on(source.metric_namespace(), "NotificationUntaken"):
        yield "no alarm on NotificationUntaken"
    looked_at = open_to(template, template.resources[functions[PARKING]]["Properties"], "sqs:GetQueueAttributes")
    for name in sorted(topics.keys() & every.keys() - looked_at):
        yield f"{name}: {PARKING} may not look whether anybody takes from it"


def ours(template: Plain) -> Iterator[str]:
    """What our own functions count, and what the account costs."""
    for metric in ("SignatureRejected", "QuotaExceeded", "NotificationParked"):
        if not template.alarms_on(source.metric_namespace(), metric):
            yield f"no alarm on {metric}"
    name, budget = template.only("Budgets::Budget")
    told = [refers_to(to["Address"]) for who in budget["NotificationsWithSubscribers"] for to in who["Subscribers"]]
    if not told or set(told) != {"BudgetEmail"}:
        yield f"{name}: nobody is told"
