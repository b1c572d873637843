//! What AWS answers when something went wrong.

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::asked::Asked;

/// What a call is answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why DynamoDB does not do a call. As its API reference has them, under `TransactWriteItems` and "Common
/// errors".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Another write has one of the rows at this moment, and one of the two is a transaction.
    Conflict,
    /// The table takes no more for now.
    Throttled,
    /// The partition takes no more for now.
    Exceeded,
    /// It can never be done: an item grew too large, for one.
    Invalid,
    /// An error of the server's.
    Failed,
}

impl Refusal {
    /// Among the reasons of a cancelled transaction; those of the server are none.
    fn reason(self) -> Option<&'static str> {
        match self {
            Self::Conflict => Some("TransactionConflict"),
            Self::Throttled => Some("ThrottlingError"),
            Self::Exceeded => Some("ProvisionedThroughputExceeded"),
            Self::Invalid => Some("ValidationError"),
            Self::Failed => None,
        }
    }

    fn exception(self) -> &'static str {
        match self {
            Self::Conflict => "TransactionConflictException",
            Self::Throttled => "ThrottlingException",
            Self::Exceeded => "ProvisionedThroughputExceededException",
            Self::Invalid => "ValidationException",
            Self::Failed => "InternalServerError",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Conflict => "Transaction is ongoing for the item",
            Self::Throttled => "Throughput exceeds the current capacity of your table or index.",
            Self::Exceeded => {
                "The level of configured provisioned throughput for the table was exceeded."
            }
            Self::Invalid => "Item size to update has exceeded the maximum allowed size",
            Self::Failed => "Internal server error",
        }
    }
}

impl Answer {
    /// The answer of a call that is not done; of a transaction, its last part is to blame.
    pub(super) fn refusal(asked: &Asked, refusal: Refusal) -> Self {
        let parts = asked.rows().len();
        match refusal.reason() {
            Some(_) if asked.is_transaction() => {
                let blamed = (1..=parts).map(|part| (part == parts).then_some(refusal));
                Self::cancelled(&blamed.collect::<Vec<_>>())
            }
            _ => Self::error(refusal),
        }
    }

    /// The answer of a write that is not a transaction.
    fn error(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let code = format!("com.amazonaws.dynamodb.v20120810#{}", refusal.exception());
        Self::json(
            status,
            &json!({ "__type": code, "message": refusal.message() }),
        )
    }

    /// The answer of a transaction some of whose parts are to blame.
    pub(super) fn cancelled(parts: &[Option<Refusal>]) -> Self {
        let code = |part: &Option<Refusal>| part.and_then(Refusal::reason).unwrap_or("None");
        let codes: Vec<&str> = parts.iter().map(code).collect();
        let reasons = parts.iter().map(|part| match part {
            Some(refusal) => json!({ "Code": code(part), "Message": refusal.message() }),
            None => json!({ "Code": "None" }),
        });
        let message = format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        );
        let body = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": message,
            "CancellationReasons": reasons.collect::<Vec<_>>(),
        });
        Self::json(StatusCode::BAD_REQUEST, &body)
    }

    /// What comes instead of an answer when a service does not know whether a call was done.
    pub(super) fn server_error(asked: &Asked) -> Self {
        const STATUS: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;
        if asked.is_of_dynamodb() {
            return Self::error(Refusal::Failed);
        }
        if asked.service.is_empty() {
            let body = "<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try \
                        again.</Message></Error>";
            return Self::of(STATUS, "application/xml", body.into());
        }
        Self::json(STATUS, &json!({ "__type": "InternalError" }))
    }

    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self::of(
            status,
            "application/x-amz-json-1.0",
            body.to_string().into_bytes(),
        )
    }

    fn of(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        let content_type = ("content-type", HeaderValue::from_static(content_type));
        let headers =
            [content_type].map(|(name, value)| (axum::http::HeaderName::from_static(name), value));
        Self {
            status,
            headers: HeaderMap::from_iter(headers),
            body,
        }
    }
}
