"""What exists in the emulator against what the template says, resource by resource."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError
from created import NAME, PARAMETERS, Stack
from rules.queues import VISIBILITY_FACTOR
from template import Plain, refers_to

Properties = dict[str, Any]


def compare(stack: Stack, template: Plain) -> Iterator[str]:
    """Everything that differs."""
    for name, resource in template.resources.items():
        kind = resource["Type"]
        if stack.types.get(name) != kind:
            yield f"{name}: not created ({kind})"
            continue
        comparison = COMPARISONS.get(kind.removeprefix("AWS::"))
        if comparison:
            try:
                yield from comparison(stack, template, name, resource.get("Properties", {}))
            except ClientError as error:
                yield f"{name}: {error}"
    for name in template.document["Outputs"]:
        value = stack.outputs.get(name, "")
        if not value or "${" in value:
            yield f"output {name}: {value or 'missing'}"
        elif name.endswith("Url") and not value.startswith("https://"):
            yield f"output {name}: {value} is no https address"


def differing(name: str, expected: Properties, found: Properties) -> Iterator[str]:
    """What is not as expected, as far as something is expected."""
    for key, value in expected.items():
        if value is not None and str(found.get(key)) != str(value):
            yield f"{name}: {key} is {found.get(key)}, not {value}"


def referred(stack: Stack, template: Plain, name: str) -> str:
    """What a Ref stands for: a parameter's value, or a resource."""
    parameter = template.document["Parameters"].get(name)
    if parameter is None:
        return stack.resources[name]
    return str(PARAMETERS.get(name, parameter.get("Default")))


def function(stack: Stack, template: Plain, name: str, properties: Properties) -> Iterator[str]:
    """Its settings, and every variable that names a resource of the stack."""
    found = stack.client("lambda").get_function_configuration(FunctionName=stack.resources[name])
    expected = {key: properties.get(key) for key in ("MemorySize", "Timeout", "Runtime", "Handler", "Description")}
    yield from differing(name, expected, found)
    role = stack.resources[refers_to(properties["Role"]) or ""]
    if not found["Role"].endswith(f"/{role}"):
        yield f"{name}: runs as {found['Role']}, not {role}"
    variables = found["Environment"]["Variables"]
    for variable, value in properties["Environment"]["Variables"].items():
        given = str(variables.get(variable))
        if isinstance(value, dict) and "Ref" in value and given != referred(stack, template, value["Ref"]):
            yield f"{name}: {variable} is {variables.get(variable)}"
        match value:
            case {"Fn::GetAtt": [queue, "QueueName"]} if given != stack.resources[queue].rpartition("/")[2]:
                yield f"{name}: {variable} is {given}"
        if not variables.get(variable):
            yield f"{name}: {variable} is empty"


def function_url(stack: Stack, _: Plain, name: str, properties: Properties) -> Iterator[str]:
    """Open, and permitted to be called through the URL only."""
    target = stack.resources[refers_to(properties["TargetFunctionArn"]) or ""]
    client = stack.client("lambda")
    yield from differing(
        name, properties | {"TargetFunctionArn": None}, client.get_function_url_config(FunctionName=target)
    )
    permitted = {
        (statement["Action"], statement.get("FunctionUrlAuthType"), statement.get("InvokedViaFunctionUrl"))
        for statement in json.loads(client.get_policy(FunctionName=target)["Policy"])["Statement"]
    }
    if permitted != {("lambda:InvokeFunctionUrl", "NONE", None), ("lambda:InvokeFunction", None, True)}:
        yield f"{name}: permits {sorted(map(str, permitted))}"


def event_source(stack: Stack, _: Plain, name: str, properties: Properties) -> Iterator[str]:
    """Queue, function and batches; and that the queue waits for the function as it really is."""
    client = stack.client("lambda")
    found = client.get_event_source_mapping(UUID=stack.resources[name])
    expected = {key: properties.get(key) for key in ("BatchSize", "FunctionResponseTypes", "ScalingConfig")}
    yield from differing(name, expected, found)
    queue = stack.resources[refers_to(properties["EventSourceArn"]) or ""]
    if found["EventSourceArn"].rpartition(":")[2] != queue.rpartition("/")[2]:
        yield f"{name}: takes from {found['EventSourceArn']}"
    timeout = client.get_function_configuration(FunctionName=found["FunctionArn"])["Timeout"]
    visibility = attributes(stack, queue)["VisibilityTimeout"]
    if int(visibility) < VISIBILITY_FACTOR * timeout:
        yield f"{name}: messages reappear after {visibility} s while the function may run for {timeout} s"


def queue(stack: Stack, _: Plain, name: str, properties: Properties) -> Iterator[str]:
    """Times, sizes, encryption, and where its dead letters go."""
    found = attributes(stack, stack.resources[name])
    keys = ("VisibilityTimeout", "MessageRetentionPeriod", "MaximumMessageSize")
    settings = {key: properties.get(key) for key in keys}
    yield from differing(name, settings | {"SqsManagedSseEnabled": str(properties["SqsManagedSseEnabled"]).lower()}, found)
    redrive = properties.get("RedrivePolicy")
    if redrive:
        actual = json.loads(found.get("RedrivePolicy", "{}"))
        dead = stack.resources[refers_to(redrive["deadLetterTargetArn"]) or ""].rpartition("/")[2]
        if not actual.get("deadLetterTargetArn", "").endswith(f":{dead}"):
            yield f"{name}: its dead letters go to {actual.get('deadLetterTargetArn', 'nowhere')}"
        yield from differing(name, {"maxReceiveCount": redrive["maxReceiveCount"]}, actual)


def attributes(stack: Stack, url: str) -> dict[str, str]:
    """A queue as SQS describes it."""
    return stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def schedule(stack: Stack, _: Plain, name: str, properties: Properties) -> Iterator[str]:
    """When it calls whom."""
    client, rule = stack.client("events"), stack.resources[name]
    expected = {"ScheduleExpression": properties["ScheduleExpression"], "State": "ENABLED"}
    yield from differing(name, expected, client.describe_rule(Name=rule))
    called = [target["Arn"].rpartition(":")[2] for target in client.list_targets_by_rule(Rule=rule)["Targets"]]
    targets = [stack.resources[refers_to(target["Arn"]) or ""] for target in properties["Targets"]]
    if called != targets:
        yield f"{name}: calls {called}, not {targets}"


def log_group(stack: Stack, template: Plain, name: str, properties: Properties) -> Iterator[str]:
    """That it forgets."""
    (found,) = stack.client("logs").describe_log_groups(logGroupNamePrefix=stack.resources[name])["logGroups"]
    days = template.document["Parameters"][properties["RetentionInDays"]["Ref"]]["Default"]
    yield from differing(name, {"retentionInDays": days}, found)


def role(stack: Stack, template: Plain, name: str, _: Properties) -> Iterator[str]:
    """That it has the policies that the template gives it, and no more."""
    given = {policy["PolicyName"] for policy in template.resources[name]["Properties"].get("Policies", [])}
    for policy in template.of_type("IAM::Policy").values():
        if name in map(refers_to, policy["Roles"]):
            given.add(policy["PolicyName"])
    found = set(stack.client("iam").list_role_policies(RoleName=stack.resources[name])["PolicyNames"])
    if found != given:
        yield f"{name}: has the policies {sorted(found)}, not {sorted(given)}"


def alarm(stack: Stack, _: Plain, name: str, properties: Properties) -> Iterator[str]:
    """What it watches and whom it tells."""
    (found,) = stack.client("cloudwatch").describe_alarms(AlarmNames=[stack.resources[name]])["MetricAlarms"]
    expected = {key: properties.get(key) for key in ("MetricName", "Period", "EvaluationPeriods")}
    yield from differing(name, expected | {"Namespace": named(properties["Namespace"])}, found)
    if found["Threshold"] != float(properties["Threshold"]):
        yield f"{name}: rings at {found['Threshold']}, not {properties['Threshold']}"
    if found["AlarmActions"] != [stack.resources[refers_to(action) or ""] for action in properties["AlarmActions"]]:
        yield f"{name}: tells {found['AlarmActions']}"
    watched = [refers_to(dimension["Value"]) or "" for dimension in properties.get("Dimensions", [])]
    if [dimension["Value"] for dimension in found["Dimensions"]] != [
        stack.resources[resource].rpartition("/")[2] for resource in watched
    ]:
        yield f"{name}: watches {found['Dimensions']}"


def named(namespace: Any) -> str:
    """A namespace of metrics, of which the stack's own has its name."""
    return namespace["Fn::Sub"].replace("${AWS::StackName}", NAME) if isinstance(namespace, dict) else namespace


def metric_filter(stack: Stack, _: Plain, name: str, properties: Properties) -> Iterator[str]:
    """What it counts, where, and as what."""
    group = stack.resources[refers_to(properties["LogGroupName"]) or ""]
    filters = stack.client("logs").describe_metric_filters(logGroupName=group)["metricFilters"]
    (metric,) = properties["MetricTransformations"]
    expected = (properties["FilterPattern"], metric["MetricName"], named(metric["MetricNamespace"]))
    found = {
        (counted["filterPattern"], made["metricName"], made["metricNamespace"])
        for counted in filters
        for made in counted["metricTransformations"]
    }
    if expected not in found:
        yield f"{name}: {group} counts {sorted(found)}, not {expected}"


def dashboard(stack: Stack, _: Plain, name: str, __: Properties) -> Iterator[str]:
    """That it can be drawn."""
    body = stack.client("cloudwatch").get_dashboard(DashboardName=stack.resources[name])["DashboardBody"]
    if not json.loads(body)["widgets"] or "${" in body:
        yield f"{name}: cannot be drawn"


def secret(stack: Stack, _: Plain, name: str, __: Properties) -> Iterator[str]:
    """That platform's secrets.rs can read it: 64 hexadecimal digits, and places for what Intercom gives."""
    value = json.loads(stack.client("secretsmanager").get_secret_value(SecretId=stack.resources[name])["SecretString"])
    holds = {"intercom_client_id", "intercom_client_secret"} if name == "IntercomSecret" else {"master_key"}
    if set(value) != holds:
        yield f"{name}: holds {sorted(value)}"
    if name == "IntercomSecret":
        return
    if not re.fullmatch("[0-9a-f]{64}", value.get("master_key", "")):
        yield f"{name}: the master key is not 64 hexadecimal digits"


def table(stack: Stack, _: Plain, name: str, properties: Properties) -> Iterator[str]:
    """Its keys and how it is billed."""
    found = stack.client("dynamodb").describe_table(TableName=stack.resources[name])["Table"]
    yield from differing(name, {"KeySchema": properties["KeySchema"]}, found)
    if found["BillingModeSummary"]["BillingMode"] != properties["BillingMode"]:
        yield f"{name}: is billed {found['BillingModeSummary']['BillingMode']}"


def bucket(stack: Stack, _: Plain, name: str, __: Properties) -> Iterator[str]:
    """That it encrypts."""
    stack.client("s3").get_bucket_encryption(Bucket=stack.resources[name])
    yield from ()


def subscription(stack: Stack, _: Plain, name: str, properties: Properties) -> Iterator[str]:
    """Who is mailed."""
    topic = stack.resources[properties["TopicArn"]["Ref"]]
    found = stack.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    if [subscriber["Endpoint"] for subscriber in found] != [PARAMETERS["AlarmEmail"]]:
        yield f"{name}: mails {found}"


def distribution(stack: Stack, template: Plain, name: str, _: Properties) -> Iterator[str]:
    """That it answers for the domain, and that every function with a URL is behind it."""
    found = stack.client("cloudfront").get_distribution(Id=stack.resources[name])["Distribution"]["DistributionConfig"]
    if found["Aliases"]["Items"] != [PARAMETERS["DomainName"]]:
        yield f"{name}: answers for {found['Aliases']['Items']}"
    client = stack.client("lambda")
    hosts = {
        client.get_function_url_config(FunctionName=stack.resources[url])["FunctionUrl"].split("/")[2]
        for url in template.of_type("Lambda::Url")
    }
    origins = {origin["DomainName"] for origin in found["Origins"]["Items"]}
    if origins != hosts:
        yield f"{name}: stands before {sorted(origins)}, not {sorted(hosts)}"


Comparison = Callable[[Stack, Plain, str, Properties], Iterator[str]]

COMPARISONS: dict[str, Comparison] = {
    "Lambda::Function": function,
    "Lambda::Url": function_url,
    "Lambda::EventSourceMapping": event_source,
    "SQS::Queue": queue,
    "Events::Rule": schedule,
    "Logs::LogGroup": log_group,
    "Logs::MetricFilter": metric_filter,
    "IAM::Role": role,
    "CloudWatch::Alarm": alarm,
    "CloudWatch::Dashboard": dashboard,
    "SecretsManager::Secret": secret,
    "DynamoDB::Table": table,
    "S3::Bucket": bucket,
    "SNS::Subscription": subscription,
    "CloudFront::Distribution": distribution,
}
