//! The table's rows past the store: what a thief would see, and more of them than the front door makes in
//! time.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::OrganizationId;

use crate::fixture::{Fixture, TABLE};

impl Fixture {
    /// Lists more sessions like `s00000` of [`crate::sessions`], each a second after the one before: two
    /// thousand would take a minute by the front door.
    pub(crate) async fn multiply(
        &self,
        organization: &OrganizationId,
        numbers: std::ops::Range<i64>,
    ) {
        let rows = self
            .client
            .scan()
            .table_name(TABLE)
            .send()
            .await
            .unwrap()
            .items
            .unwrap();
        let is_model = |row: &&HashMap<String, AttributeValue>| {
            let in_list = row["PK"]
                .as_s()
                .unwrap()
                .starts_with(&format!("ORG#{organization}#PERSON#"));
            in_list && row["SK"].as_s().unwrap().ends_with("#s00000")
        };
        let model = rows.iter().find(is_model).unwrap();
        let first: i64 = model["sort_at"].as_n().unwrap().parse().unwrap();
        for number in numbers {
            let (session, sort_at) = (format!("s{number:05}"), first + 1_000 * number);
            let mut row = model.clone();
            row.insert(
                "SK".to_owned(),
                AttributeValue::S(format!("SESSION#{sort_at:015}#{session}")),
            );
            row.insert("session".to_owned(), AttributeValue::S(session));
            row.insert("sort_at".to_owned(), AttributeValue::N(sort_at.to_string()));
            self.client
                .put_item()
                .table_name(TABLE)
                .set_item(Some(row))
                .send()
                .await
                .unwrap();
        }
    }

    /// Sets an attribute of the row with this sort key, whatever its partition.
    pub(crate) async fn damage(&self, sort: &str, attribute: &str, value: AttributeValue) {
        let rows = self.client.scan().table_name(TABLE).send().await.unwrap();
        let mut rows = rows.items.unwrap().into_iter();
        let mut row = rows.find(|row| row["SK"].as_s().unwrap() == sort).unwrap();
        row.insert(attribute.to_owned(), value);
        let put = self.client.put_item().table_name(TABLE);
        put.set_item(Some(row)).send().await.unwrap();
    }

    /// Every row, as text: keys, names of attributes and values, bytes as far as they are text. Without the
    /// random name of the call that wrote it last, which says nothing about what stands there.
    pub(crate) async fn dump(&self) -> Vec<String> {
        let mut rows = Vec::new();
        let mut pages = self
            .client
            .scan()
            .table_name(TABLE)
            .into_paginator()
            .items()
            .send();
        while let Some(item) = pages.next().await {
            let item: std::collections::BTreeMap<_, _> = item.unwrap().into_iter().collect();
            rows.push(
                item.iter()
                    .filter(|(name, _)| !name.ends_with("call"))
                    .map(|(name, value)| format!("{name}={} ", shown(value)))
                    .collect(),
            );
        }
        rows.sort();
        rows
    }
}

fn shown(value: &AttributeValue) -> String {
    let mut parts: Vec<String> = match value {
        AttributeValue::S(text) | AttributeValue::N(text) => return text.clone(),
        AttributeValue::L(list) => return list.iter().map(shown).collect(),
        AttributeValue::Ss(texts) => texts.clone(),
        AttributeValue::Bs(blobs) => blobs
            .iter()
            .map(|blob| String::from_utf8_lossy(blob.as_ref()).into_owned())
            .collect(),
        AttributeValue::M(map) => map
            .iter()
            .map(|(name, value)| format!("{name}={}", shown(value)))
            .collect(),
        other => return format!("{other:?}"),
    };
    // Sets and maps have no order of their own.
    parts.sort();
    parts.join(",")
}
