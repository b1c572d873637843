"""Holds up a deployment that would delete what still holds something: `removed.py {stage} {template} [logs]`.

CloudFormation deletes what a template has no longer, and a queue goes with its messages. With `logs` as the last
argument, log groups may go with their lines.
"""

import json
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

Clients = Callable[[str], Any]

MESSAGES = ("", "NotVisible", "Delayed")


def main() -> int:
    """Not 0 when something would be lost."""
    stage, template, *lost = sys.argv[1:]
    stages = tomllib.loads((Path(__file__).resolve().parents[1] / "samconfig.toml").read_text())
    target = stages[stage]["global"]["parameters"]
    kept = set(json.loads(Path(template).read_text())["Resources"])
    try:
        found = list(losses(lambda service: boto3.client(service, target["region"]), target["stack_name"], kept))
    except (ClientError, BotoCoreError) as error:
        print(f"AWS refused: {error}")
        return 1
    found = [loss for kind, loss in found if kind not in lost]
    for loss in found:
        print(loss)
    return 1 if found else 0


def losses(client: Clients, stack: str, kept: set[str]) -> Iterator[tuple[str, str]]:
    """What the stack has and the template has not, and still holds something: its kind, and what to do about it."""
    for resource in resources(client("cloudformation"), stack):
        name, place = resource["LogicalResourceId"], resource.get("PhysicalResourceId")
        if name in kept or not place:
            continue
        if resource["ResourceType"] == "AWS::SQS::Queue" and messages(client("sqs"), place):
            yield "messages", (
                f"{name} would be deleted with {messages(client('sqs'), place)} messages. Send them back to where they came from: "
                f"SQS > {place.rpartition('/')[2]} > Start DLQ redrive. Deploy again when it is empty."
            )
        if resource["ResourceType"] == "AWS::Logs::LogGroup" and lines(client("logs"), place):
            yield "logs", (
                f"{name} would be deleted with its lines. Export {place} (CloudWatch > Log groups > Export data to Amazon S3), "
                "or do without: make deploy WITHOUT=logs."
            )


def resources(formation: Any, stack: str) -> Iterator[dict[str, Any]]:
    """What the stack has; nothing, when it is not there yet."""
    try:
        for page in formation.get_paginator("list_stack_resources").paginate(StackName=stack):
            yield from page["StackResourceSummaries"]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise


def messages(sqs: Any, url: str) -> int:
    """How many there are in a queue, about."""
    names = [f"ApproximateNumberOfMessages{kind}" for kind in MESSAGES]
    try:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    except sqs.exceptions.QueueDoesNotExist:
        return 0
    return sum(int(found[name]) for name in names)


def lines(logs: Any, group: str) -> bool:
    """Whether anything was ever written to a log group."""
    try:
        return bool(logs.describe_log_streams(logGroupName=group, limit=1)["logStreams"])
    except logs.exceptions.ResourceNotFoundException:
        return False


if __name__ == "__main__":
    sys.exit(main())
