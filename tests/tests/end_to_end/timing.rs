//! How soon a teammate sees what a recorder sent.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::bundle::{Bundle, PAUSE};
use crate::canvas::{conversation, conversation_begun, with_email};
use crate::chunks::Chunk;
use crate::client::SECRET_KEY;
use crate::recording::Recording;

/// A summary is visible this soon after its chunk.
const VISIBLE_WITHIN: Duration = Duration::from_secs(6);

const EMAIL: &str = "ada@visitors.example";

#[tokio::test]
async fn a_chunk_is_visible_in_the_inbox_within_six_seconds() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let conversation = conversation(&with_email(EMAIL));
    let recording = Recording::ours("spa-slow");
    client.identify("s1", &json!({ "email": EMAIL })).await;

    // The first chunk is summarized at once, the second one not before its turn: the slowest case.
    let parts = recording.events.chunks(recording.events.len().div_ceil(2));
    for (seq, part) in parts.enumerate() {
        client.chunk("s1", seq, &Chunk::plain(part), 202).await;
        let sent = Instant::now();
        loop {
            let summary = client.get("/v1/sessions/s1").bearer_auth(SECRET_KEY);
            let summary = summary.send().await.unwrap().text().await.unwrap();
            let covered = summary.contains(&format!("\"chunks\":{}", seq + 1));
            if covered && client.initialize(&conversation).await.lists("s1") {
                break;
            }
            assert!(sent.elapsed() < VISIBLE_WITHIN, "chunk {seq}: {summary}");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

#[tokio::test]
async fn somebody_on_the_site_is_live_and_somebody_who_left_is_not() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let now = Timestamp::now();
    for (session, minutes_ago) in [("here", 0), ("gone", 2)] {
        let end = now - SignedDuration::from_mins(minutes_ago);
        let recording = Recording::ours("forms").ending_at(end);
        let email = format!("{session}@visitors.example");
        client
            .record(
                session,
                &Chunk::gzip(&recording.events),
                &json!({ "email": email }),
            )
            .await;
        let conversation = conversation(&with_email(&email));
        let canvas = client.initialize(&conversation).await;
        let is_live = canvas.text().contains("Live now on");
        assert_eq!(is_live, session == "here", "{}", canvas.text());
        let details = client
            .click(&conversation, &canvas, &canvas.sessions()[0])
            .await;
        let is_live = details.text().contains("Live:");
        assert_eq!(is_live, session == "here", "{}", details.text());
    }
}

#[tokio::test]
async fn what_led_to_a_conversation_comes_with_a_link_to_that_second() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let end = Timestamp::now() - SignedDuration::from_hours(1);
    let recording = Recording::ours("forms").ending_at(end);
    let chunk = Chunk::plain(&recording.events);
    let summary = client
        .record("s1", &chunk, &json!({ "email": EMAIL }))
        .await;
    let started: Timestamp = summary["started_at"].as_str().unwrap().parse().unwrap();

    // Conversations during the session, soon after it, and too late to be about it.
    let duration = summary["duration_ms"].as_i64().unwrap() / 1_000;
    for (seconds, led_to_it) in [(5, true), (duration + 60, true), (duration + 1_900, false)] {
        let began = started + SignedDuration::from_secs(seconds);
        // Intercom knows whole seconds only.
        let began = Timestamp::from_second(began.as_second() + 1).unwrap();
        let conversation = conversation_begun(&with_email(EMAIL), began);
        let panel = client.initialize(&conversation).await;
        let text = panel.text();
        assert_eq!(
            text.contains("Before this conversation"),
            led_to_it,
            "{text}"
        );
        if led_to_it {
            let second = began.duration_since(started).as_secs().min(duration);
            let link = panel.link("watch");
            let moment = format!("/sessions/s1?t={second}&key=");
            assert!(link.starts_with(&moment), "{moment}: {link}");
            client.open(&link).await;
            let nonsense = link.replace(&format!("t={second}"), "t=now");
            client.open(&nonsense).await;
        }
    }
}
