//! Intercom tells of contacts and conversations; some of it comes to nothing, some of it has to be asked for.

use intercom::signature::{ClientSecret, HUB_SIGNATURE_HEADER, sign_hub};
use intercom::webhook::Topic;
use jiff::SignedDuration;
use notification::Worker;
use park_notification::ResendCommand;
use platform::queue::MAX_RECEIVES;
use serde_json::{Value, json};
use test_support::CLIENT_SECRET;

use super::Journey;
use super::arriving::act;
use super::recording::landing_page;
use crate::door::{Door, Sent, Service};
use crate::intercom::WORKSPACE;
use crate::lines::Line;

/// Every topic, each twice.
pub(super) async fn tell(journey: &mut Journey<'_>) {
    let page = landing_page(journey);
    let now = journey.world.clock.now().as_second();
    for topic in Topic::ALL {
        let item = item(topic, &page, now);
        journey.later(SignedDuration::from_secs(1));
        let line = Line::Topic(Worker::of(topic));
        for times in ["", ", again"] {
            let name = format!("{}{times}", topic.as_str());
            notify(journey, &name, &notification(topic, now, &item)).await;
            let done = journey.batch(&format!("{name}: its worker"), line).await;
            assert!(done.is_success, "{name}: {done:?}");
        }
    }
    let quarter = SignedDuration::from_mins(20);
    journey
        .settle("a deleted contact is erased", Line::Erase, quarter)
        .await;
}

/// What each topic tells: of a lead that nobody knows and who writes, of its way to a user, and of another
/// contact.
fn item(topic: Topic, page: &str, now: i64) -> Value {
    let browser = json!({
        "browser": "chrome", "browser_version": "141.0.0.0", "browser_language": "en", "os": "Windows 10",
    });
    let contact = |id: &str, external_id: &str, role: &str, email: &str| {
        let mut contact = json!({
            "type": "contact", "id": id, "external_id": external_id, "role": role, "email": email,
        });
        let browser = browser.as_object().unwrap().clone();
        contact.as_object_mut().unwrap().extend(browser);
        contact
    };
    let conversation = |id: &str, author: &str, side: &str| {
        json!({
            "type": "conversation", "id": id, "created_at": now,
            "source": { "url": page, "author": { "type": side, "id": author, "email": "" } },
            "contacts": { "contacts": [{ "type": "contact", "id": "c-1", "external_id": "v-1" }] },
        })
    };
    let user = contact("c-3", "u-3", "user", "grace@shop.example");
    match topic {
        Topic::ConversationUserCreated => conversation("71", "c-1", "lead"),
        Topic::ConversationAdminSingleCreated => conversation("72", "9", "admin"),
        Topic::LeadAddedEmail => contact("c-1", "v-1", "lead", "lead@shop.example"),
        Topic::LeadCreated => contact("c-2", "v-4", "lead", ""),
        Topic::LeadSignedUp => contact("c-1", "u-1", "user", "lead@shop.example"),
        Topic::ContactMerged => {
            let mut user = user;
            user["merged_from"] = json!({ "type": "contact", "id": "c-1" });
            user
        }
        Topic::ContactEmailUpdated => contact("c-3", "u-3", "user", "hopper@shop.example"),
        Topic::ContactDeleted => {
            json!({ "type": "contact", "id": "c-2", "external_id": "v-4", "deleted": true })
        }
        Topic::ContactArchived | Topic::ContactUnarchived => user,
    }
}

/// A notification of which nothing can be made: it fails until it is parked, and is sent again from there.
pub(super) async fn fail(journey: &mut Journey<'_>) {
    let topic = Topic::LeadCreated;
    let line = Line::Topic(Worker::of(topic));
    let now = journey.world.clock.now().as_second();
    // Longer than an id can be.
    let item = json!({ "type": "contact", "id": "x".repeat(200), "role": "lead" });
    let nameless = notification(topic, now, &item);
    notify(journey, "a notification of nobody", &nameless).await;
    fails(journey, line).await;
    let dead = journey.world.lines.messages();
    journey.step("parked", Door::DeadLetters(line)).await;
    // A queue may deliver twice.
    journey.world.lines.put_back(&dead);
    journey.later(SignedDuration::from_secs(1));
    journey.step("parked again", Door::DeadLetters(line)).await;

    act(journey, "sent again by an admin", "parked", &[], &[]).await;
    fails(journey, line).await;
    journey
        .step("parked once more", Door::DeadLetters(line))
        .await;
    let command = ResendCommand {
        workspace: Some(identity::WorkspaceId::parse(WORKSPACE).unwrap()),
        ..ResendCommand::default()
    };
    journey
        .step("sent again by an operator", Door::Resend(command))
        .await;
    let mut left = journey.world.lines.messages();
    assert_eq!(left.remove(&line).map(|messages| messages.len()), Some(1));
    // Whoever mends what was wrong would have it done now.
    journey.world.lines.put_back(&left);
}

async fn fails(journey: &mut Journey<'_>, line: Line) {
    for attempt in 1..=MAX_RECEIVES {
        let failed = journey
            .batch(&format!("nothing is made of it, {attempt}"), line)
            .await;
        assert!(!failed.is_success);
    }
}

/// What changed at Intercom without our being told.
pub(super) async fn reconcile(journey: &mut Journey<'_>) {
    journey
        .step("the schedule", Door::Schedule(Line::Reconcile))
        .await;
    let minute = SignedDuration::from_mins(1);
    journey
        .settle("a step of reconciling", Line::Reconcile, minute)
        .await;
    journey
        .step(
            "the schedule, an hour later",
            Door::Schedule(Line::Reconcile),
        )
        .await;
    journey
        .settle("a step of the second run", Line::Reconcile, minute)
        .await;
}

fn notification(topic: Topic, at: i64, item: &Value) -> Value {
    json!({
        "type": "notification_event", "app_id": WORKSPACE, "topic": topic.as_str(),
        "id": format!("notif_{}_{at}", topic.as_str()), "created_at": at,
        "data": { "type": "notification_event_data", "item": item },
    })
}

async fn notify(journey: &mut Journey<'_>, name: &str, notification: &Value) {
    let body = notification.to_string().into_bytes();
    let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
    let sent = Sent {
        method: "POST",
        target: "/webhooks".to_owned(),
        headers: vec![(HUB_SIGNATURE_HEADER, sign_hub(&secret, &body))],
        body,
    };
    let door = Door::Request(Service::VerifyWebhook, sent);
    let answer = journey.step(name, door).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}
