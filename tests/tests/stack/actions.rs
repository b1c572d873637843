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
        return of_objects(head, body);
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

/// Of a request to S3, which names the bucket in its path; the one that deletes names the objects in its
/// body.
fn of_objects(head: &Parts, body: &str) -> Vec<Call> {
    let path = head.uri.path().trim_matches('/');
    let call = |operation: &str, resource: &str| Call {
        action: format!("s3:{operation}"),
        resource: format!("arn:aws:s3:::{resource}"),
    };
    match (&head.method, head.uri.query()) {
        (&Method::PUT, None) => vec![call("PutObject", path)],
        (&Method::GET, None) => vec![call("GetObject", path)],
        (&Method::GET, Some(query)) if query.contains("list-type=2") => {
            vec![call("ListBucket", path)]
        }
        (&Method::POST, Some("delete")) => {
            let keys = body.split("<Key>").skip(1);
            let keys = keys.map(|rest| rest.split_once("</Key>").unwrap().0);
            keys.map(|key| call("DeleteObject", &format!("{path}/{key}")))
                .collect()
        }
        other => panic!("{other:?} {path}: a request that this test does not know"),
    }
}
