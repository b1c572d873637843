"""Which function serves which path: on one host as in local mode."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import source
from template import Plain


# AWS's own SecurityHeadersPolicy: it adds Strict-Transport-Security, and overrides nothing but nosniff.
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"


def check(template: Plain) -> Iterator[str]:
    """The distribution hands on what local mode's gateway hands on, to the same functions."""
    name, properties = template.only("CloudFront::Distribution")
    config = properties["DistributionConfig"]
    origins = {origin["Id"]: re.search(r"(\w+)Url\b", str(origin["DomainName"])) for origin in config["Origins"]}
    behaviors = {behavior["PathPattern"]: behavior for behavior in config["CacheBehaviors"]}
    for behavior in [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]:
        if behavior.get("ResponseHeadersPolicyId") != SECURITY_HEADERS:
            yield f"{name}: {behavior.get('PathPattern', 'the default')} is answered without Strict-Transport-Security"
    routes = source.routes()
    for path, package in routes.items():
        # A slash at the end means nothing: shared/platform/src/edge.
        for address in [below(path)] if path.endswith("*") else [path, f"{path}/"]:
            taken = (behaviors[pattern] for pattern in behaviors if fnmatchcase(address, pattern))
            origin = next(taken, config["DefaultCacheBehavior"])["TargetOriginId"]
            function = origins[origin]
            if function is None or template.function_name(function[1]) != package:
                yield f"{name}: {address} goes to {origin}, in local mode to {package}"
    usual = origins[config["DefaultCacheBehavior"]["TargetOriginId"]]
    for path in sorted(set(behaviors) - set(routes)):
        function = origins[behaviors[path]["TargetOriginId"]]
        address = path.removesuffix("/")
        # The path itself; those that the pattern stands for; or those that it is below. What local mode has
        # no path for is a file, which the default serves as well.
        stands_for = {package for route, package in routes.items() if fnmatchcase(below(route), address)}
        is_below = {package for route, package in routes.items() if fnmatchcase(address, route)}
        above = {routes[address]} if address in routes else stands_for or is_below
        served = above or {template.function_name(usual[1])} if usual else above
        if function is None or served != {template.function_name(function[1])}:
            yield f"{name}: local mode does not know {path}"


def below(path: str) -> str:
    """A path that a route stands for: itself, or one below it."""
    return path.removesuffix("*") + "any/path" if path.endswith("*") else path
