//! Writes that hold only under a condition, and whether they were done.
//!
//! DynamoDB may do a write and lose its answer. The SDK then sends the write again, and a condition that the
//! write itself has made false refuses it: without more, one's own success looks like somebody else's. So
//! every such write leaves a random name of its call in the row. A refusal that shows a row with that name is
//! none.
//!
//! A row that somebody else has written in between has lost the name, and the write counts as refused
//! although it was done for a moment. For most callers that is the same as having been second;
//! docs/INVARIANTS.md says why for each. Where it is not, because others write the same row for reasons of
//! their own, the name stands in an attribute that nobody else writes ([`attempt_in`]).

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};

use crate::Error;
use crate::row::Item;

/// The attribute that names the call which wrote a row last. Others of the kind end in the same word.
pub const CALL: &str = "call";

/// What became of a write that holds only under a condition.
#[derive(Debug)]
pub enum Attempt {
    /// It was done. Holds the row as it is now if the call asked for `ALL_NEW`, else perhaps nothing.
    Done(Item),
    /// Its condition does not hold. Holds the row as it stands, nothing when there is none.
    Refused(Item),
}

impl Attempt {
    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// What it left, if it was done.
    pub fn done(self) -> Option<Item> {
        match self {
            Self::Done(item) => Some(item),
            Self::Refused(_) => None,
        }
    }
}

/// A write with a condition, ready to be sent.
pub trait Conditional: Sized {
    /// Sends it, again if need be, and says what became of it.
    ///
    /// The old row cannot be asked for: a caller that sends again cannot know it any more.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer: it may have been done.
    fn attempt(
        self,
        operation: &'static str,
    ) -> impl Future<Output = Result<Attempt, Error>> + Send;
}

impl Conditional for PutItemFluentBuilder {
    async fn attempt(self, operation: &'static str) -> Result<Attempt, Error> {
        let call = CallName::random()?;
        let sent = self
            .item(CALL, call.attribute())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Attempt::Done(Item::new())),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(call.judge(refused, CALL))
                }
                _ => failed(operation, &error),
            },
        }
    }
}

impl Conditional for UpdateItemFluentBuilder {
    async fn attempt(self, operation: &'static str) -> Result<Attempt, Error> {
        attempt_in(self, operation, CALL).await
    }
}

/// The same with the name in an attribute of its own, so that no other write takes it away.
///
/// # Errors
/// As [`Conditional::attempt`].
pub async fn attempt_in(
    update: UpdateItemFluentBuilder,
    operation: &'static str,
    attribute: &'static str,
) -> Result<Attempt, Error> {
    let call = CallName::random()?;
    let changes = naming_the_call(update.get_update_expression().as_deref());
    let sent = update
        .update_expression(changes)
        .expression_attribute_names("#call", attribute)
        .expression_attribute_values(":call", call.attribute())
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    match sent {
        Ok(answer) => Ok(Attempt::Done(answer.attributes.unwrap_or_default())),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                Ok(call.judge(refused, attribute))
            }
            _ => failed(operation, &error),
        },
    }
}

/// A row that is gone bears no name, and needs none: who wanted it gone has what they wanted, whoever did it.
impl Conditional for DeleteItemFluentBuilder {
    async fn attempt(self, operation: &'static str) -> Result<Attempt, Error> {
        let sent = self
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Attempt::Done(Item::new())),
            Err(error) => match error.as_service_error() {
                Some(DeleteItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(match refused.item() {
                        Some(item) if !item.is_empty() => Attempt::Refused(item.clone()),
                        _ => Attempt::Done(Item::new()),
                    })
                }
                _ => failed(operation, &error),
            },
        }
    }
}

/// Tells a call from all others on the same row: 64 random bits.
struct CallName([u8; 8]);

impl CallName {
    fn random() -> Result<Self, Error> {
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|_| Error::NoEntropy)?;
        Ok(Self(name))
    }

    fn attribute(&self) -> AttributeValue {
        AttributeValue::B(Blob::new(self.0))
    }

    /// What a refusal means for this call.
    fn judge(&self, refused: &ConditionalCheckFailedException, attribute: &str) -> Attempt {
        let row = refused.item().cloned().unwrap_or_default();
        match row.get(attribute) {
            Some(name) if *name == self.attribute() => Attempt::Done(row),
            _ => Attempt::Refused(row),
        }
    }
}

/// The changes, and that of the row's call. DynamoDB takes one clause of a kind, in any order.
fn naming_the_call(changes: Option<&str>) -> String {
    const NAMING: &str = "SET #call = :call";
    match changes.map(|changes| (changes, changes.split_once("SET "))) {
        None => NAMING.to_owned(),
        Some((_, Some((before, after)))) => format!("{before}{NAMING}, {after}"),
        Some((changes, None)) => format!("{changes} {NAMING}"),
    }
}

fn failed<E, R>(operation: &'static str, error: &SdkError<E, R>) -> Result<Attempt, Error>
where
    E: ProvideErrorMetadata,
{
    Err(Error::from_sdk(operation, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_name_the_call_in_the_clause_that_sets() {
        for (changes, expected) in [
            (None, "SET #call = :call"),
            (Some("SET a = :a"), "SET #call = :call, a = :a"),
            (Some("REMOVE b"), "REMOVE b SET #call = :call"),
            (
                Some("ADD n :one SET a = :a REMOVE b"),
                "ADD n :one SET #call = :call, a = :a REMOVE b",
            ),
        ] {
            assert_eq!(naming_the_call(changes), expected);
        }
    }

    #[test]
    fn a_refusal_by_ones_own_row_is_none() {
        let call = CallName([1; 8]);
        let refusal = |name: Option<[u8; 8]>| {
            let item = name.map(|name| (CALL.to_owned(), CallName(name).attribute()));
            let refused = ConditionalCheckFailedException::builder();
            refused.set_item(Some(item.into_iter().collect())).build()
        };
        for (row, is_done) in [(Some([1; 8]), true), (Some([2; 8]), false), (None, false)] {
            assert_eq!(
                call.judge(&refusal(row), CALL).is_done(),
                is_done,
                "{row:?}"
            );
        }
    }
}
