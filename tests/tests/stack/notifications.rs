//! What Intercom notifies of.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

use http::{Method, Request};
use intercom::signature::{ClientSecret, HUB_SIGNATURE_HEADER, sign_hub};
use jiff::Timestamp;
use notification::Worker;
use serde_json::{Value, json};

use crate::deployment::{CLIENT_SECRET, Deployment, EMAIL};
use crate::intercom::WORKSPACE;
use crate::mapping;

pub(crate) async fn each_topic_has_its_effect(deployment: &mut Deployment) {
    let verify = deployment.function("verify-webhook");
    let head = Request::builder().method(Method::HEAD).uri("/webhooks");
    verify.exchange(&head.body(Vec::new()).unwrap(), 200);
    for worker in Worker::ALL {
        for (topic, item) in of(worker) {
            let notification = notification(topic, &item);
            // The second delivery changes nothing.
            for _ in 0..2 {
                notify(deployment, &notification, CLIENT_SECRET, 200);
                let function = deployment.function(worker.function_name());
                assert_eq!(mapping::serve(function).await, 1, "{topic}");
            }
        }
    }
}

pub(crate) fn a_forged_signature_is_refused(deployment: &mut Deployment) {
    let (topic, item) = of(Worker::LeadCreated).remove(0);
    let notification = notification(topic, &item);
    notify(deployment, &notification, "another-secret", 401);
}

/// Sends a notification as Intercom does.
pub(crate) fn notify(deployment: &mut Deployment, body: &Value, secret: &str, status: u16) {
    let body = body.to_string().into_bytes();
    let signature = sign_hub(&ClientSecret::parse(secret).unwrap(), &body);
    let request = Request::post("/webhooks")
        .header("Content-Type", "application/json")
        .header(HUB_SIGNATURE_HEADER, signature)
        .body(body)
        .unwrap();
    deployment
        .function("verify-webhook")
        .request(&request, status);
}

/// A notification of something that has happened since the last one.
pub(crate) fn notification(topic: &str, item: &Value) -> Value {
    notification_of(WORKSPACE, topic, item)
}

/// The same of another workspace.
///
/// Intercom tells the second, and of two statements of the same second the first may stand. So no two are of
/// the same, however fast a test is.
pub(crate) fn notification_of(workspace: &str, topic: &str, item: &Value) -> Value {
    static SECOND: LazyLock<AtomicI64> =
        LazyLock::new(|| AtomicI64::new(Timestamp::now().as_second() - 600));
    let second = SECOND.fetch_add(1, Ordering::Relaxed);
    json!({
        "type": "notification_event", "app_id": workspace, "topic": topic,
        "id": format!("notif_{topic}_{second}"), "created_at": second,
        "data": { "type": "notification_event_data", "item": item },
    })
}

/// The topics of a worker, each with what it may be about.
pub(crate) fn of(worker: Worker) -> Vec<(&'static str, Value)> {
    let lead = |id: &str| {
        json!({
            "type": "contact", "id": id, "external_id": format!("visitor-{id}"), "role": "lead", "email": "",
            "browser": "chrome", "os": "Linux",
        })
    };
    let user = |id: &str| {
        json!({
            "type": "contact", "id": id, "external_id": format!("user-{id}"), "role": "user", "email": EMAIL,
        })
    };
    let with = |mut item: Value, field: &str, value: Value| {
        item[field] = value;
        item
    };
    let begun = |kind: &str| {
        json!({
            "type": "conversation", "id": format!("of-{kind}"), "created_at": Timestamp::now().as_second(),
            "source": { "url": "https://shop.example/cart", "author": { "type": kind, "id": "c1", "email": "" } },
            "contacts": { "contacts": [{ "type": "contact", "id": "c1", "external_id": "visitor-c1" }] },
        })
    };
    let gone = |id: &str| json!({ "type": "contact", "id": id, "external_id": format!("visitor-{id}"), "deleted": true });
    match worker {
        Worker::ConversationCreated => vec![
            ("conversation.user.created", begun("lead")),
            ("conversation.admin.single.created", begun("admin")),
        ],
        Worker::LeadAddedEmail => vec![
            (
                "contact.lead.added_email",
                with(lead("c2"), "email", json!(EMAIL)),
            ),
            // An address that nobody else has.
            (
                "contact.lead.added_email",
                with(lead("c7"), "email", json!("c7@shop.example")),
            ),
        ],
        Worker::LeadCreated => vec![("contact.lead.created", lead("c3"))],
        Worker::LeadSignedUp => vec![("contact.lead.signed_up", user("c3"))],
        Worker::ContactMerged => vec![(
            "contact.merged",
            with(
                user("c4"),
                "merged_from",
                json!({ "type": "contact", "id": "c2" }),
            ),
        )],
        Worker::ContactEmailUpdated => vec![(
            "contact.email.updated",
            with(user("c4"), "email", json!("new@shop.example")),
        )],
        Worker::ContactArchived => vec![
            (
                "contact.archived",
                with(user("c5"), "archived", json!(true)),
            ),
            ("contact.unarchive", user("c5")),
        ],
        Worker::ContactDeleted => vec![
            ("contact.deleted", gone("c1")),
            // Of one that nothing else was ever said of.
            ("contact.deleted", gone("c6")),
            ("contact.deleted", gone("c7")),
        ],
    }
}
