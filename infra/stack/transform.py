"""The SAM template to plain CloudFormation, on this machine: what is checked, created in moto and deployed.

`Fn::ForEach` is expanded here as AWS::LanguageExtensions does; the rest is AWS's own translator.
"""

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
FOREACH = "Fn::ForEach::"
# Where the translator, which knows no files, is told that the code is.
ARTIFACTS = "artifacts"

# It warns that it did not send AWS its own metrics.
logging.getLogger("samtranslator").setLevel(logging.ERROR)


class TemplateError(Exception):
    """The template cannot be transformed."""


def load(path: Path = SOURCE) -> Template:
    """The template as written, its loops expanded: still SAM."""
    template = yaml_parse(path.read_text())
    for section in ("Resources", "Outputs"):
        template[section] = expand(template[section])
    return template


def expand(section: dict[str, Any]) -> dict[str, Any]:
    """A section of a template without its `Fn::ForEach`."""
    expanded: dict[str, Any] = {}
    for name, value in section.items():
        if not name.startswith(FOREACH):
            expanded[name] = value
            continue
        variable, members, fragment = value
        for member in members:
            for key, resource in substitute(fragment, "${%s}" % variable, member).items():
                if key in expanded:
                    raise TemplateError(f"{name} makes {key} a second time")
                expanded[key] = resource
    return expanded


def substitute(value: Any, placeholder: str, member: str) -> Any:
    """`value` with the loop's placeholder replaced in every key and every text.

    A `Fn::Sub` that has nothing left to replace becomes its text: the loop was all that it was there for.
    """
    if isinstance(value, dict):
        replaced = {
            substitute(key, placeholder, member): substitute(item, placeholder, member) for key, item in value.items()
        }
        text = replaced.get("Fn::Sub")
        return text if isinstance(text, str) and "${" not in text else replaced
    if isinstance(value, list):
        return [substitute(item, placeholder, member) for item in value]
    return value.replace(placeholder, member) if isinstance(value, str) else value


def functions(sam: Template) -> dict[str, Template]:
    """Every function of a SAM template, by its logical id."""
    return {
        name: resource["Properties"]
        for name, resource in sam["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def package(function: Template) -> str:
    """The package under functions/ that a function is built from: CodeUri is .../{package}/bootstrap.zip."""
    return Path(function["CodeUri"]).parent.name


class NoManagedPolicies:
    """The translator wants to ask IAM for the names of AWS's policies; no role here is left to it."""

    def load(self) -> dict[str, str]:
        """None."""
        return {}


def transform(sam: Template) -> Template:
    """The plain template of an expanded one. Its functions' code lies in the bucket ARTIFACTS."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    sam = json.loads(json.dumps(sam))
    sam["Transform"] = "AWS::Serverless-2016-10-31"
    for function in functions(sam).values():
        function["CodeUri"] = f"s3://{ARTIFACTS}/{package(function)}.zip"
    try:
        plain = translate(sam, {}, NoManagedPolicies())
    except InvalidDocumentException as error:
        raise TemplateError("; ".join(cause.message for cause in error.causes)) from error
    plain.pop("Transform", None)
    return plain
