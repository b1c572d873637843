"""What is kept: the table, the bucket, the secret."""

from collections.abc import Iterator
from typing import Any

import source
from template import Plain, as_list, refers_to


def check(template: Plain) -> Iterator[str]:
    """Nothing is lost, nothing is public, everything expires."""
    for kind in ("DynamoDB::Table", "S3::Bucket", "SecretsManager::Secret"):
        name, _ = template.only(kind)
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            if template.resources[name].get(policy) != "Retain":
                yield f"{name}: {policy} is not Retain: an accident deletes it"
    yield from table(*template.only("DynamoDB::Table"))
    yield from bucket(*template.only("S3::Bucket"))
    yield from only_over_tls(template)
    yield from secret(*template.only("SecretsManager::Secret"))


def table(name: str, properties: dict[str, Any]) -> Iterator[str]:
    """As shared/store reads and writes it; restorable, encrypted, billed by use."""
    keys = tuple(key["AttributeName"] for key in properties["KeySchema"])
    if keys != source.partition_and_sort_key():
        yield f"{name}: its keys are {keys}, shared/store's are {source.partition_and_sort_key()}"
    expiry = {"AttributeName": source.expiry_attribute(), "Enabled": True}
    if properties.get("TimeToLiveSpecification") != expiry:
        yield f"{name}: nothing expires: TimeToLiveSpecification has to be {expiry}"
    if properties.get("PointInTimeRecoverySpecification") != {"PointInTimeRecoveryEnabled": True}:
        yield f"{name}: no point-in-time recovery"
    if properties.get("SSESpecification", {}).get("SSEEnabled") is not True:
        yield f"{name}: not encrypted with a key of this account"
    if properties.get("BillingMode") != "PAY_PER_REQUEST":
        yield f"{name}: not billed by use"
    if refers_to(properties.get("DeletionProtectionEnabled")) != "DeletionProtection":
        yield f"{name}: not protected from deletion by the parameter DeletionProtection"


def bucket(name: str, properties: dict[str, Any]) -> Iterator[str]:
    """Private, encrypted, and every object expires with its prefix."""
    block = properties.get("PublicAccessBlockConfiguration", {})
    for switch in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"):
        if block.get(switch) is not True:
            yield f"{name}: {switch} is off: it could be made public"
    owners = properties.get("OwnershipControls", {}).get("Rules", [])
    if owners != [{"ObjectOwnership": "BucketOwnerEnforced"}]:
        yield f"{name}: access control lists are not disabled"
    if not properties.get("BucketEncryption"):
        yield f"{name}: not encrypted"
    rules = [
        rule for rule in properties.get("LifecycleConfiguration", {}).get("Rules", []) if rule["Status"] == "Enabled"
    ]
    expiries = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    for prefix, days in expiries.items():
        if prefix.split("/")[1:] != [str(days), ""]:
            yield f"{name}: objects under {prefix} expire after {days} days"
    for kind in source.bucket_classes():
        prefix = f"{kind}/{source.default_retention_days()}/"
        if prefix not in expiries:
            yield f"{name}: objects under {prefix} never expire"
    if properties.get("VersioningConfiguration") != {"Status": "Enabled"}:
        yield f"{name}: what is erased by mistake cannot be brought back: it has no versions"
    outlived = {rule.get("Prefix") for rule in rules if "NoncurrentVersionExpiration" in rule}
    for kind in source.bucket_classes():
        if f"{kind}/" not in outlived:
            yield f"{name}: erased objects under {kind}/ live on for ever, as versions"
    if not any("AbortIncompleteMultipartUpload" in rule for rule in rules):
        yield f"{name}: uploads that broke off are kept, and paid, for ever"


def only_over_tls(template: Plain) -> Iterator[str]:
    """The bucket refuses plain HTTP."""
    denial = {"Bool": {"aws:SecureTransport": "false"}}
    denied = {
        refers_to(policy["Bucket"])
        for policy in template.of_type("S3::BucketPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement.get("Condition") == denial
        and as_list(statement["Action"]) == ["s3:*"]
        and len(as_list(statement["Resource"])) == 2
    }
    for name in template.of_type("S3::Bucket"):
        if name not in denied:
            yield f"{name}: answers over plain HTTP"


def secret(name: str, properties: dict[str, Any]) -> Iterator[str]:
    """Made once, by Secrets Manager: what is in a template or a parameter can be read."""
    if "SecretString" in properties:
        yield f"{name}: its value stands in the template"
    if properties.get("GenerateSecretString", {}).get("GenerateStringKey") != "master_key":
        yield f"{name}: no master key is generated"
