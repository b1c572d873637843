//! What Intercom says of contacts and conversations, as statements. Pure.
//!
//! An alias that is malformed, or stands for nobody, is left out: the contact is known by its others. A
//! contact without a usable id of its own is an error, since nothing could be remembered of it.

use identity::{
    Alias, ClientDetails, ContactEmail, ContactId, ConversationId, ConversationStart, PageAddress,
    SessionId, Statement,
};
use intercom::contact::Contact;
use intercom::conversation::{Conversation, Participant, Side};
use intercom::request::Role;
use jiff::Timestamp;

use crate::Error;

/// What Intercom says of a contact at a moment. `role` counts when Intercom names none.
///
/// The statement leaves open whether the contact still exists. A caller that knows it adds it.
///
/// # Errors
/// [`Error::MalformedId`] when its id is none.
pub fn contact_statement(contact: &Contact, role: Role, at: Timestamp) -> Result<Statement, Error> {
    let said = Identifiers {
        external_id: contact.external_id.as_deref(),
        email: contact.email.as_deref(),
        role: match contact.role {
            Role::Unknown => role,
            said => said,
        },
    };
    let client = &contact.client;
    Ok(Statement {
        session_hint: session(contact.session_hint.as_deref()),
        client: ClientDetails {
            browser: client.browser.clone(),
            browser_version: client.browser_version.clone(),
            os: client.os.clone(),
            language: client.language.clone(),
        },
        ..said.statement(&contact.id, at)?
    })
}

/// What Intercom says of each contact of a conversation at a moment.
///
/// The page, the e-mail address and the role that stand there are the author's only. Whether another
/// contact's `external_id` is that of a lead or of a user, a conversation does not say.
///
/// # Errors
/// [`Error::MalformedId`] when an id is none.
pub fn conversation_statements(
    conversation: &Conversation,
    at: Timestamp,
) -> Result<Vec<Statement>, Error> {
    let id = ConversationId::parse(&conversation.id)?;
    let contacts = conversation.contacts.iter();
    let statement = |contact| {
        let written = written_by(contact, conversation);
        let said = Identifiers {
            external_id: contact.external_id.as_deref(),
            email: written.and_then(|written| written.email),
            role: written.map_or(Role::Unknown, |written| written.role),
        };
        // A session is one person's: in a group nobody else's than the author's.
        let is_theirs = written.is_some() || conversation.contacts.len() == 1;
        let hint = conversation.session_hint.as_deref().filter(|_| is_theirs);
        Ok(Statement {
            session_hint: session(hint),
            conversation: Some(ConversationStart {
                id: id.clone(),
                at: conversation.created_at.unwrap_or(at),
                page: written.and_then(|written| PageAddress::of(written.page?)),
                by_contact: written.is_some(),
            }),
            ..said.statement(&contact.id, at)?
        })
    };
    contacts.map(statement).collect()
}

/// What the first message says of the contact who wrote it.
#[derive(Clone, Copy)]
struct Written<'a> {
    role: Role,
    email: Option<&'a str>,
    page: Option<&'a str>,
}

/// `None` when somebody else wrote it.
fn written_by<'a>(contact: &Participant, conversation: &'a Conversation) -> Option<Written<'a>> {
    let author = conversation.author()?;
    let Side::Contact(role) = author.side else {
        return None;
    };
    // An author without an id is one of the contacts all the same: which one is clear when there is no other.
    let is_author = match &author.id {
        Some(id) => *id == contact.id,
        None => conversation.contacts.len() == 1,
    };
    is_author.then_some(Written {
        role,
        email: author.email.as_deref(),
        page: conversation.page_url(),
    })
}

/// What a contact is called.
struct Identifiers<'a> {
    external_id: Option<&'a str>,
    email: Option<&'a str>,
    role: Role,
}

impl Identifiers<'_> {
    /// A lead's `external_id` is Intercom's visitor id, a user's is the site's own; unsaid, it may be either,
    /// and the one that it is not leads to nobody. An e-mail address is a user's only where Intercom says so:
    /// anybody can type one.
    fn statement(&self, contact: &str, at: Timestamp) -> Result<Statement, Error> {
        let visitor_id = self.external_id.filter(|_| self.role != Role::User);
        let user_id = self.external_id.filter(|_| self.role != Role::Lead);
        let email = self.email.and_then(|email| Alias::email(email).ok());
        Ok(Statement {
            visitor_id: visitor_id.and_then(|id| Alias::visitor_id(id).ok()),
            user_id: user_id.and_then(|id| Alias::user_id(id).ok()),
            email: email.map(match self.role {
                Role::User => ContactEmail::OfUser,
                Role::Lead | Role::Unknown => ContactEmail::OfLead,
            }),
            ..Statement::about(ContactId::parse(contact)?, at)
        })
    }
}

/// The session that a hint names, if a session can be called that.
fn session(hint: Option<&str>) -> Option<SessionId> {
    SessionId::parse(hint?).ok()
}

#[cfg(test)]
mod tests;
