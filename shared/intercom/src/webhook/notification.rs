//! A notification in full.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::fields::Fields;
use super::{Envelope, MalformedNotification, Topic};
use crate::contact::Contact;
use crate::conversation::Conversation;

/// What a worker works on. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Notification {
    /// Tells a repeated delivery; unique in the workspace.
    pub id: EnvelopeId,
    /// The workspace that it comes from. It may be one that we never heard of.
    pub workspace: String,
    /// What happened.
    pub topic: Topic,
    /// When it happened, by Intercom's clock: deliveries come in any order.
    pub created_at: Timestamp,
    /// To whom, or to what.
    pub item: Item,
}

/// What a notification is about, as its topic has it.
#[derive(Clone, PartialEq, Eq)]
pub enum Item {
    /// Of every topic about contacts. With [`Topic::ContactMerged`] it is the one that remains.
    Contact(Contact),
    /// Of both topics about conversations.
    Conversation(Conversation),
}

/// The id of a notification: 1 to 128 characters of `A-Z a-z 0-9 . _ : -`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnvelopeId(String);

impl EnvelopeId {
    /// Longest id, bytes. Intercom's are `notif_` and a UUID.
    const MAX_BYTES: usize = 128;

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Intercom's own id. Without one, or with one that is no id's form, a digest of all that stays the same
    /// when a notification is delivered again. Even one that cannot be read as a [`Notification`] has an id.
    #[must_use]
    pub fn of(envelope: &Envelope<'_>) -> Self {
        let has_form = |id: &&String| {
            id.len() <= Self::MAX_BYTES
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte))
        };
        if let Some(id) = envelope.id.as_ref().filter(has_form) {
            return Self(id.clone());
        }
        let created_at = envelope.created_at.map(|at| at.to_string());
        let item = envelope.item().ok().map(RawValue::get);
        let parts = [
            envelope.id.as_deref(),
            Some(envelope.topic.as_str()),
            created_at.as_deref(),
            item,
        ];
        let digest = parts.into_iter().fold(Sha256::new(), |digest, part| {
            let part = part.unwrap_or_default();
            digest
                .chain_update(part.len().to_be_bytes())
                .chain_update(part)
        });
        Self(format!("sha256:{}", hex::encode(digest.finalize())))
    }
}

impl Notification {
    /// Reads a notification that its receiver has let through.
    ///
    /// Fields of the item that cannot be read count as missing, as in [`crate::request`].
    ///
    /// # Errors
    /// When it is not about a topic of ours, or lacks what its worker cannot do without; names the field.
    pub fn parse(body: &[u8]) -> Result<Self, MalformedNotification> {
        let envelope = Envelope::parse(body)?;
        let topic = Topic::parse(&envelope.topic).ok_or(MalformedNotification::UnknownTopic)?;
        let json = envelope.item()?.get();
        let item = Fields::parse(json.as_bytes())?.readable();
        let no_id = |_| MalformedNotification::Missing("data.item.id");
        let item = if topic.is_about_conversations() {
            let conversation = Conversation::deserialize(item).map_err(no_id)?;
            if conversation.contacts.is_empty() {
                return Err(MalformedNotification::Missing("data.item.contacts"));
            }
            Item::Conversation(conversation)
        } else {
            Item::Contact(Contact::deserialize(item).map_err(no_id)?)
        };
        Ok(Self {
            id: EnvelopeId::of(&envelope),
            topic,
            created_at: envelope
                .created_at
                .ok_or(MalformedNotification::Missing("created_at"))?,
            workspace: envelope
                .app_id
                .ok_or(MalformedNotification::Missing("app_id"))?,
            item,
        })
    }
}

#[cfg(test)]
mod tests;
