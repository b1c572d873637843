//! Another DynamoDB than the embedded one: a server that somebody started, shared by all tests.
//!
//! The variable `DYNAMODB_ENDPOINT` holds its address; `make second-opinion` sets it. Each test that asks for
//! an empty database gets an account of its own there. MiniStack takes an access key of twelve digits for the
//! account (`set_request_account_id` in its `core/responses.py`, seen in 1.5.33), and accounts share nothing.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextMut;
use aws_sdk_dynamodb::config::{self, ConfigBag, Credentials, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::update_time_to_live::UpdateTimeToLiveInput;

use crate::Faults;

/// An attribute that no row has.
const NEVER: &str = "never";

/// The configuration of a client with an account of its own; `None` when no server is named.
///
/// # Panics
/// When the variable is no text.
pub(crate) fn empty_account(faults: &Faults) -> Option<config::Builder> {
    match std::env::var("DYNAMODB_ENDPOINT") {
        Ok(endpoint) => Some(empty_account_at(&endpoint, faults)),
        Err(std::env::VarError::NotPresent) => None,
        Err(error) => panic!("DYNAMODB_ENDPOINT: {error}"),
    }
}

fn empty_account_at(endpoint: &str, faults: &Faults) -> config::Builder {
    let credentials = Credentials::new(next_account(), "local", None, None, "test");
    let config = crate::config(endpoint, faults).credentials_provider(credentials);
    config.interceptor(NothingExpires)
}

/// Twelve digits that no other test uses: the process (on Linux at most 2^22), and a number in it.
fn next_account() -> String {
    static ACCOUNTS: AtomicU32 = AtomicU32::new(0);
    let number = ACCOUNTS.fetch_add(1, Ordering::Relaxed);
    assert!(number < 100_000, "accounts of this process are used up");
    format!("{:07}{number:05}", std::process::id())
}

/// Names another attribute as the one by which rows expire. MiniStack deletes expired rows once a minute, by
/// the clock of the machine. Tests bring their own clock: once their dates are past, it would delete their
/// rows.
#[derive(Debug)]
struct NothingExpires;

impl Intercept for NothingExpires {
    fn name(&self) -> &'static str {
        "NothingExpires"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input_mut().downcast_mut::<UpdateTimeToLiveInput>();
        if let Some(expiry) = input.and_then(|input| input.time_to_live_specification.as_mut()) {
            NEVER.clone_into(&mut expiry.attribute_name);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
        TimeToLiveSpecification,
    };

    use super::*;

    #[test]
    fn accounts_are_twelve_digits_and_never_twice_the_same() {
        let accounts = HashSet::from([next_account(), next_account(), next_account()]);
        assert_eq!(accounts.len(), 3);
        for account in accounts {
            assert_eq!(account.len(), 12, "{account}");
            assert!(account.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }

    #[tokio::test]
    async fn no_row_expires_by_the_clock_of_the_machine() {
        let server = crate::listen(dynoxide::Database::memory().unwrap()).await;
        let client = Client::from_conf(empty_account_at(&server, &Faults::default()).build());
        let key = AttributeDefinition::builder()
            .attribute_name("PK")
            .attribute_type(ScalarAttributeType::S);
        let schema = KeySchemaElement::builder()
            .attribute_name("PK")
            .key_type(KeyType::Hash);
        let table = client
            .create_table()
            .table_name("table")
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(key.build().unwrap())
            .key_schema(schema.build().unwrap());
        table.send().await.unwrap();
        let expiry = TimeToLiveSpecification::builder()
            .attribute_name("expires")
            .enabled(true);
        let request = client.update_time_to_live().table_name("table");
        let request = request.time_to_live_specification(expiry.build().unwrap());
        request.send().await.unwrap();
        let described = client.describe_time_to_live().table_name("table").send();
        let described = described.await.unwrap().time_to_live_description.unwrap();
        assert_eq!(described.attribute_name.as_deref(), Some(NEVER));
    }
}
