//! What Intercom sends.

use serde_json::{Value, json};

use crate::sample::{
    AT, absorbing, conversation, deleted, lead, lead_with_email, notification, user,
};

/// Three leads' lives, with every topic in them, and a notification that nobody can make use of.
pub(crate) fn life() -> Vec<Value> {
    let mut life = Vec::new();
    let mut happens = |topic: &str, item: Value| {
        let at = AT + i64::try_from(life.len()).unwrap();
        life.push(notification(topic, at, item));
    };
    for n in 1..=3 {
        let (id, visitor, address) = (
            format!("l{n}"),
            format!("v-{n}"),
            format!("{n}@shop.example"),
        );
        happens("contact.lead.created", lead(&id, &visitor));
        let began = conversation(&format!("{n}"), &id, &visitor, "https://shop.example/cart");
        happens("conversation.user.created", began);
        happens(
            "contact.lead.added_email",
            lead_with_email(&id, &visitor, &address),
        );
        happens("contact.archived", json!({ "id": id, "archived": true }));
        happens("contact.unarchive", lead(&id, &visitor));
    }
    happens(
        "contact.lead.signed_up",
        user("l1", "u-1", "1@shop.example"),
    );
    happens(
        "contact.merged",
        absorbing(user("c2", "u-2", "2@shop.example"), "l2"),
    );
    happens("contact.email.updated", user("c2", "u-2", "2@work.example"));
    happens("contact.deleted", deleted("l3", "v-3"));
    happens("contact.deleted", deleted("c2", "u-2"));
    happens("contact.lead.created", json!({ "email": "nobody" }));
    life
}

/// How many of them are processed, in the end.
pub(crate) fn processed() -> u64 {
    life().len() as u64 - 1
}
