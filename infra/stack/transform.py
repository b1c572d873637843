"""The SAM template to plain CloudFormation, by AWS's own translator: what is checked, created in moto and deployed."""

import json
import logging
import os
from pathlib import Path
from typing import Any

from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform as translate
from samtranslator.yaml_helper import yaml_parse

Template = dict[str, Any]

INFRA = Path(__file__).resolve().parent.parent
SOURCE = INFRA / "template.yaml"
# Where the translator, which knows no files, is told that the code is.
ARTIFACTS = "artifacts"

# It warns that it did not send AWS its own metrics.
logging.getLogger("samtranslator").setLevel(logging.ERROR)


class TemplateError(Exception):
    """The template cannot be transformed."""


def load(path: Path = SOURCE) -> Template:
    """The template as written: still SAM."""
    # What is merged into several places is one object until it has been copied: a change would show in all.
    return json.loads(json.dumps(yaml_parse(path.read_text())))


def functions(sam: Template) -> dict[str, Template]:
    """Every function of a SAM template, by its logical id."""
    return {
        name: resource
        for name, resource in sam["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def program(function: Template) -> str | None:
    """The program that a function is, as SAM builds it."""
    return function.get("Metadata", {}).get("BuildProperties", {}).get("Binary")


def package(function: Template) -> str:
    """The package that its program is in: CodeUri is ../functions/{package}."""
    return Path(function["Properties"]["CodeUri"]).name


class NoManagedPolicies:
    """The translator wants to ask IAM for the names of AWS's policies; no role here is left to it."""

    def load(self) -> dict[str, str]:
        """None."""
        return {}


def transform(sam: Template) -> Template:
    """The plain template. Its functions' code lies in the bucket ARTIFACTS."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    sam = json.loads(json.dumps(sam))
    for function in functions(sam).values():
        function["Properties"]["CodeUri"] = f"s3://{ARTIFACTS}/{package(function)}/{program(function)}.zip"
    try:
        plain = translate(sam, {}, NoManagedPolicies())
    except InvalidDocumentException as error:
        raise TemplateError("; ".join(cause.message for cause in error.causes)) from error
    plain.pop("Transform", None)
    return plain
