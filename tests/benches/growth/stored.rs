//! What is stored beside a session that was really recorded: copies of its rows.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use test_support::TABLE;

use crate::stack::Stack;

type Row = HashMap<String, AttributeValue>;

/// Most rows that DynamoDB takes at once.
const BATCH: usize = 25;

fn key(row: &Row, part: &str) -> String {
    row[part].as_s().unwrap().clone()
}

fn with(mut row: Row, partition: String, sort: String) -> Row {
    row.insert("PK".to_owned(), AttributeValue::S(partition));
    row.insert("SK".to_owned(), AttributeValue::S(sort));
    row
}

async fn rows(stack: &Stack) -> Vec<Row> {
    let scan = stack.below.table.scan().table_name(TABLE).send().await;
    scan.unwrap().items.unwrap()
}

async fn put_all(stack: &Stack, rows: Vec<Row>) {
    for batch in rows.chunks(BATCH) {
        let requests = batch.iter().map(|row| {
            let put = PutRequest::builder().set_item(Some(row.clone()));
            let put = put.build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let write = stack.below.table.batch_write_item();
        let write = write.request_items(TABLE, requests.collect());
        let answer = write.send().await.unwrap();
        assert!(answer.unprocessed_items().is_none_or(HashMap::is_empty));
    }
}

/// Older sessions of the same person, in their list.
pub(crate) async fn copy_in_list(stack: &Stack, count: usize) {
    let rows = rows(stack).await;
    let listed = rows
        .into_iter()
        .find(|row| key(row, "PK").contains("#PERSON#") && key(row, "SK").starts_with("SESSION#"))
        .unwrap();
    let copies = (0..count).map(|number| {
        let partition = key(&listed, "PK");
        let mut copy = with(
            listed.clone(),
            partition,
            format!("SESSION#{number:015}#c-{number}"),
        );
        copy.insert(
            "session".to_owned(),
            AttributeValue::S(format!("c-{number}")),
        );
        copy
    });
    put_all(stack, copies.collect()).await;
}

/// Other people, each with an alias, and a session of the same day, all of which a list can show.
pub(crate) async fn copy_people(stack: &Stack, count: usize) {
    let rows = rows(stack).await;
    let find = |is: fn(&Row) -> bool| rows.iter().find(|row| is(row)).unwrap();
    let alias = find(|row| key(row, "SK") == "ALIAS");
    let indexed = find(|row| key(row, "PK").contains("#SESSIONS#"));
    let listed =
        find(|row| key(row, "PK").contains("#PERSON#") && key(row, "SK").starts_with("SESSION#"));
    let meta = find(|row| key(row, "SK") == "META");
    let latest: u64 = meta["sort_at"].as_n().unwrap().parse().unwrap();
    let parent = |row: &Row| {
        row["PK"]
            .as_s()
            .unwrap()
            .rsplit_once('#')
            .unwrap()
            .0
            .to_owned()
    };
    let (sessions, people, kind) = (parent(meta), parent(listed), parent(alias));
    let copies = (0..count).flat_map(|number| {
        let (session, person) = (format!("c-{number}"), format!("m_{number:032x}"));
        let at = latest - 1 - number as u64;
        let sort = format!("SESSION#{at:015}#{session}");
        let of_session = |row: &Row, partition: String, sort: &str| {
            let mut row = with(row.clone(), partition, sort.to_owned());
            row.insert("sort_at".to_owned(), AttributeValue::N(at.to_string()));
            row
        };
        let listing = |row: &Row, partition: String| {
            let mut row = of_session(row, partition, &sort);
            row.insert("session".to_owned(), AttributeValue::S(session.clone()));
            row
        };
        let mut meta = of_session(meta, format!("{sessions}#{session}"), "META");
        meta.insert("person".to_owned(), AttributeValue::S(person.clone()));
        // Sealed for the session that it was copied from.
        meta.remove("aliases");
        let alias = with(
            alias.clone(),
            format!("{kind}#{number:064x}"),
            "ALIAS".to_owned(),
        );
        [
            meta,
            alias,
            listing(indexed, key(indexed, "PK")),
            listing(listed, format!("{people}#{person}")),
        ]
    });
    put_all(stack, copies.collect()).await;
}

/// Other problems, as many on each of the last thirty days.
pub(crate) async fn copy_problems(stack: &Stack, count: usize) {
    const DAYS: usize = 30;
    let rows = rows(stack).await;
    let find = |is: fn(&Row) -> bool| rows.iter().find(|row| is(row)).unwrap();
    let counted = find(|row| key(row, "PK").contains("#PROBLEM#"));
    let listed = find(|row| key(row, "PK").contains("#PROBLEMS#"));
    let parent = |row: &Row| key(row, "PK").rsplit_once('#').unwrap().0.to_owned();
    let (problems, days) = (parent(counted), parent(listed));
    let place = key(listed, "SK").rsplit_once('#').unwrap().0.to_owned();
    let today: jiff::civil::Date = key(counted, "SK")[4..].parse().unwrap();
    let dates = today.series(jiff::Span::new().days(-1)).take(DAYS);
    let copies = dates.enumerate().flat_map(|(before, day)| {
        let (problems, days, place) = (problems.clone(), days.clone(), place.clone());
        (0..count / DAYS).flat_map(move |number| {
            let fingerprint = format!("{:016x}", before * count + number);
            let partition = format!("{problems}#{fingerprint}");
            [
                with(counted.clone(), partition, format!("DAY#{day}")),
                with(
                    listed.clone(),
                    format!("{days}#{day}"),
                    format!("{place}#{fingerprint}"),
                ),
            ]
        })
    });
    put_all(stack, copies.collect()).await;
}
