//! What is stored comes back, and what is sent is what Intercom describes.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;

fn written<T: serde::Serialize + DeserializeOwned + PartialEq>(write: &T) -> String {
    let text = serde_json::to_string(write).unwrap();
    let read: T = serde_json::from_str(&text).unwrap();
    assert!(read == *write, "{text}");
    text
}

#[test]
fn what_is_not_said_is_not_sent() {
    assert_eq!(written(&ContactWrite::default()), "{}");
    let company = CompanyWrite {
        company_id: "6".to_owned(),
        ..CompanyWrite::default()
    };
    assert_eq!(written(&company), r#"{"company_id":"6"}"#);
    let contact = ContactWrite {
        role: Some(ContactRole::User),
        external_id: Some("42".to_owned()),
        unsubscribed_from_emails: Some(false),
        ..ContactWrite::default()
    };
    assert_eq!(
        written(&contact),
        r#"{"role":"user","external_id":"42","unsubscribed_from_emails":false}"#
    );
}

#[test]
fn metadata_keeps_its_order() {
    let pair = |(key, value): (&str, Value)| (key.to_owned(), value);
    let price = json!({ "amount": 1999, "currency": "eur" });
    let event = EventWrite {
        event_name: "bought".to_owned(),
        created_at: 1_795_176_000,
        id: Some("6762f0d0".to_owned()),
        metadata: [("z", json!(1)), ("price", price), ("a", json!("x"))]
            .map(pair)
            .into_iter()
            .collect(),
        ..EventWrite::default()
    };
    assert_eq!(
        written(&event),
        concat!(
            r#"{"event_name":"bought","created_at":1795176000,"id":"6762f0d0","#,
            r#""metadata":{"z":1,"price":{"amount":1999,"currency":"eur"},"a":"x"}}"#
        )
    );
}

#[test]
fn an_attribute_is_written_in_intercoms_words() {
    let attribute = AttributeWrite {
        name: "plan_tier".to_owned(),
        model: Model::Contact,
        data_type: AttributeType::String,
        description: None,
        messenger_writable: false,
    };
    assert_eq!(
        written(&attribute),
        r#"{"name":"plan_tier","model":"contact","data_type":"string","messenger_writable":false}"#
    );
}
