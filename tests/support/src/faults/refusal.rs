//! What DynamoDB answers to a call that it does not do.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

/// Why a call is not done, in DynamoDB's words (its developer guide, "Error handling with DynamoDB").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A transaction is changing the row of a single write. No SDK repeats that.
    TransactionConflict,
    /// A transaction was cancelled, for a reason of each of its items: `None`, `TransactionConflict`,
    /// `ThrottlingError`, `ProvisionedThroughputExceeded`, `ValidationError`, `ConditionalCheckFailed`. No
    /// SDK repeats that either.
    Cancelled(Vec<&'static str>),
    /// More than the table takes, which SDKs repeat.
    ProvisionedThroughputExceeded,
    /// More than the account may ask, which SDKs repeat.
    Throttling,
    /// Something failed over there, which SDKs repeat. Here it is known that nothing was done.
    InternalServerError,
}

const SERVICE: &str = "com.amazonaws.dynamodb.v20120810";

impl Refusal {
    pub(super) fn answer(&self) -> Option<HttpResponse> {
        let body = match self {
            Self::TransactionConflict => error(
                SERVICE,
                "TransactionConflictException",
                "Transaction is ongoing for the item",
            ),
            Self::Cancelled(reasons) => cancelled(reasons),
            Self::ProvisionedThroughputExceeded => error(
                SERVICE,
                "ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for the table was exceeded",
            ),
            Self::Throttling => error(
                "com.amazon.coral.availability",
                "ThrottlingException",
                "Rate of requests exceeds the allowed throughput",
            ),
            Self::InternalServerError => {
                error(SERVICE, "InternalServerError", "Internal server error")
            }
        };
        let status = match self {
            Self::InternalServerError => 500,
            _ => 400,
        };
        let status = StatusCode::try_from(status).ok()?;
        let mut answer = HttpResponse::new(status, SdkBody::from(body.to_string()));
        let headers = answer.headers_mut();
        headers.insert("content-type", "application/x-amz-json-1.0");
        Some(answer)
    }
}

fn error(service: &str, code: &str, message: &str) -> Value {
    json!({ "__type": format!("{service}#{code}"), "message": message })
}

fn cancelled(reasons: &[&str]) -> Value {
    let listed = reasons.join(", ");
    let each = reasons.iter().map(|code| match *code {
        "None" => json!({ "Code": code }),
        _ => json!({ "Code": code, "Message": format!("refused: {code}") }),
    });
    json!({
        "__type": format!("{SERVICE}#TransactionCanceledException"),
        "Message": format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{listed}]"),
        "CancellationReasons": each.collect::<Value>(),
    })
}
