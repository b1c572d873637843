"""Faults of every kind, put into the template one by one: a check that lets one pass is no check.

Each changes the SAM template; all of it but the fault stays as deployed.
"""

from collections.abc import Callable
from typing import Any

from transform import Template

Change = Callable[[dict[str, Any]], None]


def properties(resources: dict[str, Any], name: str) -> dict[str, Any]:
    """The properties of a resource."""
    return resources[name]["Properties"]


def statement(resources: dict[str, Any], name: str, action: str) -> dict[str, Any]:
    """The statement of a role that allows `action`."""
    for policy in properties(resources, name)["Policies"]:
        for found in policy["PolicyDocument"]["Statement"]:
            if action in found["Action"]:
                return found
    raise LookupError(f"{name} does not allow {action}")


def put(name: str, key: str, value: Any) -> Change:
    """Sets a property."""
    return lambda resources: properties(resources, name).update({key: value})


def drop(name: str, key: str) -> Change:
    """Removes a property."""
    return lambda resources: properties(resources, name).pop(key) and None


def remove(name: str) -> Change:
    """Removes a resource."""
    return lambda resources: resources.pop(name) and None


def allow(name: str, action: str, **change: Any) -> Change:
    """Changes the statement that allows an action."""
    return lambda resources: statement(resources, name, action).update(change)


def event(name: str, **change: Any) -> Change:
    """Changes how a worker takes from its queue; None removes."""

    def apply(resources: dict[str, Any]) -> None:
        source = properties(resources, name)["Events"]["Queue"]["Properties"]
        source.update(change)
        for key in [key for key, value in source.items() if value is None]:
            del source[key]

    return apply


def retained(name: str, policy: str) -> Change:
    """Lets a resource go with the stack."""
    return lambda resources: resources[name].update({policy: "Delete"})


def variable(name: str, key: str, value: Any) -> Change:
    """Changes a variable of a function."""
    return lambda resources: properties(resources, name)["Environment"]["Variables"].update({key: value})


def without_variable(name: str, key: str) -> Change:
    """Forgets a variable of a function."""
    return lambda resources: properties(resources, name)["Environment"]["Variables"].pop(key) and None


def rename(name: str, old: str, new: str) -> Change:
    """Misspells a property."""
    return lambda resources: properties(resources, name).update({new: properties(resources, name).pop(old)})


def secret(key: str, value: Any) -> Change:
    """Generates another secret."""
    return lambda resources: properties(resources, "Secret")["GenerateSecretString"].update({key: value})


def forget_package(resources: dict[str, Any]) -> None:
    """Leaves a function out, with all that belongs to it."""
    for name in [name for name in resources if name.startswith("Canvas")]:
        del resources[name]


def forget_worker(resources: dict[str, Any]) -> None:
    """Leaves the worker of a topic out, with all that belongs to it."""
    for name in [name for name in resources if name.startswith("ContactMerged")]:
        del resources[name]


def redrive_to(queue: str, dead: str) -> Change:
    """Sends what fails in a queue to another queue of dead letters."""

    def apply(resources: dict[str, Any]) -> None:
        properties(resources, queue)["RedrivePolicy"]["deadLetterTargetArn"] = {"Fn::GetAtt": [dead, "Arn"]}

    return apply


def share_logs(resources: dict[str, Any]) -> None:
    """Lets an endpoint write among the lines of the topics' workers, as its role then allows."""
    properties(resources, "SettingsFunction")["LoggingConfig"] = {"LogGroup": {"Ref": "WebhooksLogs"}}
    written = statement(resources, "SettingsRole", "logs:PutLogEvents")
    written["Resource"] = {"Fn::GetAtt": ["WebhooksLogs", "Arn"]}
    resources["WebhooksRequestFailed"] = resources.pop("SettingsRequestFailed")
    properties(resources, "WebhooksRequestFailed")["LogGroupName"] = {"Ref": "WebhooksLogs"}
    del resources["SettingsFunctionFailed"], resources["SettingsLogs"]
    groups = properties(resources, "WhatFailed")["LogGroupNames"]
    groups.remove({"Ref": "SettingsLogs"})


def copied(resources: dict[str, Any], name: str, function: str) -> dict[str, Any]:
    """An alarm once more, on another function."""
    dimensions = [{"Name": "FunctionName", "Value": {"Ref": function}}]
    return {**resources[name], "Properties": {**properties(resources, name), "Dimensions": dimensions}}


def alarm_on_queue(resources: dict[str, Any], queue: str) -> dict[str, Any]:
    """The alarm on the age of messages once more, on another queue."""
    dimensions = [{"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}]
    return {**resources["EraseLate"], "Properties": {**properties(resources, "EraseLate"), "Dimensions": dimensions}}


def parameter(queue: str) -> dict[str, Any]:
    """Something that is there because of a queue."""
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": queue}}}


def addresses(resources: dict[str, Any]) -> None:
    """Tells whoever queues notifications the whole address of each queue."""
    variables = properties(resources, "VerifyWebhookFunction")["Environment"]["Variables"]
    for name, value in variables.items():
        if name.endswith("_QUEUE"):
            variables[name] = {"Fn::Sub": "${TOPIC_QUEUES_URL}${%s}" % value["Fn::GetAtt"][0]}


def keep_recordings(resources: dict[str, Any]) -> None:
    """Drops the rule by which recordings expire."""
    del properties(resources, "Bucket")["LifecycleConfiguration"]["Rules"][0]


def without_versions(resources: dict[str, Any]) -> None:
    """Lets a mistaken erasure be final."""
    del properties(resources, "Bucket")["VersioningConfiguration"]


def keep_versions(resources: dict[str, Any]) -> None:
    """Keeps what was erased as versions, for ever."""
    rules = properties(resources, "Bucket")["LifecycleConfiguration"]["Rules"]
    rules[:] = [rule for rule in rules if rule["Id"] != "erased-recordings"]


def public(resources: dict[str, Any]) -> None:
    """Opens the bucket."""
    properties(resources, "Bucket")["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] = False


def behaviors(resources: dict[str, Any]) -> list[dict[str, Any]]:
    """Which paths the distribution hands on to whom."""
    return properties(resources, "Distribution")["DistributionConfig"]["CacheBehaviors"]


def unfinished_dashboard(resources: dict[str, Any]) -> None:
    """Forgets a function on the dashboard."""
    body = properties(resources, "Dashboard")["DashboardBody"]
    body["Fn::Sub"] = body["Fn::Sub"].replace("${RecordFunction}", "${CanvasFunction}")


FAULTS: dict[str, Change] = {
    # Permissions.
    "a wildcard action": allow("CanvasRole", "dynamodb:Query", Action="dynamodb:*"),
    "a wildcard resource": allow("CanvasRole", "dynamodb:Query", Resource="*"),
    "the whole bucket": allow("RecordRole", "s3:PutObject", Resource={"Fn::Sub": "${Bucket.Arn}/*"}),
    "somebody else's table": allow(
        "CanvasRole", "dynamodb:Query", Resource="arn:aws:dynamodb:us-east-1:1:table/x"
    ),
    "everything but something": lambda resources: statement(resources, "CanvasRole", "dynamodb:Query").update(
        {"NotAction": statement(resources, "CanvasRole", "dynamodb:Query").pop("Action"), "Action": []}
    ),
    "two functions with one role": put("CanvasFunction", "Role", {"Fn::GetAtt": ["RecordRole", "Arn"]}),
    "a function without a role": drop("CanvasFunction", "Role"),
    "a borrowed policy": put("CanvasRole", "ManagedPolicyArns", ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"]),
    "a role that allows nothing": drop("CanvasRole", "Policies"),
    # Storage.
    "no point-in-time recovery": drop("Table", "PointInTimeRecoverySpecification"),
    "another TTL attribute": put("Table", "TimeToLiveSpecification", {"AttributeName": "ttl", "Enabled": True}),
    "an unencrypted table": drop("Table", "SSESpecification"),
    "a table that goes with the stack": retained("Table", "DeletionPolicy"),
    "a secret that goes with its replacement": retained("Secret", "UpdateReplacePolicy"),
    "a master key of 32 digits": secret("PasswordLength", 32),
    "a master key that is not hexadecimal": secret("ExcludeCharacters", ""),
    "a credential in the template": put(
        "IntercomSecret", "SecretString", '{"intercom_client_id":"","intercom_client_secret":"hunter2"}'
    ),
    "a master key for whoever verifies signatures": allow(
        "VerifyWebhookRole", "secretsmanager:GetSecretValue", Resource={"Ref": "Secret"}
    ),
    "credentials for whoever records": allow(
        "RecordRole", "secretsmanager:GetSecretValue", Resource=[{"Ref": "Secret"}, {"Ref": "IntercomSecret"}]
    ),
    "a secret that is named and may not be read": variable(
        "RecordFunction", "INTERCOM_SECRET_ARN", {"Ref": "IntercomSecret"}
    ),
    "a public bucket": public,
    "an unencrypted bucket": drop("Bucket", "BucketEncryption"),
    "plain HTTP to the bucket": remove("BucketPolicy"),
    "recordings that never expire": keep_recordings,
    "a bucket without versions": without_versions,
    "versions that never expire": keep_versions,
    # Queues.
    "no redrive": drop("SummarizeQueue", "RedrivePolicy"),
    "a short visibility": put("SummarizeQueue", "VisibilityTimeout", 60),
    "a worker that may run for longer": put("SummarizeFunction", "Timeout", 300),
    "an unencrypted queue": put("SummarizeQueue", "SqsManagedSseEnabled", False),
    "no partial failures": event("SummarizeFunction", FunctionResponseTypes=None),
    "a concurrency of one": event("SummarizeFunction", ScalingConfig={"MaximumConcurrency": 1}),
    "a batching window of 15 minutes": event("SummarizeFunction", MaximumBatchingWindowInSeconds=900),
    "dead letters for four days": put("TaskDeadLetters", "MessageRetentionPeriod", 345600),
    "a queue that nobody works through": drop("SummarizeFunction", "Events"),
    # Notifications.
    "a topic on another topic's queue": variable(
        "VerifyWebhookFunction", "LEAD_CREATED_QUEUE", {"Fn::GetAtt": ["LeadSignedUpQueue", "QueueName"]}
    ),
    "a topic that is in the list only": forget_worker,
    "a topic that is not in the list": lambda resources: resources["LeadCreatedFunction"]["Metadata"].update(
        {"BuildProperties": {"Binary": "webhook-lead-updated"}}
    ),
    "a topic that is not queued": lambda resources: properties(resources, "VerifyWebhookFunction")["Environment"][
        "Variables"
    ].pop("CONTACT_MERGED_QUEUE"),
    "a worker of another topic's queue": event(
        "LeadCreatedFunction", Queue={"Fn::GetAtt": ["LeadSignedUpQueue", "Arn"]}
    ),
    "failed notifications that nobody sees": lambda resources: properties(resources, "ParkNotificationFunction")[
        "Events"
    ].pop("Queue"),
    "failed notifications among failed tasks": redrive_to("ContactDeletedQueue", "TaskDeadLetters"),
    "failed tasks among failed notifications": redrive_to("EraseQueue", "NotificationDeadLetters"),
    "a queue that takes 256 KB": drop("ConversationCreatedQueue", "MaximumMessageSize"),
    "a worker that may not take": allow(
        "ParkNotificationRole", "sqs:ReceiveMessage", Resource={"Fn::GetAtt": ["TaskDeadLetters", "Arn"]}
    ),
    "a sender that may not send": allow(
        "VerifyWebhookRole", "sqs:SendMessage", Resource={"Fn::GetAtt": ["LeadCreatedQueue", "Arn"]}
    ),
    "no schedule": lambda resources: properties(resources, "ReconcileFunction")["Events"].pop("Schedule"),
    "a schedule that is off": lambda resources: properties(resources, "ReconcileFunction")["Events"]["Schedule"][
        "Properties"
    ].update({"Enabled": False}),
    "notifications that nobody looks for": lambda resources: properties(resources, "ParkNotificationFunction")["Events"].pop(
        "Schedule"
    ),
    "chunks that nobody looks for": lambda resources: properties(resources, "SummarizeFunction")["Events"].pop("Schedule"),
    # Functions.
    "a forgotten package": forget_package,
    "a function without a package": put("CanvasFunction", "CodeUri", "../functions/canvass"),
    "another function's binary": lambda resources: resources["CanvasFunction"]["Metadata"].update(
        {"BuildProperties": {"Binary": "record"}}
    ),
    "a misspelt property": rename("RecordFunction", "MemorySize", "MemorySise"),
    "a property that the type does not have": put("Table", "TimeToLive", {"Enabled": True}),
    "an old runtime": put("CanvasFunction", "Runtime", "provided.al2"),
    "a fixed architecture": put("CanvasFunction", "Architectures", ["x86_64"]),
    "logs that are not JSON": put(
        "CanvasFunction", "LoggingConfig", {"LogFormat": "Text", "LogGroup": {"Ref": "CanvasLogs"}}
    ),
    "somebody else's log group": put("CanvasFunction", "LoggingConfig", {"LogGroup": {"Ref": "RecordLogs"}}),
    "logs for ever": drop("CanvasLogs", "RetentionInDays"),
    "topics' logs for ever": drop("WebhooksLogs", "RetentionInDays"),
    "an endpoint among the topics' logs": share_logs,
    "the bucket's name as the table's": variable("RecordFunction", "TABLE_NAME", {"Ref": "Bucket"}),
    "the dead letters as the queue": variable("RecordFunction", "SUMMARIZE_QUEUE_URL", {"Ref": "TaskDeadLetters"}),
    "a variable that the page on configuration does not know": variable("EraseFunction", "PUBLIC_URL", ""),
    "a variable that nobody sets": without_variable("CanvasFunction", "SESSIONS_URL"),
    "a reference to nothing": variable("RecordFunction", "BUCKET_NAME", {"Ref": "Buket"}),
    "no bound on an endpoint": drop("RecordFunction", "ReservedConcurrentExecutions"),
    "a URL that wants AWS signatures": put("CanvasFunction", "FunctionUrlConfig", {"AuthType": "AWS_IAM"}),
    "CORS headers twice": put(
        "RecordFunction", "FunctionUrlConfig", {"AuthType": "NONE", "Cors": {"AllowOrigins": ["*"]}}
    ),
    "everybody may call a function": lambda resources: resources.update(
        {
            "Everybody": {
                "Type": "AWS::Lambda::Permission",
                "Properties": {
                    "Action": "lambda:InvokeFunction",
                    "FunctionName": {"Ref": "RecordFunction"},
                    "Principal": "*",
                },
            }
        }
    ),
    # Alarms.
    "dead letters that nobody is told of": remove("TasksDead"),
    "notifications that are not parked, unnoticed": remove("NotificationsUnparked"),
    "failures that nobody is told of": remove("FunctionsFailed"),
    "failures without a line, untold": remove("ErrorsOfTheAccount"),
    "failing requests that nobody is told of": remove("RequestsFailed"),
    "throttling that nobody is told of": remove("Throttled"),
    "throttling of one function only": put(
        "Throttled", "Dimensions", [{"Name": "FunctionName", "Value": {"Ref": "CanvasFunction"}}]
    ),
    "an endpoint that may be slow": remove("CanvasSlow"),
    "notifications that are refused, unnoticed": remove("VerifyWebhookFailures"),
    "a function whose failures nobody counts": remove("ReconcileFunctionFailed"),
    "an endpoint whose failing requests nobody counts": remove("SettingsRequestFailed"),
    "topics whose failures nobody counts": remove("WebhooksFunctionFailed"),
    "failures of which some are not counted": put(
        "CanvasFunctionFailed", "FilterPattern", '{ $.type = "platform.report" && $.record.status = "timeout" }'
    ),
    "failures that count as another stack's": lambda resources: properties(resources, "CanvasFunctionFailed")[
        "MetricTransformations"
    ][0].update({"MetricNamespace": "Recapt"}),
    "failures of which nobody learns whose": lambda resources: properties(resources, "WhatFailed")["LogGroupNames"].pop(),
    "a queue that may be late": remove("EraseLate"),
    "topics that may be late": remove("WebhooksLate"),
    "late topics that nobody is told of": remove("NotificationsLate"),
    "topics that nobody takes, untold": remove("NotificationsUntaken"),
    "topics that nobody may look at": allow("ParkNotificationRole", "sqs:SendMessage", Action="sqs:SendMessage"),
    # Costs.
    "an alarm too many for a topic": lambda resources: resources.update(
        {"LeadCreatedLate": alarm_on_queue(resources, "LeadCreatedQueue")}
    ),
    "resources too many for a topic": lambda resources: resources.update(
        {f"LeadCreatedParameter{number}": parameter("LeadCreatedQueue") for number in (1, 2)}
    ),
    "addresses of queues, which are too long for thirty topics": addresses,
    "a dashboard for everybody": lambda resources: resources["Dashboard"].pop("Condition"),
    "a month that costs more than the page says": lambda resources: resources.update(
        {"SettingsSlow": copied(resources, "CanvasSlow", "SettingsFunction")}
    ),
    "a limit that rings for nobody": remove("QuotasExceeded"),
    "a budget that tells nobody": put("Budget", "NotificationsWithSubscribers", []),
    "an alarm that only the page on logging has": remove("NotificationsParked"),
    "an alarm on another queue": put(
        "SummarizeLate",
        "Dimensions",
        [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["TaskDeadLetters", "QueueName"]}}],
    ),
    "an alarm that tells nobody": drop("CanvasSlow", "AlarmActions"),
    "an alarm on a metric that nobody writes": put("SignatureRejections", "MetricName", "SignaturesRejected"),
    "a function that is not on the dashboard": unfinished_dashboard,
    # The distribution.
    "paths that nobody serves": lambda resources: behaviors(resources).clear(),
    "a path that another function serves": lambda resources: behaviors(resources)[0].update(TargetOriginId="settings"),
    "a slash at the end that leads elsewhere": lambda resources: behaviors(resources).remove(
        next(behavior for behavior in behaviors(resources) if behavior["PathPattern"] == "/install/")
    ),
    "a path without Strict-Transport-Security": lambda resources: behaviors(resources)[0].pop("ResponseHeadersPolicyId"),
    "an endpoint without its host": lambda resources: properties(resources, "Distribution")["DistributionConfig"][
        "Origins"
    ][1].update({"DomainName": "example.com"}),
}


def with_fault(sam: Template, change: Change) -> Template:
    """The template with a fault in it."""
    change(sam["Resources"])
    return sam
