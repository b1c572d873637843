//! A conversation as it is sent.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{
    Author, Conversation, LinkedTicket, Part, Participant, Rating, Side, Source, State, ai_agent,
};
use crate::contact::{NoId, SessionAttributes};
use crate::lenient;
use crate::listed::{Listed, listed};

#[derive(Deserialize)]
pub(super) struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::text")]
    state: Option<String>,
    #[serde(default, deserialize_with = "lenient::answer")]
    open: Option<bool>,
    #[serde(default, deserialize_with = "lenient::answer")]
    read: Option<bool>,
    #[serde(default, deserialize_with = "lenient::text")]
    priority: Option<String>,
    #[serde(default, deserialize_with = "lenient::assignee")]
    admin_assignee_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::assignee")]
    team_assignee_id: Option<String>,
    #[serde(default, deserialize_with = "listed")]
    tags: Option<Listed>,
    #[serde(default, deserialize_with = "lenient::object")]
    source: Option<Source>,
    #[serde(default, deserialize_with = "contacts")]
    contacts: Vec<Reference>,
    #[serde(default, deserialize_with = "lenient::object")]
    company: Option<Reference>,
    #[serde(default, deserialize_with = "lenient::text")]
    company_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::object")]
    conversation_rating: Option<Rating>,
    #[serde(default, deserialize_with = "lenient::flag")]
    ai_agent_participated: bool,
    #[serde(default, deserialize_with = "lenient::object")]
    ai_agent: Option<ai_agent::Wire>,
    #[serde(default, deserialize_with = "lenient::object")]
    statistics: Option<Statistics>,
    #[serde(default, deserialize_with = "lenient::object")]
    conversation_parts: Option<Parts>,
    #[serde(default, deserialize_with = "is_object")]
    ticket: bool,
    #[serde(default, deserialize_with = "lenient::listed")]
    linked_objects: Vec<LinkedObject>,
    #[serde(default, deserialize_with = "lenient::attributes")]
    custom_attributes: Map<String, Value>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    external_id: Option<String>,
}

#[derive(Deserialize)]
struct Statistics {
    #[serde(default, deserialize_with = "lenient::count")]
    count_conversation_parts: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parts {
    #[serde(deserialize_with = "lenient::list")]
    conversation_parts: Vec<Part>,
    #[serde(deserialize_with = "lenient::count")]
    total_count: Option<u64>,
}

#[derive(Deserialize)]
struct LinkedObject {
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    category: Option<String>,
}

/// A list, alone or within an object of type `contact.list`.
fn contacts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reference>, D::Error> {
    let list = match Value::deserialize(deserializer)? {
        Value::Object(mut fields) => fields.remove("contacts").unwrap_or_default(),
        list => list,
    };
    Ok(lenient::list(list).unwrap_or_default())
}

fn is_object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(deserializer)?.is_object())
}

/// By its name; by whether it is open where that alone is said.
fn state(name: Option<&str>, open: Option<bool>) -> Option<State> {
    match (name, open) {
        (Some("open"), _) | (None, Some(true)) => Some(State::Open),
        (Some("closed"), _) | (None, Some(false)) => Some(State::Closed),
        (Some("snoozed"), _) => Some(State::Snoozed),
        _ => None,
    }
}

/// Those that are listed, and the one who wrote first.
fn participants(listed: Vec<Reference>, author: Option<&Author>) -> Vec<Participant> {
    let participant = |contact: Reference| {
        Some(Participant {
            id: contact.id?,
            external_id: contact.external_id,
        })
    };
    let mut contacts: Vec<_> = listed.into_iter().filter_map(participant).collect();
    if let Some(Author {
        side: Side::Contact(_),
        id: Some(id),
        ..
    }) = author
        && contacts.iter().all(|contact| contact.id != *id)
    {
        contacts.push(Participant {
            id: id.clone(),
            external_id: None,
        });
    }
    contacts
}

fn linked_ticket(object: LinkedObject) -> Option<LinkedTicket> {
    let is_ticket = object.kind.as_deref() == Some("ticket");
    Some(LinkedTicket {
        id: object.id.filter(|_| is_ticket)?,
        category: object.category,
    })
}

impl TryFrom<Wire> for Conversation {
    type Error = NoId;

    fn try_from(wire: Wire) -> Result<Self, NoId> {
        let author = wire
            .source
            .as_ref()
            .and_then(|source| source.author.as_ref());
        let parts = wire.conversation_parts.unwrap_or_default();
        let participated = wire.ai_agent_participated;
        let ai_agent = match wire.ai_agent {
            None if !participated => None,
            agent => Some(agent.unwrap_or_default().read(participated)),
        };
        let statistics = wire.statistics;
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            title: wire.title,
            created_at: wire.created_at,
            updated_at: wire.updated_at,
            state: state(wire.state.as_deref(), wire.open),
            open: wire.open,
            read: wire.read,
            priority: wire.priority,
            admin_assignee_id: wire.admin_assignee_id,
            team_assignee_id: wire.team_assignee_id,
            tags: wire.tags,
            contacts: participants(wire.contacts, author),
            source: wire.source,
            company_id: wire.company.and_then(|it| it.id).or(wire.company_id),
            rating: wire.conversation_rating,
            ai_agent,
            parts: parts.conversation_parts,
            parts_total: parts.total_count,
            parts_counted: statistics.and_then(|it| it.count_conversation_parts),
            is_ticket: wire.ticket,
            linked_tickets: wire
                .linked_objects
                .into_iter()
                .filter_map(linked_ticket)
                .collect(),
            session_hint: SessionAttributes::session_in(&wire.custom_attributes),
            custom_attributes: wire.custom_attributes,
        })
    }
}
