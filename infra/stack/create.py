"""Creates the stack in the emulator, prints where and what it is as one line of JSON, and stays until stdin closes.

    {"endpoint": "http://127.0.0.1:...", "region": "...", "outputs": {...}, "resources": {logical id: physical id},
     "functions": {program: {"name", "timeout", "memory", "environment": {...},
                             "permissions": [{"actions": [...], "resources": [...]}],
                             "queues": [{"url", "batch_size", "dead_letters" or null}]}}}

Everything in it comes from the emulator, as CloudFormation resolved it.
"""

import ast
import json
import sys
from typing import Any

import transform
from created import REGION, Emulator, Stack, create


def main() -> None:
    """Runs until whoever started it is gone."""
    sam = transform.load()
    plain = transform.transform(sam)
    stack = create(Emulator(), plain)
    programs = {
        transform.program(function): stack.resources[name] for name, function in transform.functions(sam).items()
    }
    functions = {program: describe(stack, name) for program, name in programs.items()}
    print(
        json.dumps(
            {
                "endpoint": stack.emulator.endpoint,
                "region": REGION,
                "outputs": stack.outputs,
                "resources": stack.resources,
                "functions": functions,
            }
        ),
        flush=True,
    )
    sys.stdin.read()


def describe(stack: Stack, name: str) -> dict[str, Any]:
    """A function as it was created."""
    function = stack.client("lambda").get_function_configuration(FunctionName=name)
    return {
        "name": name,
        "timeout": function["Timeout"],
        "memory": function["MemorySize"],
        # Lambda hands over texts; moto keeps a parameter of type Number as the number that it is.
        "environment": {name: str(value) for name, value in function["Environment"]["Variables"].items()},
        "permissions": permissions(stack, function["Role"].rpartition("/")[2]),
        "queues": queues(stack, name),
    }


def permissions(stack: Stack, role: str) -> list[dict[str, list[str]]]:
    """What a role allows, statement by statement."""
    iam = stack.client("iam")
    return [
        {"actions": as_list(statement["Action"]), "resources": as_list(statement["Resource"])}
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
        for statement in document(iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"])["Statement"]
    ]


def document(policy: str | dict[str, Any]) -> dict[str, Any]:
    """A policy as an object: moto writes those of a stack as Python does, which is no JSON."""
    return ast.literal_eval(policy) if isinstance(policy, str) else policy


def queues(stack: Stack, function: str) -> list[dict[str, Any]]:
    """The queues that a function works through."""
    sqs, functions = stack.client("sqs"), stack.client("lambda")
    found = []
    for mapping in functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]:
        # Whoever started this delivers the messages; moto would try to run the function in Docker at every
        # send.
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        url = sqs.get_queue_url(QueueName=mapping["EventSourceArn"].rpartition(":")[2])["QueueUrl"]
        found.append({"url": url, "batch_size": mapping["BatchSize"], "dead_letters": dead_letters(sqs, url)})
    return found


def dead_letters(sqs: Any, url: str) -> str | None:
    """Where what fails in a queue goes; None of a queue that is such a place itself."""
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"]).get("Attributes", {})
    if "RedrivePolicy" not in found:
        return None
    name = json.loads(found["RedrivePolicy"])["deadLetterTargetArn"].rpartition(":")[2]
    return sqs.get_queue_url(QueueName=name)["QueueUrl"]


def as_list(value: str | list[str]) -> list[str]:
    """IAM lets a single text stand for a list of one."""
    return [value] if isinstance(value, str) else value


if __name__ == "__main__":
    main()
