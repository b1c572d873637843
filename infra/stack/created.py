"""The stack, created in the emulator."""

import io
import json
import logging
import zipfile
from dataclasses import dataclass
from typing import Any

import boto3
import emulator
from botocore.exceptions import ClientError
from moto.moto_api._internal.models import moto_api_backend
from transform import ARTIFACTS, Template

REGION = "us-east-1"
NAME = "recapt"
# Every condition of the template holds, so that every resource is there.
PARAMETERS = {
    "DomainName": "recapt.example.com",
    "CertificateArn": f"arn:aws:acm:{REGION}:123456789012:certificate/12345678-1234-1234-1234-123456789012",
    "AlarmEmail": "operator@example.com",
    "ShowDashboard": "true",
    "MonthlyBudget": "100",
    "BudgetEmail": "operator@example.com",
}


class NotCreated(Exception):
    """The emulator refused the template."""


class Emulator:
    """A running emulator, and clients that talk to it."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server, self.endpoint = emulator.serve()

    def client(self, service: str) -> Any:
        """A client of `service`."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def forget(self) -> None:
        """Empties the emulator."""
        moto_api_backend.reset()


@dataclass
class Stack:
    """A created stack."""

    emulator: Emulator
    # Logical id to physical id.
    resources: dict[str, str]
    # Logical id to type, of what was created.
    types: dict[str, str]
    outputs: dict[str, str]

    def client(self, service: str) -> Any:
        """A client of `service` where the stack is."""
        return self.emulator.client(service)


def create(emulator_: Emulator, plain: Template) -> Stack:
    """Creates the stack of a plain template. No function of it runs, so any code will do."""
    s3 = emulator_.client("s3")
    s3.create_bucket(Bucket=ARTIFACTS)
    for resource in plain["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            s3.put_object(Bucket=ARTIFACTS, Key=resource["Properties"]["Code"]["S3Key"], Body=placeholder())
    formation = emulator_.client("cloudformation")
    try:
        formation.create_stack(
            StackName=NAME,
            TemplateBody=json.dumps(plain),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        stack = formation.describe_stacks(StackName=NAME)["Stacks"][0]
        made = formation.describe_stack_resources(StackName=NAME)["StackResources"]
    except ClientError as error:
        raise NotCreated(str(error)) from error
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise NotCreated(f"{stack['StackStatus']}: {stack.get('StackStatusReason', 'no reason given')}")
    return Stack(
        emulator_,
        {resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "") for resource in made},
        {resource["LogicalResourceId"]: resource["ResourceType"] for resource in made},
        {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
    )


def placeholder() -> bytes:
    """A deployment package with something in it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("bootstrap", "#!/bin/sh\n")
    return archive.getvalue()
