//! How what people wait for, and what is paid for, grows with what is stored: sessions of a contact, people
//! of an organization, chunks of a session, problems of an organization.
//!
//! Everything is the real thing over an embedded DynamoDB. Units are counted; times are medians, measured in
//! turns. Prints a table, and writes rows of `{"name","value","unit","baseline","ratio"}` to the file that
//! `BENCH_JSON` names, from which `infra/bench/plots.py` draws.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A benchmark that cannot run stops.

#[path = "../../tests/recording/counted.rs"]
#[allow(dead_code)] // The tests use more of it.
mod counted;
mod measure;
mod panel;
#[path = "../../tests/recording/stack.rs"]
#[allow(dead_code)]
mod stack;
mod stored;

use identity::{OrganizationId, SessionId};
use jiff::SignedDuration;
use measure::{Curve, Measurement};
use serde_json::json;
use stack::{Stack, another_page, cut, moved, recording};
use store::{Days, ProblemQuery, SessionFilter};

const EMAIL: &str = "ada@shop.example";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    Box::pin(sessions_of_a_contact()).await;
    Box::pin(people_of_an_organization()).await;
    Box::pin(chunks_of_a_session()).await;
    Box::pin(problems_of_an_organization()).await;
}

/// From a hundred different ones a day to as many as are counted, over a month.
async fn problems_of_an_organization() {
    let mut curve = Curve::new("problems of an organization");
    let organization = OrganizationId::parse("org_acme").unwrap();
    for stored in [3_000, 10_000, 30_000] {
        let stack = Box::pin(recorded()).await;
        stored::copy_problems(&stack, stored).await;
        let panel = Measurement::of(&stack, || panel::draw(&stack, EMAIL)).await;
        curve.add("the panel", stored, &panel);
        let query = ProblemQuery {
            days: Days::until(stack.clock.now(), 7),
            kind: None,
            only_new: false,
            skip: 0,
            limit: 25,
        };
        let list = Measurement::of(&stack, || async {
            let problems = stack.store.of(&organization).problems();
            let list = problems.list(query, stack.clock.now()).await.unwrap();
            assert_eq!(list.problems.len(), 25);
        });
        curve.add("the list of problems", stored, &list.await);
        let (stack, mut seq) = (&stack, 2);
        let chunk = Measurement::of(stack, || {
            let chunk = another_page(stack.clock.now());
            let number = seq;
            seq += 1;
            async move {
                stack.upload("s-1", number, &chunk).await;
                stack.clock.advance(SignedDuration::from_secs(10));
                stack.serve().await;
            }
        });
        curve.add("a chunk and its run", stored, &chunk.await);
    }
    curve.publish();
}

/// A stack with one session of somebody known.
async fn recorded() -> Stack {
    let stack = Stack::start().await;
    stack.identify("s-1", &json!({ "email": EMAIL })).await;
    for (seq, chunk) in (0..).zip(cut(&recording("forms"), 2)) {
        stack.upload("s-1", seq, &chunk).await;
    }
    stack.settle().await;
    stack
}

async fn sessions_of_a_contact() {
    let mut curve = Curve::new("sessions of a contact");
    for stored in [10, 1_000, 100_000] {
        let stack = Box::pin(recorded()).await;
        stored::copy_in_list(&stack, stored - 1).await;
        let panel = Measurement::of(&stack, || panel::draw(&stack, EMAIL)).await;
        curve.add("the panel", stored, &panel);
        let next = |seq: u32| {
            let chunk = another_page(stack.clock.now());
            let stack = &stack;
            async move {
                stack.upload("s-1", seq, &chunk).await;
                stack.clock.advance(SignedDuration::from_secs(10));
                stack.serve().await;
            }
        };
        let mut seq = 1;
        let chunk = Measurement::of(&stack, || {
            seq += 1;
            next(seq)
        });
        curve.add("a chunk and its run", stored, &chunk.await);
    }
    curve.publish();
}

async fn people_of_an_organization() {
    let mut curve = Curve::new("people of an organization");
    let organization = OrganizationId::parse("org_acme").unwrap();
    for stored in [10, 1_000, 100_000] {
        let stack = Box::pin(recorded()).await;
        stored::copy_people(&stack, stored - 1).await;
        let panel = Measurement::of(&stack, || panel::draw(&stack, EMAIL)).await;
        curve.add("the panel", stored, &panel);
        let all = SessionFilter::default();
        let list = Measurement::of(&stack, || async {
            let sessions = stack.store.of(&organization).sessions();
            let page = sessions.list(&all, None, 20, stack.clock.now()).await;
            assert_eq!(page.unwrap().sessions.len(), stored.min(20));
        });
        curve.add("the list of sessions", stored, &list.await);
        let search = Measurement::of(&stack, || async {
            let found = stack.store.of(&organization).people().called(EMAIL).await;
            assert_eq!(found.unwrap().len(), 1);
        });
        curve.add("somebody looked up", stored, &search.await);
    }
    curve.publish();
}

async fn chunks_of_a_session() {
    let mut curve = Curve::new("chunks of a session");
    let organization = OrganizationId::parse("org_acme").unwrap();
    let session = SessionId::parse("s-1").unwrap();
    for stored in [1_u32, 100, 10_000] {
        let stack = Stack::start().await;
        stack.identify("s-1", &json!({ "email": EMAIL })).await;
        stack
            .upload("s-1", 0, &another_page(stack.clock.now()))
            .await;
        stack.settle().await;
        for seq in 1..stored {
            stack.upload("s-1", seq, &moved(stack.clock.now())).await;
            stack.clock.advance(SignedDuration::from_millis(500));
            stack.serve().await;
        }
        stack.settle().await;
        let panel = Measurement::of(&stack, || panel::draw(&stack, EMAIL)).await;
        curve.add("the panel", stored as usize, &panel);
        let mut seq = stored;
        let chunk = Measurement::of(&stack, || {
            let (stack, chunk) = (&stack, another_page(stack.clock.now()));
            let number = seq;
            seq += 1;
            async move {
                stack.upload("s-1", number, &chunk).await;
                stack.clock.advance(SignedDuration::from_secs(10));
                stack.serve().await;
            }
        });
        curve.add("a chunk and its run", stored as usize, &chunk.await);
        let index = Measurement::of(&stack, || async {
            let sessions = stack.store.of(&organization).sessions();
            let chunks = sessions.chunks_from(&session, 0, 20_000).await.unwrap();
            assert!(chunks.len() >= stored as usize);
        });
        curve.add("the recording's index", stored as usize, &index.await);
    }
    curve.publish();
}
