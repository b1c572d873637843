//! Ten thousand notifications in any order.

use std::collections::{BTreeMap, BTreeSet};

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use futures::{StreamExt, stream};
use intercom::webhook::Topic;
use jiff::tz::TimeZone;
use notification::Worker;
use serde_json::{Value, json};

use crate::functions::handle;
use crate::sample::{
    AT, absorbing, conversation, deleted, lead, lead_with_email, notification, user,
};
use crate::stack::Stack;

/// Notifications that are delivered.
const DELIVERIES: usize = 10_000;

/// Those of them that repeat another one.
const REPEATED: usize = DELIVERIES / 3;

/// Conversations of one contact: most of what Intercom tells.
const CONVERSATIONS: usize = 12;

/// Batches at the same time: several instances of the functions.
const BATCHES_AT_ONCE: usize = 4;

/// What happens to contacts, in the order in which it happens.
fn lives(random: &mut fastrand::Rng) -> Vec<Value> {
    let distinct = DELIVERIES - REPEATED;
    let mut all = Vec::with_capacity(distinct);
    let mut contact = 0;
    while all.len() < distinct {
        contact += 1;
        all.extend(life(contact, random));
    }
    all.truncate(distinct);
    all
}

/// A lead's life; some share a browser or an e-mail address with another one.
fn life(n: usize, random: &mut fastrand::Rng) -> Vec<Value> {
    let some = |share: f32, random: &mut fastrand::Rng| random.f32() < share;
    let shared = |random: &mut fastrand::Rng| match some(0.05, random) {
        true => random.usize(0..n),
        false => n,
    };
    let (id, user_id) = (format!("c{n}"), format!("u-{n}"));
    let visitor = format!("v-{}", shared(random));
    let email = format!("{}@shop.example", shared(random));
    let mut at = AT + i64::try_from(n).unwrap() * 100;
    let mut life = Vec::new();
    let mut happens = |topic: &str, item: Value| {
        at += 1;
        life.push(notification(topic, at, item));
    };
    happens("contact.lead.created", lead(&id, &visitor));
    for nth in 0..CONVERSATIONS {
        let name = format!("{n}-{nth}");
        let began = conversation(&name, &id, &visitor, "https://shop.example/");
        happens("conversation.user.created", began);
    }
    let known = lead_with_email(&id, &visitor, &email);
    happens("contact.lead.added_email", known.clone());
    if some(0.3, random) {
        happens("contact.archived", json!({ "id": id, "archived": true }));
        if some(0.5, random) {
            happens("contact.unarchive", known);
        }
    }
    match random.u32(0..3) {
        0 => happens("contact.lead.signed_up", user(&id, &user_id, &email)),
        1 => {
            let survivor = user(&format!("s{n}"), &user_id, &email);
            happens("contact.merged", absorbing(survivor, &id));
        }
        _ => {}
    }
    if some(0.3, random) {
        let other = format!("{n}@work.example");
        happens("contact.email.updated", user(&id, &user_id, &other));
    }
    if some(0.1, random) {
        happens("contact.deleted", deleted(&id, &visitor));
    }
    life
}

/// Has all of them processed, in batches of a queue's size, and those that fail again.
async fn process(stack: &Stack, notifications: Vec<Value>) {
    let mut left = notifications;
    let mut rounds = 0;
    while !left.is_empty() {
        rounds += 1;
        assert!(rounds < 10, "{} fail again and again", left.len());
        let batches = stream::iter(batches(&left)).map(|(worker, batch)| async move {
            let mut event = SqsEvent::default();
            event.records = batch
                .iter()
                .map(|(place, body)| message(*place, body))
                .collect();
            let failures = handle(worker, &stack.state, event)
                .await
                .batch_item_failures;
            let place = |id: String| id.parse::<usize>().unwrap();
            failures
                .into_iter()
                .map(|failure| place(failure.item_identifier))
                .collect::<Vec<_>>()
        });
        let failed: Vec<usize> = batches.buffer_unordered(BATCHES_AT_ONCE).concat().await;
        left = failed
            .into_iter()
            .map(|place| left[place].clone())
            .collect();
    }
}

/// Up to ten of a worker's at a time, in the order in which they come.
fn batches(notifications: &[Value]) -> Vec<(Worker, Vec<(usize, String)>)> {
    let mut open: BTreeMap<Worker, Vec<(usize, String)>> = BTreeMap::new();
    let mut full = Vec::new();
    for (place, notification) in notifications.iter().enumerate() {
        let topic = Topic::parse(notification["topic"].as_str().unwrap());
        let worker = Worker::of(topic.unwrap());
        let batch = open.entry(worker).or_default();
        batch.push((place, notification.to_string()));
        if batch.len() == 10 {
            full.push((worker, std::mem::take(batch)));
        }
    }
    full.extend(open);
    full
}

fn message(place: usize, body: &str) -> SqsMessage {
    let mut message = SqsMessage::default();
    message.message_id = Some(place.to_string());
    message.body = Some(body.to_owned());
    message
}

/// Says what differs: two tables are too much to look through.
pub(crate) fn same(one: &BTreeSet<String>, other: &BTreeSet<String>) {
    let differ: Vec<_> = one.symmetric_difference(other).take(6).collect();
    assert!(
        differ.is_empty(),
        "{} and {} rows; {differ:#?}",
        one.len(),
        other.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_shuffled_with_a_third_repeated_amount_to_what_they_do_in_order() {
    let mut random = fastrand::Rng::with_seed(5);
    let ordered = lives(&mut random);
    let mut shuffled = ordered.clone();
    let repeated = random.choose_multiple(ordered.iter(), REPEATED);
    shuffled.extend(repeated.into_iter().cloned());
    random.shuffle(&mut shuffled);
    assert_eq!(shuffled.len(), DELIVERIES);

    let run = |notifications: Vec<Value>| {
        tokio::spawn(async {
            let stack = Stack::start().await;
            let acme = stack.connect("acme").await;
            process(&stack, notifications).await;
            let now = stack.state.clock.now();
            let today = now.to_zoned(TimeZone::UTC).date();
            let counted = stack
                .state
                .store
                .of(&acme)
                .sessions()
                .day_counts(today)
                .await
                .unwrap();
            (stack.facts().await, counted.notifications)
        })
    };
    let distinct = ordered.len() as u64;
    let (ordered, shuffled) = (run(ordered), run(shuffled));
    let ((ordered, once), (shuffled, again)) = (ordered.await.unwrap(), shuffled.await.unwrap());

    same(&ordered, &shuffled);
    assert_eq!((once, again), (distinct, distinct));
}
