//! Notifications of what is mirrored: all that an account is made of, whichever topic tells of it.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fields::Fields;
use super::{Envelope, EnvelopeId, MalformedNotification, MirroredTopic};
use crate::company::Company;
use crate::contact::Contact;
use crate::conversation::Conversation;
use crate::data_event::DataEvent;
use crate::lenient;
use crate::named::Tag;

/// A notification of something that is mirrored. No `Debug`: it is personal data.
#[derive(Clone, PartialEq)]
pub struct MirroredNotification {
    /// Tells a repeated delivery; unique in the workspace.
    pub id: EnvelopeId,
    /// The workspace that it comes from. It may be one that we never heard of.
    pub workspace: String,
    /// What happened.
    pub topic: MirroredTopic,
    /// When it happened, by Intercom's clock: deliveries come in any order.
    pub created_at: Timestamp,
    /// What it is about.
    pub item: MirroredItem,
}

/// What a notification is about, as its topic has it. No `Debug`: it is personal data.
#[derive(Clone, PartialEq)]
pub enum MirroredItem {
    /// A company. Of [`MirroredTopic::CompanyDeleted`] only the id is there.
    Company(Box<Company>),
    /// A contact came to a company, or left it: both as they are now.
    Membership {
        /// Without its segments.
        company: Box<Company>,
        /// In full.
        contact: Box<Contact>,
    },
    /// A contact, in full.
    Contact(Box<Contact>),
    /// A contact got a tag, or lost it.
    ContactTag {
        /// In full.
        contact: Box<Contact>,
        /// Which one.
        tag: Tag,
    },
    /// A contact wants e-mails again, or no longer; what they want stands in the contact.
    Subscription {
        /// In full.
        contact: Box<Contact>,
        /// Whether it is about all e-mails, rather than about some types of them.
        is_about_all: bool,
    },
    /// A conversation, with the parts that are new. What comes with it besides is as it is now.
    Conversation(Box<Conversation>),
    /// The id of a conversation that is to be read again: the notification does not hold all of it, or it is
    /// gone.
    ConversationId(String),
    /// Something that a contact did.
    DataEvent(Box<DataEvent>),
}

impl MirroredNotification {
    /// Reads a notification that its receiver has let through. Fields of the item that cannot be read count
    /// as missing.
    ///
    /// # Errors
    /// When it is not about a topic of these, or lacks what nobody can do without; names the field.
    pub fn parse(body: &[u8]) -> Result<Self, MalformedNotification> {
        let envelope = Envelope::parse(body)?;
        let topic = MirroredTopic::parse(&envelope.topic);
        let topic = topic.ok_or(MalformedNotification::UnknownTopic)?;
        let item = Fields::parse(envelope.item()?.get().as_bytes())?.readable();
        Ok(Self {
            id: EnvelopeId::of(&envelope),
            topic,
            item: MirroredItem::read(topic, item)?,
            created_at: envelope
                .created_at
                .ok_or(MalformedNotification::Missing("created_at"))?,
            workspace: envelope
                .app_id
                .ok_or(MalformedNotification::Missing("app_id"))?,
        })
    }
}

/// The ids of an item or of what stands in it.
#[derive(Deserialize)]
struct Ids {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    conversation_id: Option<String>,
}

impl MirroredItem {
    fn read(topic: MirroredTopic, mut item: Value) -> Result<Self, MalformedNotification> {
        use MirroredTopic as Topic;

        const COMPANY: &str = "data.item.company";
        const CONTACT: &str = "data.item.contact";
        Ok(match topic {
            Topic::CompanyCreated | Topic::CompanyUpdated | Topic::CompanyDeleted => {
                Self::Company(whole(item, "data.item.id")?)
            }
            Topic::CompanyContactAttached | Topic::CompanyContactDetached => Self::Membership {
                company: whole(item["company"].take(), COMPANY)?,
                contact: whole(item["contact"].take(), CONTACT)?,
            },
            Topic::UserCreated | Topic::UserUpdated | Topic::LeadUpdated => {
                Self::Contact(whole(item, "data.item.id")?)
            }
            Topic::UserTagCreated
            | Topic::UserTagDeleted
            | Topic::LeadTagCreated
            | Topic::LeadTagDeleted => Self::ContactTag {
                contact: whole(item["contact"].take(), CONTACT)?,
                tag: *whole(item["tag"].take(), "data.item.tag")?,
            },
            Topic::ContactSubscribed
            | Topic::ContactUnsubscribed
            | Topic::GranularSubscribe
            | Topic::GranularUnsubscribe => {
                let types: Vec<Value> =
                    lenient::listed(item["subscription_types"].take()).unwrap_or_default();
                Self::Subscription {
                    contact: whole(item["contact"].take(), CONTACT)?,
                    is_about_all: types.is_empty(),
                }
            }
            Topic::ConversationContactAttached
            | Topic::ConversationContactDetached
            | Topic::ConversationDeleted
            | Topic::PartRedacted
            | Topic::PartTagCreated => Self::ConversationId(conversation_id(&item)?),
            Topic::EventCreated => Self::DataEvent(whole(item, "data.item.event_name")?),
            _ => Self::Conversation(whole(item, "data.item.id")?),
        })
    }
}

/// What an item holds; names it when it is not there.
fn whole<T: DeserializeOwned>(
    item: Value,
    name: &'static str,
) -> Result<Box<T>, MalformedNotification> {
    let read = T::deserialize(item).map(Box::new);
    read.map_err(|_| MalformedNotification::Missing(name))
}

/// The id of the conversation, which stands in another place for each topic: in a field of its own, in the
/// conversation or its model, in the part, or as the item's own.
fn conversation_id(item: &Value) -> Result<String, MalformedNotification> {
    let conversation = &item["conversation"];
    let places = [item, conversation, &conversation["model"]].map(Ids::deserialize);
    let [item_ids, conversation_ids, model_ids] = places.map(Result::ok);
    let named = item_ids
        .as_ref()
        .and_then(|ids| ids.conversation_id.clone());
    let inside = [conversation_ids, model_ids].into_iter().flatten();
    let inside = inside
        .filter_map(|ids| ids.id.or(ids.conversation_id))
        .next();
    // A part's own id is none of a conversation's.
    let own = item_ids.filter(|_| item["type"] != "conversation_part");
    let found = named.or(inside).or_else(|| own?.id);
    found.ok_or(MalformedNotification::Missing("data.item.conversation_id"))
}

#[cfg(test)]
mod tests;
