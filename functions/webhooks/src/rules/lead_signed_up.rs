//! A lead has become a user (`contact.lead.signed_up`).
//!
//! The contact keeps its id, but its `external_id` is the site's own from now on: the visitor id that it had
//! is not in the notification. What was said of the lead before stands in the table, and leads to the same
//! people.

use identity::Statement;
use intercom::request::Role;
use intercom::webhook::Notification;
use notification::{Error, contact, contact_statement};

/// What the notification says: the contact has this user id, and the workspace vouches for its e-mail
/// address.
///
/// # Errors
/// When it is not about a contact that can be remembered.
pub fn rule(notification: &Notification) -> Result<Vec<Statement>, Error> {
    let at = notification.created_at;
    Ok(vec![contact_statement(
        contact(notification)?,
        Role::User,
        at,
    )?])
}

#[cfg(test)]
mod tests {
    use identity::{Alias, ContactEmail};

    use super::*;

    fn said(item: &str) -> Statement {
        let body = format!(
            r#"{{"app_id":"acme","topic":"contact.lead.signed_up","id":"n1","created_at":1795175940,"data":{{"item":{item}}}}}"#
        );
        let notification = Notification::parse(body.as_bytes()).ok().unwrap();
        rule(&notification).unwrap().remove(0)
    }

    #[test]
    fn the_external_id_is_the_sites_own() {
        for role in [r#","role":"user""#, ""] {
            let said = said(&format!(
                r#"{{"id":"c1","external_id":"u-1","email":"a@b.c"{role}}}"#
            ));
            assert_eq!(said.user_id, Alias::user_id("u-1").ok());
            assert_eq!(said.visitor_id, None);
            let address = Alias::email("a@b.c").unwrap();
            assert_eq!(said.email, Some(ContactEmail::OfUser(address)));
        }
    }
}
