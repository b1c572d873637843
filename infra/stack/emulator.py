"""AWS on this machine: moto, and the CloudFormation types of our template that moto does not know.

Each class below is found by moto because it inherits from CloudFormationModel and says it lives in a module of moto's.
What it creates goes through the same backend as an API call would, so that it can be asked for afterwards.
"""

import json
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.budgets.models import budgets_backends
from moto.cloudfront.models import cloudfront_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.logs.models import logs_backends
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends

# Where moto keeps what belongs to no region.
GLOBAL = "aws"


class Created:
    """What CloudFormation keeps of a resource: its physical id, and what Fn::GetAtt answers."""

    def __init__(self, physical_resource_id: str, **attributes: str) -> None:
        self.physical_resource_id = physical_resource_id
        self.attributes = attributes
        self.type = ""

    def get_cfn_attribute(self, name: str) -> str:
        """The answer to Fn::GetAtt."""
        return self.attributes[name]

    def is_created(self) -> bool:
        """moto asks."""
        return True

    def delete(self, *_: Any) -> None:
        """Nothing is ever deleted here."""


class Resource:
    """A type that moto lacks: `type_name`, the property that names it, its attributes, and how it is made."""

    type_name = ""
    name_property = ""
    attributes: tuple[str, ...] = ()

    @classmethod
    def cloudformation_name_type(cls) -> str:
        """The property with the resource's name, if it has one."""
        return cls.name_property

    @classmethod
    def cloudformation_type(cls) -> str:
        """`AWS::Service::Type`."""
        return cls.type_name

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Whether Fn::GetAtt knows `attr`."""
        return attr in cls.attributes

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Created:
        """Makes the resource."""
        return cls.create(resource_name, cloudformation_json.get("Properties", {}), account_id, region_name)

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        """Makes the resource in moto's backend."""
        raise NotImplementedError


class FunctionUrl(Resource, CloudFormationModel):
    """A Lambda function's URL."""

    __module__ = "moto.awslambda.ours"
    type_name = "AWS::Lambda::Url"
    attributes = ("FunctionUrl", "FunctionArn")

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        backend = lambda_backends[account][region]
        url = backend.create_function_url_config(properties["TargetFunctionArn"], properties)
        arn = url.function.function_arn
        # AWS's end in a slash, which the outputs of the template rely on.
        return Created(arn, FunctionUrl=url.url.rstrip("/") + "/", FunctionArn=arn)


class Secret(Resource, CloudFormationModel):
    """A secret, generated as GenerateSecretString says, or with the SecretString that it is given."""

    __module__ = "moto.secretsmanager.ours"
    type_name = "AWS::SecretsManager::Secret"
    name_property = "Name"
    attributes = ("Id",)

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        backend = secretsmanager_backends[account][region]
        generate = properties.get("GenerateSecretString", {})
        password = backend.get_random_password(
            password_length=int(generate.get("PasswordLength", 32)),
            exclude_characters=generate.get("ExcludeCharacters", ""),
            exclude_numbers=generate.get("ExcludeNumbers", False),
            exclude_punctuation=generate.get("ExcludePunctuation", False),
            exclude_uppercase=generate.get("ExcludeUppercase", False),
            exclude_lowercase=generate.get("ExcludeLowercase", False),
            include_space=generate.get("IncludeSpace", False),
            require_each_included_type=generate.get("RequireEachIncludedType", True),
        )
        value = json.loads(generate.get("SecretStringTemplate", properties.get("SecretString", "{}")))
        if "GenerateStringKey" in generate:
            value[generate["GenerateStringKey"]] = json.loads(password)["RandomPassword"]
        backend.create_secret(
            name=name,
            secret_string=json.dumps(value),
            secret_binary=None,
            description=properties.get("Description"),
            tags=[],
            kms_key_id=properties.get("KmsKeyId"),
            client_request_token=None,
            replica_regions=[],
            force_overwrite=False,
        )
        arn = backend.secrets[name].arn
        return Created(arn, Id=arn)


class Alarm(Resource, CloudFormationModel):
    """An alarm on one metric."""

    __module__ = "moto.cloudwatch.ours"
    type_name = "AWS::CloudWatch::Alarm"
    name_property = "AlarmName"
    attributes = ("Arn",)

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        alarm = cloudwatch_backends[account][region].put_metric_alarm(
            name=name,
            namespace=properties["Namespace"],
            metric_name=properties["MetricName"],
            comparison_operator=properties["ComparisonOperator"],
            evaluation_periods=int(properties["EvaluationPeriods"]),
            period=int(properties["Period"]),
            threshold=float(properties["Threshold"]),
            statistic=properties.get("Statistic"),
            extended_statistic=properties.get("ExtendedStatistic"),
            description=properties.get("AlarmDescription", ""),
            dimensions=properties.get("Dimensions", []),
            alarm_actions=properties.get("AlarmActions", []),
            treat_missing_data=properties.get("TreatMissingData"),
        )
        return Created(name, Arn=alarm.alarm_arn)


class MetricFilter(Resource, CloudFormationModel):
    """What is counted in a log group."""

    __module__ = "moto.logs.ours"
    type_name = "AWS::Logs::MetricFilter"
    name_property = "FilterName"

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        counted = [
            {key[0].lower() + key[1:]: value for key, value in metric.items()}
            for metric in properties["MetricTransformations"]
        ]
        group, pattern = properties["LogGroupName"], properties["FilterPattern"]
        logs_backends[account][region].put_metric_filter(name, pattern, group, counted)
        return Created(name)


class QueryDefinition(Resource, CloudFormationModel):
    """A saved query of Logs Insights, of which moto keeps nothing."""

    __module__ = "moto.logs.ours"
    type_name = "AWS::Logs::QueryDefinition"

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        known = logs_backends[account][region].groups
        unknown = [group for group in properties["LogGroupNames"] if group not in known]
        if unknown:
            raise ValueError(f"{name}: reads {unknown}, which are not there")
        return Created(name)


class Schedule(Resource, CloudFormationModel):
    """A schedule of EventBridge Scheduler."""

    __module__ = "moto.scheduler.ours"
    type_name = "AWS::Scheduler::Schedule"
    name_property = "Name"
    attributes = ("Arn",)

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        schedule = scheduler_backends[account][region].create_schedule(
            description=properties.get("Description"),
            end_date=None,
            flexible_time_window=properties["FlexibleTimeWindow"],
            group_name=properties.get("GroupName", "default"),
            kms_key_arn=None,
            name=name,
            schedule_expression=properties["ScheduleExpression"],
            schedule_expression_timezone=properties.get("ScheduleExpressionTimezone"),
            start_date=None,
            state=properties.get("State"),
            target=properties["Target"],
            action_after_completion=None,
        )
        return Created(name, Arn=schedule.arn)


class BucketPolicy(Resource, CloudFormationModel):
    """The policy of a bucket."""

    __module__ = "moto.s3.ours"
    type_name = "AWS::S3::BucketPolicy"

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        # moto enforces a policy but reads no conditions: "deny what is not TLS" would deny everything.
        statements = [
            statement for statement in properties["PolicyDocument"]["Statement"] if "Condition" not in statement
        ]
        if statements:
            policy = {**properties["PolicyDocument"], "Statement": statements}
            s3_backends[account][GLOBAL].put_bucket_policy(properties["Bucket"], json.dumps(policy).encode())
        return Created(properties["Bucket"])


class Subscription(Resource, CloudFormationModel):
    """Who is told what a topic says."""

    __module__ = "moto.sns.ours"
    type_name = "AWS::SNS::Subscription"

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        backend = sns_backends[account][region]
        subscription = backend.subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"])
        return Created(subscription.arn)


class Distribution(Resource, CloudFormationModel):
    """A CloudFront distribution."""

    __module__ = "moto.cloudfront.ours"
    type_name = "AWS::CloudFront::Distribution"
    attributes = ("Id", "DomainName")

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        config = as_api(properties["DistributionConfig"]) | {"CallerReference": name}
        distribution, _, _ = cloudfront_backends[account][GLOBAL].create_distribution(config, [])
        return Created(
            distribution.distribution_id, Id=distribution.distribution_id, DomainName=distribution.domain_name
        )


class Budget(Resource, CloudFormationModel):
    """A budget, with who is told."""

    __module__ = "moto.budgets.ours"
    type_name = "AWS::Budgets::Budget"

    @classmethod
    def create(cls, name: str, properties: dict[str, Any], account: str, region: str) -> Created:
        budget = properties["Budget"]
        told = properties["NotificationsWithSubscribers"]
        budgets_backends[account][GLOBAL].create_budget(account, budget, told)
        return Created(budget["BudgetName"])


def as_api(value: Any) -> Any:
    """A part of a distribution as CloudFront's API has it: its lists are counted."""
    if isinstance(value, dict):
        return {key: as_api(item) for key, item in value.items()}
    if isinstance(value, list):
        return {"Quantity": len(value), "Items": [as_api(item) for item in value]}
    return value


def serve() -> tuple[ThreadedMotoServer, str]:
    """Starts the emulator on a free port; answers it and its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return server, f"http://{host}:{port}"
