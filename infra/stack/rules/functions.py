"""Functions: every program has one, and each runs and is reached as ours are."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import source
from template import Plain, as_list, refers_to


def check(template: Plain) -> Iterator[str]:
    """The template has the functions that the sources have, and each is complete."""
    if source.panic_strategy() != "unwind":
        yield 'Cargo.toml: without panic = "unwind" cargo-lambda builds functions that die of a panic without a word'
    functions = template.of_type("Lambda::Function")
    programs = Counter(template.function_name(name) for name in functions)
    packages = source.functions()
    for program in sorted(set(packages) - set(programs)):
        yield f"functions/{packages[program]}: {program} is forgotten in infra/template.yaml"
    for program in sorted(set(programs) - set(packages)):
        yield f"{program}: is in infra/template.yaml, but no package under functions/ has such a program"
    for program, count in programs.items():
        if count > 1:
            yield f"{program}: {count} times in infra/template.yaml"
    for name, function in functions.items():
        yield from build(template, name)
        yield from runtime(name, function)
        yield from logging(template, name, function)
        yield from environment(template, name, function)
    yield from urls(template)
    yield from schedules(template)


def build(template: Plain, name: str) -> Iterator[str]:
    """What SAM itself would build it from, for those who like `sam build` better than `make build`."""
    program, package = template.function_name(name), template.package(name)
    method = template.resources[name].get("Metadata", {}).get("BuildMethod")
    if method != "rust-cargolambda":
        yield f"{name}: SAM would build it with {method}, not with rust-cargolambda"
    if source.functions().get(program) != package:
        yield f"{name}: SAM would look for {program} in functions/{package}"


def runtime(name: str, function: dict[str, Any]) -> Iterator[str]:
    """A supported runtime, the processor that was built for, traces on demand."""
    if function.get("Runtime") != "provided.al2023":
        yield f"{name}: runs on {function.get('Runtime')}, not provided.al2023"
    if function.get("Architectures") != [{"Ref": "Architecture"}]:
        yield f"{name}: its architecture is not the parameter's"
    if function.get("TracingConfig") != {"Mode": {"Ref": "Tracing"}}:
        yield f"{name}: its tracing is not the parameter's"
    for setting in ("MemorySize", "Timeout"):
        if not isinstance(function.get(setting), int):
            yield f"{name}: {setting} is left to Lambda's default"


def logging(template: Plain, name: str, function: dict[str, Any]) -> Iterator[str]:
    """JSON lines into a log group that forgets: the function's own, or that of its package's functions."""
    config = function.get("LoggingConfig", {})
    if config.get("LogFormat") != "JSON":
        yield f"{name}: its logs are not JSON"
    group = refers_to(config.get("LogGroup"))
    groups = template.of_type("Logs::LogGroup")
    if group not in groups:
        yield f"{name}: has no log group of this stack"
        return
    if "RetentionInDays" not in groups[group]:
        yield f"{group}: keeps logs for ever"
    for other in template.of_type("Lambda::Function"):
        if template.log_group(other) == group and template.package(other) != template.package(name):
            yield f"{name}: logs to {group}, as {other} does, which is something else"
    role = refers_to(function.get("Role"))
    writable = {
        refers_to(statement["Resource"])
        for policy in template.resources.get(role, {}).get("Properties", {}).get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        if "logs:PutLogEvents" in statement["Action"]
    }
    if writable != {group}:
        yield f"{name}: logs to {group}, but may write to {writable or 'none'}"


# Which resource a variable names; one that ends in _QUEUE_URL has the URL of that queue, in _QUEUE its name.
VARIABLES = {"TABLE_NAME": "DynamoDB::Table", "BUCKET_NAME": "S3::Bucket"}

# Which secret a variable names.
SECRETS = {"SECRET_ARN": "Secret", "INTERCOM_SECRET_ARN": "IntercomSecret"}


def environment(template: Plain, name: str, function: dict[str, Any]) -> Iterator[str]:
    """Every variable names the resource that it should."""
    variables = function.get("Environment", {}).get("Variables", {})
    yield from secrets(template, name, function, variables)
    for variable, value in variables.items():
        if variable in VARIABLES:
            expected, _ = template.only(VARIABLES[variable])
        elif variable in SECRETS:
            expected = SECRETS[variable]
        elif variable.endswith("_QUEUE_URL"):
            expected = source.queue_of(variable)
        elif variable.endswith("_QUEUE"):
            if value != {"Fn::GetAtt": [source.queue_of(variable), "QueueName"]}:
                yield f"{name}: {variable} is {value}, not the name of {source.queue_of(variable)}"
            continue
        else:
            continue
        if value != {"Ref": expected}:
            yield f"{name}: {variable} is {value}, not the Ref of {expected}"


def secrets(template: Plain, name: str, function: dict[str, Any], variables: dict[str, Any]) -> Iterator[str]:
    """A function may read the secrets that its variables name, and no other. Each reads one at least."""
    role = refers_to(function.get("Role")) or ""
    readable = {
        refers_to(resource)
        for policy in template.resources.get(role, {}).get("Properties", {}).get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        if "secretsmanager:GetSecretValue" in as_list(statement.get("Action", []))
        for resource in as_list(statement["Resource"])
    }
    named = {SECRETS[variable] for variable in SECRETS if variable in variables}
    if not named:
        yield f"{name}: no secret"
    if readable != named:
        yield f"{name}: its variables name {sorted(named)}, and it may read {sorted(map(str, readable))}"


def urls(template: Plain) -> Iterator[str]:
    """Open to the world, since every function checks its callers itself; and bounded."""
    permitted = Counter()
    for name, permission in template.of_type("Lambda::Permission").items():
        if permission.get("FunctionUrlAuthType") == "NONE" or permission.get("InvokedViaFunctionUrl") is True:
            permitted[refers_to(permission["FunctionName"]), permission["Action"]] += 1
        elif permission["Principal"] == "*":
            yield f"{name}: everybody may call the function, not only through its URL"
    functions = template.of_type("Lambda::Function")
    for name, url in template.of_type("Lambda::Url").items():
        function = refers_to(url["TargetFunctionArn"]) or ""
        if url.get("AuthType") != "NONE":
            yield f"{name}: callers would have to sign as AWS does"
        if "Cors" in url:
            yield f"{name}: Lambda adds CORS headers to the function's own"
        for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
            if permitted[function, action] != 1:
                yield f"{name}: nobody may {action}"
        if "EndpointConcurrency" not in str(functions[function].get("ReservedConcurrentExecutions")):
            yield f"{function}: answers the world without a bound: ReservedConcurrentExecutions"


def schedules(template: Plain) -> Iterator[str]:
    """Each is on, as often as the sources say, and allowed to call what it calls."""
    functions = template.of_type("Lambda::Function")
    allowed = {
        (refers_to(permission["FunctionName"]), refers_to(permission.get("SourceArn")))
        for permission in template.of_type("Lambda::Permission").values()
        if permission["Principal"] == "events.amazonaws.com" and permission["Action"] == "lambda:InvokeFunction"
    }
    called = set()
    for name, rule in template.of_type("Events::Rule").items():
        if rule.get("State", "ENABLED") != "ENABLED":
            yield f"{name}: is off"
        for target in rule["Targets"]:
            function = refers_to(target["Arn"]) or ""
            called.add(template.function_name(function) if function in functions else function)
            if (function, name) not in allowed:
                yield f"{name}: may not call {function}"
    for package in sorted(source.scheduled() - called):
        yield f"{package}: no schedule calls it"
