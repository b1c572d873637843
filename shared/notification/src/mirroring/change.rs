//! What a notification says of what is mirrored. Pure.

use intercom::company::Company;
use intercom::contact::Contact;
use intercom::conversation::Conversation;
use intercom::data_event::DataEvent;
use intercom::webhook::{Item, Notification, Topic};

/// Something that is to be done in the mirror. No `Debug`: it is personal data.
#[derive(Clone, PartialEq)]
pub enum Change {
    /// A company is so.
    Company(Box<Company>),
    /// A company is gone for good: Intercom's id.
    CompanyGone(String),
    /// A contact came to a company, or left it: Intercom's ids.
    Membership {
        /// Of the company.
        company: String,
        /// Of the contact.
        contact: String,
    },
    /// A contact is so.
    Contact(Box<Contact>),
    /// A contact has changed in a way that the notification does not say in full.
    ContactAgain(String),
    /// A contact was put away.
    ContactAway(Box<Contact>),
    /// A contact is gone for good.
    ContactGone(String),
    /// A lead has become part of a user.
    Merged {
        /// The user.
        survivor: Box<Contact>,
        /// The lead, when Intercom names it.
        absorbed: Option<String>,
    },
    /// A conversation is so; of its parts the new ones are there.
    Conversation {
        /// As the notification has it.
        said: Box<Conversation>,
        /// It has just begun: there are no other parts.
        is_new: bool,
    },
    /// A conversation has changed in a way that the notification does not say in full.
    ConversationAgain(String),
    /// A conversation is gone for good.
    ConversationGone(String),
    /// Somebody did something.
    Event(Box<DataEvent>),
}

/// What the topics that tell who somebody is say for the mirror.
#[must_use]
pub fn changes_of(notification: &Notification) -> Vec<Change> {
    let contact = match &notification.item {
        Item::Conversation(conversation) => {
            return vec![Change::Conversation {
                said: Box::new(conversation.clone()),
                is_new: true,
            }];
        }
        Item::Contact(contact) => contact,
    };
    vec![match notification.topic {
        Topic::ContactDeleted => Change::ContactGone(contact.id.clone()),
        Topic::ContactArchived => Change::ContactAway(Box::new(contact.clone())),
        Topic::ContactMerged => Change::Merged {
            survivor: Box::new(contact.clone()),
            absorbed: contact.merged_from.clone(),
        },
        _ => Change::Contact(Box::new(contact.clone())),
    }]
}
