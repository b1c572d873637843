//! What each notification of Intercom's asks for.

use aws_lambda_events::event::sqs::{SqsEvent, SqsMessage};
use intercom::Hosts;
use intercom::rest::Client;
use notification::{Rule, State, Worker};
use platform::config::Environment;
use platform::secrets::{LiveSecrets, Secrets};
use serde_json::{Value, json};
use webhooks::rules::{conversation_created, lead_added_email, lead_created};

use super::operations::{Cost, take};
use crate::stack::{Stack, WORKSPACE};

/// A lead on the way from its first message to an e-mail address. Each notification is one message more, on
/// its topic's queue.
pub(crate) async fn a_lead_becoming_known() -> Vec<(&'static str, Cost)> {
    let stack = Stack::start().await;
    let environment = Environment::from_iter([("MASTER_KEY", "2a".repeat(32))]);
    // Nobody is to be asked: whatever leads to a call fails here, and changes nothing.
    let nowhere = Hosts::parse(Some("http://127.0.0.1:1"), None).unwrap();
    let state = State {
        store: stack.store.clone(),
        secrets: LiveSecrets::fixed(Secrets::of_environment(&environment)),
        intercom: Client::with_limits(nowhere, notification::LIMITS),
        clock: stack.clock.clone(),
    };
    let lead = json!({ "type": "contact", "id": "c-1", "external_id": "v-1", "role": "lead", "email": "" });
    let mut known = lead.clone();
    known["email"] = json!("lead@shop.example");
    let conversation = json!({
        "type": "conversation", "id": "7",
        "source": { "url": "https://shop.example/cart", "author": { "type": "lead", "id": "c-1" } },
        "contacts": { "contacts": [lead] },
    });
    take(&stack);

    let mut costs = Vec::new();
    let created = batch("contact.lead.created", &lead);
    tell(&state, Worker::LeadCreated, lead_created::rule, created).await;
    costs.push(("notification: a lead is there", take(&stack)));
    let began = batch("conversation.user.created", &conversation);
    let rule = conversation_created::rule;
    tell(&state, Worker::ConversationCreated, rule, began).await;
    costs.push(("notification: a conversation has begun", take(&stack)));
    let added = batch("contact.lead.added_email", &known);
    let (worker, rule) = (Worker::LeadAddedEmail, lead_added_email::rule);
    tell(&state, worker, rule, added.clone()).await;
    costs.push(("notification: an e-mail address", take(&stack)));
    tell(&state, worker, rule, added).await;
    costs.push(("notification: delivered again", take(&stack)));
    costs
}

fn batch(topic: &str, item: &Value) -> SqsEvent {
    let body = json!({
        "type": "notification_event", "app_id": WORKSPACE, "topic": topic, "id": format!("notif_{topic}"),
        "created_at": 1_795_168_800, "data": { "item": item },
    });
    let mut message = SqsMessage::default();
    message.message_id = Some("m-1".to_owned());
    message.body = Some(body.to_string());
    let mut event = SqsEvent::default();
    event.records.push(message);
    event
}

async fn tell(state: &State, worker: Worker, rule: Rule, event: SqsEvent) {
    let response = notification::process(state, event, worker, rule).await;
    assert!(response.batch_item_failures.is_empty(), "{response:?}");
}
