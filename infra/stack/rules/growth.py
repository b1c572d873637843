"""What a topic of Intercom's takes of what AWS has an end of, and whether there is room for those to come."""

from collections.abc import Iterator
from typing import Any

import source
from template import Plain, mentions, refers_to

TOPICS_TO_COME = 30
MOST_RESOURCES_OF_A_TOPIC = 5
# Of a template of CloudFormation's.
MOST_RESOURCES = 500
# Bytes of a function's variables, names and values.
MOST_VARIABLES = 4_096
# Of an Id or ARN that AWS makes, and of what the stack's name may take: as long as they ever are.
GENERATED, STACK = 100, 20


def check(template: Plain) -> Iterator[str]:
    """A topic takes little, and all that are to come find room."""
    for program in topics(template):
        own = belongings(template, program)
        if len(own) > MOST_RESOURCES_OF_A_TOPIC:
            yield f"{program}: takes more than {MOST_RESOURCES_OF_A_TOPIC} resources: {', '.join(sorted(own))}"
    if then(template) > MOST_RESOURCES:
        yield f"with {TOPICS_TO_COME} topics more there are {then(template)} resources, over {MOST_RESOURCES}"
    for name in template.of_type("Lambda::Function"):
        if variables(template, name) > MOST_VARIABLES:
            yield f"{name}: with {TOPICS_TO_COME} topics more its variables have over {MOST_VARIABLES} bytes"


def summary(template: Plain) -> str:
    """All of it in a line."""
    most = max(len(belongings(template, program)) for program in topics(template))
    longest = max(variables(template, name) for name in template.of_type("Lambda::Function"))
    return (
        f"a topic takes {most} resources; {len(template.resources)} there are, and with {TOPICS_TO_COME} topics more "
        f"{then(template)} of {MOST_RESOURCES}, and {longest:,} bytes of {MOST_VARIABLES:,} for a function's variables"
    )


def topics(template: Plain) -> dict[str, str]:
    """The queue of each worker of topics that the template has."""
    queues = template.of_type("SQS::Queue")
    named = {program: source.queue_of(variable) for program, variable in source.topic_workers().items()}
    return {program: queue for program, queue in named.items() if queue in queues}


def belongings(template: Plain, program: str) -> set[str]:
    """The resources that are there because of one topic alone: its queue, and what names that or its function, or
    is named by no other function."""
    functions = {template.function_name(name): name for name in template.of_type("Lambda::Function")}
    queue, function = topics(template)[program], functions[program]
    others = {*topics(template).values(), *functions.values()} - {queue, function}
    role = refers_to(template.resources[function]["Properties"]["Role"])
    own = {queue, function, role or function}
    for name, resource in template.resources.items():
        named = mentions(resource)
        if named & {queue, function} and not named & others:
            own.add(name)
    group = template.log_group(function)
    if group and sum(template.log_group(name) == group for name in functions.values()) == 1:
        own.add(group)
        own |= {name for name, found in template.of_type("Logs::MetricFilter").items() if group in mentions(found)}
    return own


def then(template: Plain) -> int:
    """How many resources there are with all topics that are to come."""
    most = max(len(belongings(template, program)) for program in topics(template))
    return len(template.resources) + TOPICS_TO_COME * most


def variables(template: Plain, name: str) -> int:
    """Bytes of a function's variables, at most, when all topics are there that are to come."""
    every = template.resources[name]["Properties"].get("Environment", {}).get("Variables", {})
    sizes = {variable: len(variable) + size(value) for variable, value in every.items()}
    of_topics = [sizes[variable] for variable in source.topic_workers().values() if variable in sizes]
    return sum(sizes.values()) + TOPICS_TO_COME * max(of_topics, default=0)


def size(value: Any) -> int:
    """Bytes of a value, at most; a parameter's counts as what AWS makes."""
    match value:
        case {"Fn::GetAtt": [str(name), "QueueName"]}:
            # Stack, logical id, and twelve characters, with hyphens between.
            return STACK + len(name) + 14
        case dict():
            return GENERATED
    return len(str(value))
