//! A contact has another e-mail address (`contact.email.updated`).
//!
//! The new one leads to the contact's people, and the old one still does: recordings were made under it. How
//! much the address says depends on whose it is. A contact that Intercom does not call a user counts as
//! somebody who typed it.

use identity::Statement;
use intercom::request::Role;
use intercom::webhook::Notification;
use notification::{Error, contact, contact_statement};

/// What the notification says: the contact, with its address as it is now.
///
/// # Errors
/// When it is not about a contact that can be remembered.
pub fn rule(notification: &Notification) -> Result<Vec<Statement>, Error> {
    let at = notification.created_at;
    Ok(vec![contact_statement(
        contact(notification)?,
        Role::Unknown,
        at,
    )?])
}

#[cfg(test)]
mod tests {
    use identity::{Alias, ContactEmail};

    use super::*;

    fn said(item: &str) -> Statement {
        let body = format!(
            r#"{{"app_id":"acme","topic":"contact.email.updated","id":"n1","created_at":1795175940,"data":{{"item":{item}}}}}"#
        );
        let notification = Notification::parse(body.as_bytes()).ok().unwrap();
        rule(&notification).unwrap().remove(0)
    }

    #[test]
    fn an_address_says_as_much_as_the_contacts_role() {
        let address = Alias::email("a@b.c").unwrap();
        for (role, email) in [
            ("user", ContactEmail::OfUser(address.clone())),
            ("lead", ContactEmail::OfLead(address.clone())),
            ("", ContactEmail::OfLead(address)),
        ] {
            let said = said(&format!(r#"{{"id":"c1","role":"{role}","email":"a@b.c"}}"#));
            assert_eq!(said.email, Some(email), "{role}");
        }
    }
}
