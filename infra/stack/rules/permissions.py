"""Who may do what: one role for each function, exact actions on exact resources."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from template import Plain, as_list, refers_to

# X-Ray's actions know no resources, so AWS's own policy is attached for them. No other is.
MANAGED = {"arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"}

# The only wildcard: the objects under one prefix of a bucket.
PREFIX = re.compile(r"\$\{\w+\.Arn\}/[\w-]+/\*")


def check(template: Plain) -> Iterator[str]:
    """No wildcards, no borrowed policies, no shared roles."""
    yield from roles(template)
    for name, role in template.of_type("IAM::Role").items():
        for policy in role.get("Policies", []):
            yield from statements(template, f"{name}/{policy['PolicyName']}", policy["PolicyDocument"])
        trusted = [statement["Principal"] for statement in role["AssumeRolePolicyDocument"]["Statement"]]
        if any(set(principal) != {"Service"} for principal in trusted):
            yield f"{name}: trusts somebody who is not a service of AWS's"
        for arn in texts(role.get("ManagedPolicyArns", [])):
            if arn not in MANAGED:
                yield f"{name}: attaches {arn}, which allows more than this function needs"
    for name, policy in template.of_type("IAM::Policy").items():
        if len(policy.get("Roles", [])) != 1 or policy.get("Users") or policy.get("Groups"):
            yield f"{name}: belongs to more than one role"
        yield from statements(template, name, policy["PolicyDocument"])


def roles(template: Plain) -> Iterator[str]:
    """Every function has a role, and no two the same."""
    users = Counter()
    for name, function in template.of_type("Lambda::Function").items():
        role = refers_to(function.get("Role"))
        if role not in template.of_type("IAM::Role"):
            yield f"{name}: has no role of this stack"
        users[role] += 1
    for role, count in users.items():
        if count > 1:
            yield f"{role}: {count} functions share it"


def statements(template: Plain, where: str, document: dict[str, Any]) -> Iterator[str]:
    """What a policy allows is named, action by action and resource by resource."""
    for statement in document["Statement"]:
        if statement["Effect"] != "Allow":
            continue
        if "NotAction" in statement or "NotResource" in statement:
            yield f"{where}: allows everything but something"
            continue
        for action in as_list(statement["Action"]):
            if "*" in action:
                yield f"{where}: allows the actions {action}"
        for resource in as_list(statement["Resource"]):
            if refers_to(resource) not in template.resources:
                yield f"{where}: allows {statement['Action']} on {resource}, which is nothing of this stack"
            elif "*" in str(resource) and not PREFIX.fullmatch(str(resource.get("Fn::Sub"))):
                yield f"{where}: allows {statement['Action']} on {resource}: more than what lies under one prefix"


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, but for the names of conditions and resources."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from texts(item)
        case {"Fn::If": [_, *branches]}:
            yield from texts(branches)
        case {"Fn::Sub": text}:
            yield from texts(text)
