//! A lead was merged into a user (`contact.merged`).
//!
//! The notification holds the user. Intercom does not always name the lead. When it does, every alias of the
//! lead leads to the user as well, the lead's old contact id included. When it does not, the two still meet
//! in the aliases that the recorder knows of both.

use identity::{ContactId, Statement};
use intercom::request::Role;
use intercom::webhook::Notification;
use notification::{Error, contact, contact_statement};

/// What the notification says: the user, and that it is the lead too.
///
/// # Errors
/// When it is not about a contact that can be remembered.
pub fn rule(notification: &Notification) -> Result<Vec<Statement>, Error> {
    let contact = contact(notification)?;
    let absorbed = contact.merged_from.as_deref().map(ContactId::parse);
    Ok(vec![Statement {
        absorbed: absorbed.transpose()?,
        ..contact_statement(contact, Role::User, notification.created_at)?
    }])
}

#[cfg(test)]
mod tests {
    use identity::Alias;

    use super::*;

    fn said(item: &str) -> Statement {
        let body = format!(
            r#"{{"app_id":"acme","topic":"contact.merged","id":"n1","created_at":1795175940,"data":{{"item":{item}}}}}"#
        );
        let notification = Notification::parse(body.as_bytes()).ok().unwrap();
        rule(&notification).unwrap().remove(0)
    }

    #[test]
    fn the_survivor_is_the_lead_too() {
        let said = said(
            r#"{"id":"c2","external_id":"u-1","role":"user","merged_from":{"type":"contact","id":"c1"}}"#,
        );
        assert_eq!(said.contact.as_str(), "c2");
        assert_eq!(said.absorbed, ContactId::parse("c1").ok());
        assert_eq!(said.user_id, Alias::user_id("u-1").ok());
    }

    #[test]
    fn without_the_leads_id_there_is_the_survivor() {
        let said = said(r#"{"id":"c2","external_id":"u-1","role":"user"}"#);
        assert_eq!((said.contact.as_str(), said.absorbed), ("c2", None));
    }
}
