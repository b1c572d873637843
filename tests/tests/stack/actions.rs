//! Which IAM action a call needs, and on which resource.

use axum::http::Method;
use axum::http::request::Parts;
use serde_json::Value;

use crate::created::Statement;

/// Where the emulator keeps everything.
const PLACE: &str = "us-east-1:123456789012";

/// What a call needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    /// As in `dynamodb:GetItem`.
    pub(crate) action: String,
    /// An ARN.
    pub(crate) resource: String,
}

impl Call {
    /// Whether a role's statements allow it.
    pub(crate) fn is_allowed_by(&self, statements: &[Statement]) -> bool {
        statements.iter().any(|statement| {
            statement.actions.contains(&self.action)
                && statement
                    .resources
                    .iter()
                    .any(|pattern| matches(pattern, &self.resource))
        })
    }
}

/// Whether a resource is one of those that a pattern names; only its end may be left open.
pub(crate) fn matches(pattern: &str, resource: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == resource,
        Some((start, "")) => resource.starts_with(start),
        Some(_) => panic!("{pattern}: a pattern that this test does not understand"),
    }
}

/// What a request to AWS needs: of a transaction, what each of its parts needs.
pub(crate) fn asked_for(head: &Parts, body: &[u8]) -> Vec<Call> {
    let Some(target) = head.headers.get("x-amz-target") else {
        let body = std::str::from_utf8(body).unwrap_or_default();
        return vec![of_object(head, body)];
    };
    let request: Value = serde_json::from_slice(body).unwrap();
    let target = target.to_str().unwrap();
    if target != "DynamoDB_20120810.TransactWriteItems" {
        return vec![of_target(target, &request)];
    }
    let parts = request["TransactItems"].as_array().unwrap().iter();
    let parts = parts.flat_map(|part| part.as_object().unwrap());
    parts
        .map(|(kind, part)| {
            // Put, Update and Delete need PutItem and so on; ConditionCheck needs ConditionCheckItem.
            of_target(&format!("DynamoDB_20120810.{kind}Item"), part)
        })
        .collect()
}

/// Of a call in the JSON protocol, such as `DynamoDB_20120810.GetItem`.
fn of_target(target: &str, request: &Value) -> Call {
    let (service, operation) = target.split_once('.').unwrap();
    let text = |field: &str| request[field].as_str().map(str::to_owned);
    let (service, resource) = match service {
        "DynamoDB_20120810" => {
            let tables = request["RequestItems"].as_object();
            let table = text("TableName").or_else(|| tables?.keys().next().cloned());
            (
                "dynamodb",
                format!("arn:aws:dynamodb:{PLACE}:table/{}", table.unwrap()),
            )
        }
        "AmazonSQS" => {
            let url = text("QueueUrl").unwrap();
            let name = url.rsplit('/').next().unwrap();
            ("sqs", format!("arn:aws:sqs:{PLACE}:{name}"))
        }
        "secretsmanager" => ("secretsmanager", text("SecretId").unwrap()),
        other => panic!("{other}: a service that this test does not know"),
    };
    // Sending and deleting in batches needs the permissions of sending and deleting.
    let operation = match service {
        "sqs" => operation.trim_end_matches("Batch"),
        _ => operation,
    };
    Call {
        action: format!("{service}:{operation}"),
        resource,
    }
}

/// Of a request to S3, which names the bucket in its path; the one that deletes names the object in its body.
fn of_object(head: &Parts, body: &str) -> Call {
    let path = head.uri.path().trim_start_matches('/');
    let (operation, object) = match (&head.method, head.uri.query()) {
        (&Method::PUT, None) => ("PutObject", path.to_owned()),
        (&Method::GET, None) => ("GetObject", path.to_owned()),
        (&Method::POST, Some("delete")) => {
            let (_, rest) = body.split_once("<Key>").unwrap();
            let (key, rest) = rest.split_once("</Key>").unwrap();
            assert!(!rest.contains("<Key>"), "one object at a time");
            ("DeleteObject", format!("{path}/{key}"))
        }
        other => panic!("{other:?} {path}: a request that this test does not know"),
    };
    Call {
        action: format!("s3:{operation}"),
        resource: format!("arn:aws:s3:::{object}"),
    }
}
