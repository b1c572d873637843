//! Whom the panel finds, and waiting until it does: notifications take their effect behind the answer.

use serde_json::{Value, json};

use crate::bundle::{PATIENCE, PAUSE};
use crate::canvas::{Canvas, conversation};
use crate::chunks::Chunk;
use crate::client::Client;
use crate::notification::{begun_by, lead, notification};
use crate::recording::Recording;

/// Records a session of somebody known by these aliases.
pub(crate) async fn record(client: &Client, session: &str, aliases: &Value) {
    let chunk = Chunk::gzip(&Recording::ours("shadow-dom").events);
    client.record(session, &chunk, aliases).await;
}

/// The contact by Intercom's id alone.
pub(crate) fn by_id(id: &str) -> Value {
    json!({ "type": "contact", "id": id })
}

/// The panel beside a conversation with this contact.
pub(crate) async fn panel(client: &Client, contact: &Value) -> Canvas {
    client.initialize(&conversation(contact)).await
}

/// Whether it lists the session.
pub(crate) async fn sees(client: &Client, contact: &Value, session: &str) -> bool {
    let panel = panel(client, contact).await;
    match panel.more() {
        Some(more) if !panel.lists(session) => {
            let rest = client.click(&conversation(contact), &panel, &more).await;
            rest.lists(session)
        }
        _ => panel.lists(session),
    }
}

/// Waits until the contact's panel is as it should be.
pub(crate) async fn becomes(client: &Client, contact: &Value, is_right: impl Fn(&Canvas) -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let panel = panel(client, contact).await;
        if is_right(&panel) {
            return;
        }
        let is_late = tokio::time::Instant::now() > deadline;
        assert!(!is_late, "{contact}: {}", panel.text());
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits until it lists the session.
pub(crate) async fn finds(client: &Client, contact: &Value, session: &str) {
    becomes(client, contact, |panel| panel.lists(session)).await;
}

/// Waits until everything before on the topic's queue is done: until a notification behind it has its effect.
pub(crate) async fn settle(client: &Client, topic: &str) {
    let number = fastrand::u64(..);
    let (visitor, contact) = (format!("marker-{number}"), format!("marker{number}"));
    record(client, &visitor, &json!({ "visitor_id": visitor })).await;
    let marker = match topic {
        "conversation.user.created" => begun_by(&lead(&contact, &visitor)),
        _ => lead(&contact, &visitor),
    };
    client.notify(&notification(topic, &marker)).await;
    finds(client, &by_id(&contact), &visitor).await;
}
