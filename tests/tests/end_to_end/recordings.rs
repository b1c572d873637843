//! Every recording whose truth is known, on its whole way.

use fastrand::Rng;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::canvas::{Canvas, conversation, with_email};
use crate::chunks::{arrivals, cut};
use crate::client::Client;
use crate::recording::Recording;

/// Cuts of a recording: some twenty chunks, as of a minute on a site.
const CUTS: usize = 20;

#[tokio::test]
async fn however_a_recording_arrives_the_inbox_shows_what_happened() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let recordings = Recording::all();
    let journeys = recordings.iter().enumerate().map(|(number, recording)| {
        let random = Rng::with_seed(seed.wrapping_add(number as u64));
        one_recording(&client, recording, random)
    });
    join_all(journeys).await;

    client.page("/", 200).await;
    client.page("/sessions", 404).await;
    let somebody = format!("{}@visitors.example", recordings[0].name);
    let conversation = conversation(&with_email(&somebody));
    let panel = client.initialize(&conversation).await;
    client.open(&panel.link("all")).await;
    let told = client.told();
    let log = bundle.output();
    for recording in &recordings {
        for secret in recording.secrets() {
            assert!(!told.contains(secret), "{}: told {secret}", recording.name);
            assert!(!log.contains(secret), "{}: logged {secret}", recording.name);
        }
    }
    assert!(!log.contains("ERROR"), "{log}");
}

async fn one_recording(client: &Client, recording: &Recording, mut random: Rng) {
    let session = &recording.name;
    let person = format!("{session}@visitors.example");
    let chunks = cut(&recording.events, CUTS, &mut random);
    let order = arrivals(chunks.len(), &mut random);
    let identified_at = random.usize(0..=order.len());
    for (place, seq) in order.iter().enumerate() {
        if place == identified_at {
            client.identify(session, &json!({ "email": person })).await;
        }
        let answer = client.chunk(session, *seq, &chunks[*seq], 202).await;
        let sent_before = order[..place].contains(seq);
        assert_eq!(
            answer["duplicate"],
            json!(sent_before),
            "{session}: {answer}"
        );
    }
    if identified_at == order.len() {
        client.identify(session, &json!({ "email": person })).await;
    }

    let summary = client.summary_of(session, chunks.len()).await;
    assert_eq!(summary["aliases"]["email"], json!(person), "{session}");
    assert_eq!(
        without_where(summary.clone()),
        summary_of_the_whole(recording),
        "{session}"
    );
    for (name, count) in recording.counts() {
        let found = summary["counts"][name].as_u64();
        let right = count..=count + recording.leeway(name);
        let is_right = found.is_some_and(|found| right.contains(&found));
        assert!(is_right, "{session}: {name}: {found:?} instead of {count}");
    }
    let details = see_in_the_inbox(client, recording, &person, &summary).await;
    client.open(&details.link("View session")).await;
}

/// Opens the conversation with the person and the only session in its list.
async fn see_in_the_inbox(
    client: &Client,
    recording: &Recording,
    person: &str,
    summary: &Value,
) -> Canvas {
    let name = &recording.name;
    let conversation = conversation(&with_email(person));
    let list = client.initialize(&conversation).await;
    assert!(list.lists(name), "{name}: {}", list.text());
    let first = &list.sessions()[0];
    let details = client.click(&conversation, &list, first).await;
    for (field, count) in [
        ("Clicks", "clicks"),
        ("Rage clicks", "rage_clicks"),
        ("Dead clicks", "dead_clicks"),
        ("JS errors", "js_errors"),
        ("Console errors", "console_errors"),
        ("Warnings", "console_warnings"),
        ("Failed requests", "failed_requests"),
        ("Scrolls", "scrolls"),
        ("Fields edited", "fields_edited"),
    ] {
        let shown = details.value(field).unwrap_or_default();
        let counted = match summary["counts"][count].as_u64() {
            // What did not happen is left out.
            Some(0) => String::new(),
            _ => summary["counts"][count].to_string(),
        };
        assert_eq!(shown, counted, "{name}: {field}");
    }
    let link = details.button("Get a share link");
    let link = client.click(&conversation, &details, &link).await;
    let back = link.button("Back");
    client.click(&conversation, &link, &back).await
}

/// The summary of the recording in one piece, as the public JSON.
fn summary_of_the_whole(recording: &Recording) -> Value {
    let payload = serde_json::to_vec(&recording.events).unwrap();
    let summary = replay::summarize(&payload).unwrap().unwrap();
    without_where(serde_json::to_value(summary).unwrap())
}

/// Without what tells how the recording arrived and whose it is.
fn without_where(mut summary: Value) -> Value {
    for field in ["session_id", "aliases", "claimed", "chunks"] {
        summary.as_object_mut().unwrap().remove(field);
    }
    summary
}
