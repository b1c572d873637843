"""A plain template as a thing to ask questions of."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

Resource = dict[str, Any]


class Plain:
    """A template after every transform."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.resources: dict[str, Resource] = document["Resources"]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of every resource of a type, by logical id; `kind` without `AWS::`."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == f"AWS::{kind}"
        }

    def only(self, kind: str) -> tuple[str, dict[str, Any]]:
        """The one resource of a type."""
        ((name, properties),) = self.of_type(kind).items()
        return name, properties

    def function_name(self, name: str) -> str:
        """What the program of a function is called: its code is `{package}/{program}.zip`."""
        return self._code(name).stem

    def package(self, name: str) -> str:
        """The package that the program of a function is in."""
        return self._code(name).parent.name

    def _code(self, name: str) -> PurePosixPath:
        return PurePosixPath(self.resources[name]["Properties"]["Code"]["S3Key"])

    def alarms_on(self, namespace: Any, metric: str) -> dict[str | None, dict[str, Any]]:
        """The alarms on a metric by the logical id of the resource that they watch: None for all together."""
        return {
            watched(alarm): alarm
            for alarm in self.of_type("CloudWatch::Alarm").values()
            if (alarm.get("Namespace"), alarm.get("MetricName")) == (namespace, metric)
        }

    def log_group(self, function: str) -> str | None:
        """The logical id of the group that a function logs to."""
        return refers_to(self.resources[function]["Properties"].get("LoggingConfig", {}).get("LogGroup"))

    def workers(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The logical id of each queue that a function works through, and the event source mapping."""
        for mapping in self.of_type("Lambda::EventSourceMapping").values():
            yield refers_to(mapping["EventSourceArn"]) or "", mapping


def watched(alarm: dict[str, Any]) -> str | None:
    """The logical id of the resource that an alarm watches; None for one whose metric is of all together."""
    dimensions = alarm.get("Dimensions")
    return refers_to(dimensions[0]["Value"]) or str(dimensions[0]["Value"]) if dimensions else None


def refers_to(value: Any) -> str | None:
    """The logical id that a Ref, a GetAtt or a Sub begins with; None for what names no resource."""
    match value:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), _]}:
            return name
        case {"Fn::GetAtt": str(path)}:
            return path.partition(".")[0]
        case {"Fn::Sub": str(text)}:
            found = re.match(r"\$\{(\w+)", text)
            return found[1] if found else None
    return None


def mentions(value: Any) -> set[str]:
    """Every logical id that a value refers to, wherever in it."""
    match value:
        case {"Ref": str(name)}:
            return {name}
        case {"Fn::GetAtt": [str(name), _]}:
            return {name}
        case {"Fn::Sub": str(text)}:
            return set(re.findall(r"\$\{(\w+)", text))
        case dict():
            return set().union(*map(mentions, value.values()))
        case list():
            return set().union(*map(mentions, value))
    return set()


def as_list(value: Any) -> list[Any]:
    """Policies let a single value stand for a list of one."""
    return value if isinstance(value, list) else [value]
