//! What each operation asks of DynamoDB, S3 and SQS.

use canvas::{State, Views};
use intercom::HttpsUrl;
use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use jiff::SignedDuration;
use lambda_http::{Body, Request};
use pages::addresses::Pages;
use platform::secrets::{LiveSecrets, Secrets};
use serde_json::{Value, json};

use crate::bill::page::written;
use crate::stack::{Stack, WORKSPACE, another_page, cut, moved, padded, recording};

/// The recording that is counted: a form filled in, with its clicks and errors.
const RECORDING: &str = "forms";

/// Into how many chunks it is cut, and how long our recorder waits from one to the next.
pub(crate) const CHUNKS: usize = 30;
const PACE: SignedDuration = SignedDuration::from_secs(10);

/// What one operation asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cost {
    pub(crate) read_units: f64,
    pub(crate) write_units: f64,
    /// A LIST costs as much as a PUT.
    pub(crate) puts: usize,
    pub(crate) gets: usize,
    pub(crate) deletes: usize,
    pub(crate) messages: usize,
}

impl Cost {
    /// As a row of the page.
    pub(crate) fn row(&self, name: &str) -> String {
        let Self {
            puts,
            gets,
            deletes,
            messages,
            ..
        } = self;
        let (reads, writes) = (written(self.read_units), written(self.write_units));
        format!("| {name} | {reads} | {writes} | {puts} | {gets} | {deletes} | {messages} |")
    }
}

/// The counts since the last look.
pub(crate) fn take(stack: &Stack) -> Cost {
    let table = stack.table_calls.take_usage();
    let bucket = stack.bucket.calls.take();
    let of = |name| bucket.get(name).copied().unwrap_or_default();
    Cost {
        read_units: table.read_units,
        write_units: table.write_units,
        puts: of("put") + of("list"),
        gets: of("get"),
        deletes: of("delete"),
        messages: stack.queue.take_sent() + stack.erase_queue.take_sent(),
    }
}

/// Everything that `record` and `summarize` do, as a session goes on.
pub(crate) async fn recording_a_session() -> Vec<(&'static str, Cost)> {
    let stack = Stack::start().await;
    let chunks = cut(&recording(RECORDING), 6);
    let mut costs = Vec::new();
    stack
        .identify("s-0", &json!({ "anonymous_id": "a-0", "email": EMAIL }))
        .await;
    take(&stack);

    stack
        .identify("s-1", &json!({ "anonymous_id": "a-1" }))
        .await;
    costs.push(("identify: an alias never seen", take(&stack)));
    stack
        .identify("s-2", &json!({ "anonymous_id": "a-1" }))
        .await;
    costs.push(("identify: another session of a known alias", take(&stack)));
    stack
        .identify("s-1", &json!({ "anonymous_id": "a-1", "email": EMAIL }))
        .await;
    costs.push(("identify: two people become one", take(&stack)));

    stack.upload("s-1", 0, &chunks[0]).await;
    costs.push(("chunk: the first of a session", take(&stack)));
    stack.settle().await;
    costs.push(("run: the first of a session", take(&stack)));
    for (seq, chunk) in (1..).zip(&chunks[1..]) {
        stack.upload("s-1", seq, chunk).await;
        stack.settle().await;
    }
    take(&stack);
    stack.clock.advance(PACE);
    let now = stack.clock.now();
    let (waits, seen, large) = (moved(now), another_page(now), padded(&moved(now)));
    for (seq, name, chunk) in [
        (6, "chunk: can wait, asks for a run", &waits),
        (7, "chunk: can wait, a run is asked for", &waits),
        (8, "chunk: to be seen at once", &seen),
    ] {
        stack.upload("s-1", seq, chunk).await;
        costs.push((name, take(&stack)));
    }
    stack.serve().await;
    costs.push(("run: a later one", take(&stack)));
    stack.settle().await;
    costs.push(("run: nothing new", take(&stack)));
    stack.upload("s-1", 8, &seen).await;
    costs.push(("chunk: sent again", take(&stack)));
    stack.settle().await;
    take(&stack);
    stack.upload("s-1", 9, &large).await;
    costs.push(("chunk: large, asks for a run", take(&stack)));
    stack.settle().await;
    costs.push(("run: the analyzer's state is kept", take(&stack)));
    stack.summary("s-1").await;
    costs.push(("read a session", take(&stack)));

    stack.clock.advance(SignedDuration::from_hours(1));
    stack.look().await;
    costs.push(("look: an hour with one session", take(&stack)));

    stack.upload("s-3", 0, &chunks[0]).await;
    take(&stack);
    stack.settle().await;
    costs.push(("run: the first of an unknown visitor", take(&stack)));
    costs
}

/// A session from its identification to its last summary.
pub(crate) struct Session {
    pub(crate) cost: Cost,
    /// What the table bills as stored: 100 bytes a row beside its content (DynamoDB's price page).
    pub(crate) table_bytes: usize,
    pub(crate) bucket_bytes: u64,
}

/// A whole session of a known visitor, chunk after chunk, each summarized before the next one comes.
pub(crate) async fn a_whole_session() -> Session {
    let stack = Stack::start().await;
    stack.identify("s-0", &json!({ "email": EMAIL })).await;
    let before = stack.table_bytes().await;
    take(&stack);
    record_session(&stack, "s-1", &json!({ "email": EMAIL }), CHUNKS).await;
    Session {
        cost: take(&stack),
        table_bytes: stack.table_bytes().await - before,
        bucket_bytes: stack.bucket_bytes().await,
    }
}

/// The canvas beside a conversation with somebody who has so many sessions, spread over so many people.
pub(crate) async fn drawing_a_canvas() -> Vec<(&'static str, Cost)> {
    let mut costs = Vec::new();
    for (name, sessions, people) in [
        ("canvas: nothing recorded", 0, 0),
        ("canvas: 1 session", 1, 1),
        ("canvas: 10 sessions", 10, 1),
        ("canvas: 10 sessions of 3 linked people", 10, 3),
    ] {
        let stack = Stack::start().await;
        let browser = |number: usize| json!({ "anonymous_id": format!("a-{number}") });
        for number in 0..sessions {
            record_session(&stack, &format!("s-{number}"), &browser(number % people), 1).await;
        }
        for number in 0..people {
            let mut aliases = browser(number);
            aliases["email"] = json!(EMAIL);
            stack.identify(&format!("s-{number}"), &aliases).await;
        }
        // Their problems are counted anew, for whom they belong to.
        stack.settle().await;
        take(&stack);
        let canvas = draw(&stack, "initialize", &json!({}), &Views::uncounted()).await;
        costs.push((name, take(&stack)));
        if sessions == 1 {
            let opened = canvas["canvas"]["content"]["components"]
                .as_array()
                .unwrap()
                .iter()
                .find_map(|component| component["items"][0]["id"].as_str());
            let click = json!({ "component_id": opened.unwrap(), "input_values": {}, "current_canvas": canvas["canvas"] });
            draw(&stack, "submit", &click, &Views::uncounted()).await;
            costs.push(("canvas: a session opened", take(&stack)));
        }
    }
    let stack = Stack::start().await;
    let views = Views::counted(stack.store.clone(), Views::WRITE_INTERVAL);
    draw(&stack, "initialize", &json!({}), &views).await;
    views.written().await;
    costs.push(("canvas: nothing recorded, views counted", take(&stack)));
    costs
}

pub(super) const EMAIL: &str = "ada@shop.example";

pub(super) async fn record_session(stack: &Stack, session: &str, aliases: &Value, chunks: usize) {
    stack.identify(session, aliases).await;
    for (seq, chunk) in cut(&recording(RECORDING), chunks).iter().enumerate() {
        stack.upload(session, seq as u32, chunk).await;
        stack.serve().await;
        stack.clock.advance(PACE);
    }
    stack.settle().await;
}

/// Sends a canvas request as Intercom does; it must be answered with sessions or with the sentence that there
/// are none.
async fn draw(stack: &Stack, route: &str, more: &Value, views: &Views) -> Value {
    let secret = "client-secret";
    let signed_with = ClientSecret::parse(secret).unwrap();
    let master_key = "42".repeat(32);
    let variables = [
        ("INTERCOM_CLIENT_SECRET", secret),
        ("MASTER_KEY", &master_key),
    ];
    let secrets = Secrets::of_environment(&variables.into_iter().collect());
    let mut body = json!({
        "workspace_id": WORKSPACE,
        "conversation": { "type": "conversation", "id": "1", "created_at": stack.clock.now().as_second() },
        "contact": { "type": "contact", "id": "c1", "role": "user", "email": EMAIL },
    });
    let fields = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    let body = body.to_string();
    let request: Request = lambda_http::http::Request::post(format!("/canvas/{route}"))
        .header(
            BODY_SIGNATURE_HEADER,
            sign_body(&signed_with, body.as_bytes()),
        )
        .body(Body::Text(body))
        .unwrap();
    let state = State {
        store: stack.store.clone(),
        secrets: LiveSecrets::fixed(secrets),
        pages: Pages::on(&HttpsUrl::parse("https://app.example.com").unwrap()),
        clock: stack.clock.clone(),
        views: views.clone(),
    };
    let answer = canvas::handle(&state, request).await;
    assert_eq!(answer.status(), 200);
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(!text.contains("Something failed"), "{text}");
    serde_json::from_str(&text).unwrap()
}
