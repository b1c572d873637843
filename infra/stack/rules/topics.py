"""Notifications: each topic of Intercom's has its function and its queue, and whatever fails is seen in the end."""

from collections.abc import Iterator

import source
from template import Plain, refers_to

from rules.queues import dead_letters, open_to

# Bytes of the largest message that SQS takes, which is what verify-webhook takes from Intercom.
LARGEST_MESSAGE = 1 << 20
# Puts what failed where its organization sees it.
PARKING = "park-notification"


def check(template: Plain) -> Iterator[str]:
    """Every worker in the list has its function, its queue and its dead letters in the stack, and no other one has."""
    functions = {template.function_name(name): name for name in template.of_type("Lambda::Function")}
    queues = template.of_type("SQS::Queue")
    working = {queue: refers_to(mapping["FunctionName"]) for queue, mapping in template.workers()}
    workers = source.topic_workers()
    for program in sorted({name for name in functions if name.startswith("webhook-")} - set(workers)):
        yield f"{program}: is in infra/template.yaml, but {source.WORKERS} does not list it"
    for program, variable in workers.items():
        queue = source.queue_of(variable)
        if queue not in queues:
            yield f"{queue}: is forgotten in infra/template.yaml, though {source.WORKERS} has {program} work through it"
            continue
        if program not in functions:
            yield f"{program}: is forgotten in infra/template.yaml, though {source.WORKERS} lists it"
        elif working.get(queue) != functions[program]:
            yield f"{queue}: {working.get(queue)} works through it, not {program}"
        dead = dead_letters(queues[queue]) or ""
        if working.get(dead) != functions[PARKING]:
            yield f"{queue}: {PARKING} does not work through its dead letters, {dead}, so nobody sees what failed"
        for name in (queue, dead):
            if queues.get(name, {}).get("MaximumMessageSize") != LARGEST_MESSAGE:
                yield f"{name}: does not take messages of {LARGEST_MESSAGE} bytes"
        for sender in source.topic_senders():
            function = template.resources[functions[sender]]["Properties"]
            if function["Environment"]["Variables"].get(variable) != {"Fn::GetAtt": [queue, "QueueName"]}:
                yield f"{sender}: {variable} is not the name of {queue}"
            if queue not in open_to(template, function, "sqs:SendMessage"):
                yield f"{sender}: may not send to {queue}"
