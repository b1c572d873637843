//! When a call is sent again, and with which pauses: the SDK does it, by the rules here.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction, RetryConfig};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::CancellationReason;

/// Most times that a call is sent. The pauses between them come to some 1.3 seconds, at most to 2.6; the
/// caller's own deadline, which stands in the client's configuration, ends them before.
const ATTEMPTS: u32 = 8;

/// The first pause is between nothing and this, the next up to twice as long, and so on. What DynamoDB
/// refuses because of another transaction is free again within some milliseconds.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Codes of calls that met another transaction on the same row: nothing was done, and soon it can be.
const CONFLICTS: [&str; 2] = ["TransactionConflictException", "TransactionConflict"];

/// Reasons for which DynamoDB cancels a transaction that it asks to come back later (its API reference, under
/// `TransactionCanceledException`; `ThrottlingError` and the other are both in use).
const THROTTLING: [&str; 2] = ["ThrottlingError", "ProvisionedThroughputExceeded"];

/// The client, with our rules for sending again.
pub(super) fn patient(client: &Client) -> Client {
    let rules = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(LONGEST_PAUSE);
    let config = client.config().to_builder().retry_config(rules);
    Client::from_conf(config.retry_classifier(Contention).build())
}

/// Finds what the SDK takes for final, but is not: rows that are busy for a moment.
#[derive(Debug)]
struct Contention;

impl ClassifyRetry for Contention {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        let Some(error) = error.as_operation_error() else {
            return RetryAction::NoActionIndicated;
        };
        if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
            error.downcast_ref()
        {
            return Cancelled::of(cancelled.cancellation_reasons()).action();
        }
        let code = error
            .downcast_ref()
            .and_then(PutItemError::code)
            .or_else(|| error.downcast_ref().and_then(UpdateItemError::code))
            .or_else(|| error.downcast_ref().and_then(DeleteItemError::code));
        match code {
            Some(code) if CONFLICTS.contains(&code) => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Contention"
    }
}

/// Why a transaction was cancelled. Of several reasons the one decides that waiting cures least.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cancelled<'a> {
    /// A part of it can never be done: DynamoDB's code.
    Never(&'a str),
    /// A condition does not hold: the rows have to be read again.
    Outrun,
    /// DynamoDB asks to come back later: its code.
    Throttled(&'a str),
    /// It met another transaction.
    Conflict,
    /// DynamoDB does not say.
    Unexplained,
}

impl<'a> Cancelled<'a> {
    pub(crate) fn of(reasons: &'a [CancellationReason]) -> Self {
        let codes = reasons.iter().filter_map(CancellationReason::code);
        let codes: Vec<&str> = codes.filter(|code| *code != "None").collect();
        let first = |is_meant: &dyn Fn(&str) -> bool| {
            let mut codes = codes.iter().copied();
            codes.find(|code| is_meant(code))
        };
        let is_outrun = |code: &str| code == "ConditionalCheckFailed";
        let is_throttled = |code: &str| THROTTLING.contains(&code);
        let is_conflict = |code: &str| CONFLICTS.contains(&code);
        let is_known = |code: &str| is_outrun(code) || is_throttled(code) || is_conflict(code);
        if let Some(code) = first(&|code| !is_known(code)) {
            Self::Never(code)
        } else if first(&is_outrun).is_some() {
            Self::Outrun
        } else if let Some(code) = first(&is_throttled) {
            Self::Throttled(code)
        } else if first(&is_conflict).is_some() {
            Self::Conflict
        } else {
            Self::Unexplained
        }
    }

    /// Whether it is sent again as it is: only where waiting changes something.
    fn action(&self) -> RetryAction {
        match self {
            Self::Throttled(_) => RetryAction::throttling_error(),
            Self::Conflict => RetryAction::transient_error(),
            Self::Never(_) | Self::Outrun | Self::Unexplained => RetryAction::NoActionIndicated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_transaction_is_sent_again_when_waiting_helps() {
        let (again, never) = (
            RetryAction::transient_error(),
            RetryAction::NoActionIndicated,
        );
        for (codes, expected) in [
            (&["None", "TransactionConflict"][..], &again),
            (&["TransactionConflict", "ConditionalCheckFailed"], &never),
            (&["ThrottlingError"], &RetryAction::throttling_error()),
            (
                &["ProvisionedThroughputExceeded", "TransactionConflict"],
                &RetryAction::throttling_error(),
            ),
            (&["ValidationError", "ThrottlingError"], &never),
            (&["None"], &never),
            (&[], &never),
        ] {
            let reason = |code: &&str| CancellationReason::builder().code(*code).build();
            let reasons: Vec<_> = codes.iter().map(reason).collect();
            assert_eq!(Cancelled::of(&reasons).action(), *expected, "{codes:?}");
        }
    }
}
