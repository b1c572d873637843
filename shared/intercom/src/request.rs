//! What Intercom sends when the panel opens (initialize) and when something in it is clicked (submit).
//!
//! Read with patience: unknown fields are ignored, a field of an unexpected shape counts as missing, ids come
//! as strings or numbers, names and e-mails come with HTML entities, times as seconds or as ISO text. Only a
//! body that is no JSON object at all is an error.

mod wire;

use jiff::Timestamp;
use serde::Deserializer;
use serde_json::{Map, Value};

use crate::lenient;
use wire::{Object, Wire};

/// An Inbox request; initialize and submit differ only in what is there.
#[derive(Clone, PartialEq, Default)]
pub struct CanvasRequest {
    /// The workspace whose teammate looks; the tenant of everything else in here.
    pub workspace_id: Option<String>,
    /// The person selected in the conversation.
    pub contact: Option<RequestContact>,
    /// The conversation on screen.
    pub conversation: Option<RequestConversation>,
    /// What was clicked; submit only.
    pub component_id: Option<String>,
    /// The values of all fields on the canvas, by component id; submit only.
    pub input_values: Map<String, Value>,
    /// What the canvas on screen was stored with; [`Value::Null`] when nothing was.
    pub stored_data: Value,
}

/// The person that a conversation is with. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct RequestContact {
    /// Intercom's id, unique in the workspace.
    pub id: Option<String>,
    /// What the workspace itself calls a user; the visitor id of a lead.
    pub external_id: Option<String>,
    /// Tells the two meanings of `external_id` apart.
    pub role: Role,
    /// As written in Intercom; nobody verified it.
    pub email: Option<String>,
    /// As written in Intercom.
    pub name: Option<String>,
}

/// What Intercom takes a contact for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Known to the workspace: `external_id` is the workspace's own user id.
    User,
    /// A visitor who wrote: `external_id` is Intercom's visitor id.
    Lead,
    /// Not said, or something new.
    #[default]
    Unknown,
}

impl Role {
    fn named(name: Option<&str>) -> Self {
        match name {
            Some("user") => Self::User,
            Some("lead") => Self::Lead,
            _ => Self::Unknown,
        }
    }
}

pub(crate) fn role<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    Ok(Role::named(lenient::text(deserializer)?.as_deref()))
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestConversation {
    /// Intercom's id, unique in the workspace.
    pub id: Option<String>,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// Where it began.
    pub source: Option<Source>,
}

/// Where a conversation began.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// The page that the first message was sent from.
    pub url: Option<String>,
}

/// The body is not a JSON object, so not even the workspace can be told.
#[derive(Debug, thiserror::Error)]
#[error("the request's body is not a JSON object (line {line}, column {column})")]
pub struct MalformedRequest {
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for MalformedRequest {
    /// Keeps where, not what: serde's message may quote the body.
    fn from(error: serde_json::Error) -> Self {
        Self {
            line: error.line(),
            column: error.column(),
        }
    }
}

impl CanvasRequest {
    /// Reads a request's body, whose signature has been verified.
    ///
    /// # Errors
    /// [`MalformedRequest`] when the body is not a JSON object.
    pub fn parse(body: &[u8]) -> Result<Self, MalformedRequest> {
        let Object(wire) = serde_json::from_slice::<Object<Wire>>(body)?;
        let wire = wire.ok_or(MalformedRequest { line: 1, column: 0 })?;
        Ok(Self {
            workspace_id: wire.workspace_id.or(wire.app_id),
            contact: wire.contact.or(wire.customer),
            conversation: wire.conversation,
            component_id: wire.component_id,
            input_values: wire.input_values.unwrap_or_default(),
            stored_data: wire.current_canvas.unwrap_or_default().stored_data,
        })
    }
}

#[cfg(test)]
mod tests;
