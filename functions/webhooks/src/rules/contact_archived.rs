//! A contact was put away, or came back (`contact.archived`, `contact.unarchive`).
//!
//! Nothing that leads to its people is taken away: the panel says that the contact is archived, until it
//! comes back. The later of two notifications counts, not the one that arrives last.

use identity::{Presence, Statement};
use intercom::request::Role;
use intercom::webhook::{Notification, Topic};
use notification::{Error, contact, contact_statement};

/// What the notification says: whether the contact is there, and what else Intercom knows of it.
///
/// # Errors
/// When it is not about a contact that can be remembered.
pub fn rule(notification: &Notification) -> Result<Vec<Statement>, Error> {
    let presence = match notification.topic {
        Topic::ContactUnarchived => Presence::Present,
        _ => Presence::Archived,
    };
    let contact = contact(notification)?;
    Ok(vec![Statement {
        presence: Some(presence),
        ..contact_statement(contact, Role::Unknown, notification.created_at)?
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(topic: &str, item: &str) -> Statement {
        let body = format!(
            r#"{{"app_id":"acme","topic":"{topic}","id":"n1","created_at":1795175940,"data":{{"item":{item}}}}}"#
        );
        let notification = Notification::parse(body.as_bytes()).ok().unwrap();
        rule(&notification).unwrap().remove(0)
    }

    #[test]
    fn the_topic_says_whether_the_contact_is_there() {
        for (topic, presence) in [
            ("contact.archived", Presence::Archived),
            ("contact.unarchive", Presence::Present),
        ] {
            let said = said(topic, r#"{"id":"c1"}"#);
            assert_eq!(said.presence, Some(presence), "{topic}");
            assert_eq!(said.at.as_second(), 1_795_175_940);
        }
    }
}
