"""Writes the Intercom app's credentials into the stack's secret: `secret.py {stage of samconfig.toml}`.

It asks for them, or takes them from INTERCOM_CLIENT_ID and INTERCOM_CLIENT_SECRET, and shows neither. The master key
is in a secret of its own, which this leaves alone. A function reads its secrets when it starts, so all of them are
started anew.
"""

import getpass
import json
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

ASKED = {"intercom_client_id": "Client ID", "intercom_client_secret": "Client secret"}


def main() -> int:
    """Reads, asks, merges, writes, restarts."""
    stages = tomllib.loads((Path(__file__).resolve().parents[1] / "samconfig.toml").read_text())
    target = stages[sys.argv[1]]["global"]["parameters"]
    session = boto3.Session(region_name=target["region"])
    try:
        formation = session.client("cloudformation")
        outputs = formation.describe_stacks(StackName=target["stack_name"])["Stacks"][0]["Outputs"]
        arn = next(output["OutputValue"] for output in outputs if output["OutputKey"] == "IntercomSecretArn")
        version = write(session.client("secretsmanager"), arn)
        if version is None:
            return 1
        restart(session.client("lambda"), formation, target["stack_name"], version)
    except (ClientError, BotoCoreError) as error:
        print(f"AWS refused: {error}")
        return 1
    print("Written. From now on every function starts with it.")
    return 0


def write(secrets: Any, arn: str) -> str | None:
    """Puts what is given into the secret; the id of its new version."""
    value = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    if not set(value) <= ASKED.keys():
        print(f"The secret holds more than the app's credentials: {sorted(value)}. Nothing changed.")
        return None
    given = {name: ask(name, label) for name, label in ASKED.items()}
    value |= {name: text for name, text in given.items() if text}
    return secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(value))["VersionId"]


def restart(functions: Any, formation: Any, stack: str, version: str) -> None:
    """Changes a variable of every function, whereupon Lambda starts new instances of it."""
    for page in formation.get_paginator("list_stack_resources").paginate(StackName=stack):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] == "AWS::Lambda::Function":
                name = resource["PhysicalResourceId"]
                variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
                environment = {"Variables": variables | {"SECRET_VERSION": version}}
                functions.update_function_configuration(FunctionName=name, Environment=environment)


def ask(name: str, label: str) -> str:
    """What the environment says, else what is typed, which is not shown; nothing keeps what is there."""
    return os.environ.get(name.upper(), "") or getpass.getpass(f"{label} (empty: leave it as it is): ").strip()


if __name__ == "__main__":
    sys.exit(main())
