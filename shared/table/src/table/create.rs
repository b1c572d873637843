//! The table itself, where no template makes it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    TimeToLiveSpecification,
};

use crate::Error;
use crate::key::{EXPIRES, PARTITION, SORT};

/// Makes the table with its TTL unless it exists. For local mode and tests; a deployment's template says the
/// same.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Refused`] when DynamoDB does not make it.
pub async fn create_table(client: &Client, name: &str) -> Result<(), Error> {
    let operation = "create the table";
    let unbuilt = |_| Error::Refused {
        operation,
        reason: "request not built".to_owned(),
    };
    let mut request = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest);
    for (attribute, role) in [(PARTITION, KeyType::Hash), (SORT, KeyType::Range)] {
        let definition = AttributeDefinition::builder()
            .attribute_name(attribute)
            .attribute_type(ScalarAttributeType::S);
        let element = KeySchemaElement::builder()
            .attribute_name(attribute)
            .key_type(role);
        request = request
            .attribute_definitions(definition.build().map_err(unbuilt)?)
            .key_schema(element.build().map_err(unbuilt)?);
    }
    match request.send().await {
        Ok(_) => {}
        Err(error) if error.code() == Some("ResourceInUseException") => return Ok(()),
        Err(error) => return Err(Error::from_sdk(operation, &error)),
    }
    let expiry = TimeToLiveSpecification::builder()
        .attribute_name(EXPIRES)
        .enabled(true);
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(expiry.build().map_err(unbuilt)?)
        .send()
        .await
        .map_err(|error| Error::from_sdk(operation, &error))?;
    Ok(())
}
