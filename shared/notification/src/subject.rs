//! Whom or what a notification is about.

use intercom::contact::Contact;
use intercom::conversation::Conversation;
use intercom::webhook::{Item, Notification};

use crate::Error;

/// The contact that it is about.
///
/// # Errors
/// [`Error::Misdirected`] when it is about a conversation.
pub fn contact(notification: &Notification) -> Result<&Contact, Error> {
    match &notification.item {
        Item::Contact(contact) => Ok(contact),
        Item::Conversation(_) => Err(Error::misdirected(notification)),
    }
}

/// The conversation that it is about.
///
/// # Errors
/// [`Error::Misdirected`] when it is about a contact.
pub fn conversation(notification: &Notification) -> Result<&Conversation, Error> {
    match &notification.item {
        Item::Conversation(conversation) => Ok(conversation),
        Item::Contact(_) => Err(Error::misdirected(notification)),
    }
}
