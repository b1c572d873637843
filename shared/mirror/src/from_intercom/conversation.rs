//! Conversations.

use intercom::conversation::{self, Side as SaidBy, State};

use crate::from_intercom::{ids, part};
use crate::{Conversation, ConversationState, Part};

/// Why a conversation is not imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// It is a ticket.
    Ticket,
    /// It is a post, or another message to many.
    Post,
    /// It is an e-mail that Intercom sent by itself or for an admin, and nobody has answered.
    GeneratedEmail,
    /// A teammate tries out Fin or a workflow.
    Preview,
}

/// A conversation and what was said in it, as reading it alone tells; else why it is not imported.
///
/// Searches and notifications have not all parts: who answered is not to be seen in them, nor how many parts
/// are missing.
///
/// # Errors
/// Why it is not imported.
pub fn conversation(
    said: &conversation::Conversation,
) -> Result<(Conversation, Vec<Part>), Exclusion> {
    if let Some(exclusion) = exclusion(said) {
        return Err(exclusion);
    }
    let source = said.source.as_ref();
    let source = source.and_then(|source| part::source(source, &said.id, said.created_at));
    let parts = said.parts.iter().filter_map(part::part);
    let parts = source.into_iter().chain(parts).collect();
    let fin = said.ai_agent.as_ref();
    let rating = said.rating.as_ref();
    let stars = rating.and_then(|rating| u8::try_from(rating.rating?).ok());
    let conversation = Conversation {
        id: said.id.clone(),
        title: said.title.clone(),
        state: state(said),
        channel: said.source.as_ref().and_then(|source| source.kind.clone()),
        page_url: said.page_url().map(str::to_owned),
        created_at: said.created_at,
        updated_at: said.updated_at,
        contacts: said
            .contacts
            .iter()
            .map(|contact| contact.id.clone())
            .collect(),
        admin_assignee_id: said.admin_assignee_id.clone(),
        team_assignee_id: said.team_assignee_id.clone(),
        priority: priority(said.priority.as_deref()),
        tags: ids(said.tags.as_ref()),
        rating: stars.filter(|stars| (1..=5).contains(stars)),
        rating_remark: rating.and_then(|rating| rating.remark.clone()),
        ai_resolution: fin.and_then(|fin| fin.resolution_state.clone()),
        ai_participated: fin.is_some_and(|fin| fin.participated),
        used_connector: fin.is_some_and(|fin| fin.used_connector),
        parts_total: said.parts_total.max(said.parts_counted),
        parts_missing: said.parts_missing(),
    };
    Ok((conversation, parts))
}

fn exclusion(said: &conversation::Conversation) -> Option<Exclusion> {
    if said.is_ticket {
        return Some(Exclusion::Ticket);
    }
    if said.ai_agent.as_ref().is_some_and(|fin| fin.is_preview) {
        return Some(Exclusion::Preview);
    }
    let source = said.source.as_ref()?;
    let is_email = source.kind.as_deref() == Some("email");
    match source.delivered_as.as_deref()? {
        "automated" | "admin_initiated" | "campaigns_initiated" if is_email => {
            (!is_answered(said)).then_some(Exclusion::GeneratedEmail)
        }
        "automated" | "campaigns_initiated" => Some(Exclusion::Post),
        _ => None,
    }
}

/// Whether a contact has said anything.
fn is_answered(said: &conversation::Conversation) -> bool {
    let is_contact = |part: &conversation::Part| matches!(part.author.side, SaidBy::Contact(_));
    said.parts.iter().any(is_contact)
}

fn state(said: &conversation::Conversation) -> ConversationState {
    match (said.state, said.open) {
        (Some(State::Closed), _) | (None, Some(false)) => ConversationState::Closed,
        (Some(State::Snoozed), _) => ConversationState::Snoozed,
        (Some(State::Open), _) | (None, _) => ConversationState::Open,
    }
}

/// The word for it, unless it says that there is none.
fn priority(word: Option<&str>) -> Option<String> {
    let word = word.filter(|word| !matches!(*word, "none" | "not_priority"));
    word.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;
    use crate::Side;

    fn read(sent: Value) -> Result<(Conversation, Vec<Part>), Exclusion> {
        conversation(&from_value(sent).ok().unwrap())
    }

    fn sent(source: Value) -> Value {
        json!({
            "id": "9", "created_at": 1_795_176_000, "updated_at": 1_795_176_100, "source": source,
            "contacts": { "contacts": [{ "id": "5f" }] },
        })
    }

    #[test]
    fn what_is_no_conversation_with_a_person_is_left_out() {
        let of = |kind: &str, delivered_as: &str| {
            sent(json!({ "type": kind, "delivered_as": delivered_as, "body": "Hi" }))
        };
        let answered = |mut conversation: Value| {
            let answer = json!({ "id": "p", "part_type": "comment", "body": "Yes", "author": { "type": "user" } });
            conversation["conversation_parts"] = json!({ "conversation_parts": [answer] });
            conversation
        };
        let noted = |mut conversation: Value| {
            let note = json!({ "id": "p", "part_type": "note", "body": "Hm", "author": { "type": "admin" } });
            conversation["conversation_parts"] = json!({ "conversation_parts": [note] });
            conversation
        };
        let with = |mut conversation: Value, name: &str, value: Value| {
            conversation[name] = value;
            conversation
        };
        let chat = || of("conversation", "customer_initiated");
        for (sent, expected) in [
            (chat(), None),
            (of("conversation", "operator_initiated"), None),
            (of("conversation", "admin_initiated"), None),
            (of("email", "customer_initiated"), None),
            (of("conversation", "automated"), Some(Exclusion::Post)),
            (
                answered(of("conversation", "automated")),
                Some(Exclusion::Post),
            ),
            (of("push", "campaigns_initiated"), Some(Exclusion::Post)),
            (of("email", "automated"), Some(Exclusion::GeneratedEmail)),
            (
                noted(of("email", "admin_initiated")),
                Some(Exclusion::GeneratedEmail),
            ),
            (answered(of("email", "admin_initiated")), None),
            (answered(of("email", "automated")), None),
            (
                with(chat(), "ticket", json!({ "id": "1" })),
                Some(Exclusion::Ticket),
            ),
            (with(chat(), "ticket", Value::Null), None),
            (
                with(chat(), "ai_agent", json!({ "source_type": "fin_preview" })),
                Some(Exclusion::Preview),
            ),
            (sent(Value::Null), None),
        ] {
            assert_eq!(read(sent.clone()).err(), expected, "{sent}");
        }
    }

    #[test]
    fn the_first_message_is_the_first_part() {
        let source = json!({
            "type": "email", "delivered_as": "customer_initiated", "id": "77", "subject": "Help",
            "body": "<p>It broke</p>", "author": { "type": "lead", "id": "5f", "name": "Ada" },
        });
        let (conversation, parts) = read(sent(source)).unwrap();
        assert_eq!(conversation.channel.as_deref(), Some("email"));
        assert_eq!(conversation.contacts, ["5f"]);
        let first = &parts[0];
        assert_eq!((first.id.as_str(), first.kind.as_str()), ("77", "source"));
        assert_eq!(first.body.as_deref(), Some("It broke"));
        assert_eq!(first.author.side, Side::Contact);
        assert_eq!(first.created_at, conversation.created_at);
    }

    #[test]
    fn a_first_message_that_was_taken_back_has_no_words() {
        let source = json!({ "type": "conversation", "id": "77", "body": "x", "subject": "y", "redacted": true });
        let (_, parts) = read(sent(source)).unwrap();
        assert!(parts[0].is_redacted && parts[0].body.is_none());
    }

    #[test]
    fn more_parts_than_intercom_gives_are_said_to_be_missing() {
        let part = |number: usize| json!({ "id": number, "part_type": "comment", "body": "x", "author": {} });
        let parts: Vec<_> = (0..500).map(part).collect();
        for (total, counted, missing) in [(500, 500, 0), (600, 0, 100), (500, 612, 112)] {
            let mut sent = sent(json!({ "type": "conversation", "id": "77", "body": "x" }));
            sent["conversation_parts"] =
                json!({ "conversation_parts": parts, "total_count": total });
            sent["statistics"] = json!({ "count_conversation_parts": counted });
            let (conversation, read) = read(sent).unwrap();
            assert_eq!(conversation.parts_missing, missing, "{total} {counted}");
            assert_eq!(conversation.parts_total, Some(total.max(counted)));
            assert_eq!(read.len(), 501);
        }
    }

    #[test]
    fn state_and_priority_have_one_word_in_every_version() {
        for (name, value, state, priority) in [
            ("state", json!("snoozed"), ConversationState::Snoozed, None),
            ("state", json!("closed"), ConversationState::Closed, None),
            ("open", json!(false), ConversationState::Closed, None),
            ("open", json!(true), ConversationState::Open, None),
            (
                "priority",
                json!("not_priority"),
                ConversationState::Open,
                None,
            ),
            ("priority", json!("none"), ConversationState::Open, None),
            (
                "priority",
                json!("priority"),
                ConversationState::Open,
                Some("priority"),
            ),
            (
                "priority",
                json!("high"),
                ConversationState::Open,
                Some("high"),
            ),
        ] {
            let mut sent = sent(json!({ "type": "conversation", "body": "x" }));
            sent[name] = value;
            let (read, _) = read(sent).unwrap();
            assert_eq!(
                (read.state, read.priority.as_deref()),
                (state, priority),
                "{name}"
            );
        }
    }
}
