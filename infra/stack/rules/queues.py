"""Queues: nothing is dropped, nothing is worked on twice at a time, nobody is overrun."""

from collections.abc import Iterator
from typing import Any

import source
from template import Plain, as_list, refers_to

# SQS keeps a message for 14 days at most.
LONGEST_RETENTION = 14 * 86_400
# What Lambda's documentation asks of a queue's visibility timeout, as a multiple of the function's.
VISIBILITY_FACTOR = 6


def check(template: Plain) -> Iterator[str]:
    """Each queue has a worker and dead letters, each worker reports what failed."""
    queues = template.of_type("SQS::Queue")
    dead = {dead_letters(queue) for queue in queues.values()} - {None}
    workers = dict(template.workers())
    for name, queue in queues.items():
        if queue.get("SqsManagedSseEnabled") is not True:
            yield f"{name}: not encrypted"
        if name in dead:
            if queue.get("MessageRetentionPeriod") != LONGEST_RETENTION:
                yield f"{name}: dead letters are not kept for 14 days"
            continue
        yield from redrive(name, queue, set(queues))
        if name not in workers:
            yield f"{name}: no function works through it"
        if dead_letters(queue) in workers and name not in source.queues_of_topics():
            yield f"{name}: what fails goes to {dead_letters(queue)}, through which works who knows notifications alone"
    for name, mapping in workers.items():
        yield from worker(template, name, mapping)


def dead_letters(queue: dict[str, Any]) -> str | None:
    """The queue that a queue's failed messages go to."""
    return refers_to(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn"))


def redrive(name: str, queue: dict[str, Any], queues: set[str]) -> Iterator[str]:
    """What fails too often is parked."""
    if dead_letters(queue) not in queues:
        yield f"{name}: what fails is tried again until it is lost: no RedrivePolicy"
    elif queue["RedrivePolicy"].get("maxReceiveCount") != source.max_receives():
        yield f"{name}: maxReceiveCount is not platform's MAX_RECEIVES, {source.max_receives()}"


def worker(template: Plain, name: str, mapping: dict[str, Any]) -> Iterator[str]:
    """How a function takes from a queue."""
    function = refers_to(mapping["FunctionName"]) or ""
    queue = template.of_type("SQS::Queue").get(name)
    if queue is None:
        yield f"{function}: works through {name}, which is no queue of this stack"
        return
    if mapping.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
        yield f"{function}: one failed message brings back its whole batch: no ReportBatchItemFailures"
    concurrency = mapping.get("ScalingConfig", {}).get("MaximumConcurrency", 0)
    if not 2 <= concurrency <= 1000:
        yield f"{function}: MaximumConcurrency is {concurrency}, not from 2 to 1000"
    timeout = template.resources[function]["Properties"]["Timeout"]
    needed = VISIBILITY_FACTOR * timeout + mapping.get("MaximumBatchingWindowInSeconds", 0)
    if queue.get("VisibilityTimeout", 30) < needed:
        yield f"{name}: visible again after {queue.get('VisibilityTimeout', 30)} s; {function} may need {needed} s"
    if name not in open_to(template, template.resources[function]["Properties"], "sqs:ReceiveMessage"):
        yield f"{function}: works through {name}, but its role may not receive from it (infra/template.yaml)"


def open_to(template: Plain, function: dict[str, Any], action: str) -> set[str | None]:
    """The queues with which a function's role may do something."""
    role = template.resources[refers_to(function["Role"]) or ""]["Properties"]
    statements = [statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]]
    allowing = [statement for statement in statements if action in as_list(statement["Action"])]
    return {refers_to(resource) for statement in allowing for resource in as_list(statement["Resource"])}
