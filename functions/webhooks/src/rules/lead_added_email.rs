//! A lead has given an e-mail address (`contact.lead.added_email`).
//!
//! From now on the address finds the lead's sessions, past and future. Nobody verified the address, so it is
//! only a claim: the person who is known to have the address keeps a separate history.

use identity::Statement;
use intercom::request::Role;
use intercom::webhook::Notification;
use notification::{Error, contact, contact_statement};

/// What the notification says: the lead, by its visitor id, claims the address.
///
/// # Errors
/// When it is not about a contact that can be remembered.
pub fn rule(notification: &Notification) -> Result<Vec<Statement>, Error> {
    let at = notification.created_at;
    Ok(vec![contact_statement(
        contact(notification)?,
        Role::Lead,
        at,
    )?])
}

#[cfg(test)]
mod tests {
    use identity::{Alias, ContactEmail};

    use super::*;

    fn said(item: &str) -> Statement {
        let body = format!(
            r#"{{"app_id":"acme","topic":"contact.lead.added_email","id":"n1","created_at":1795175940,"data":{{"item":{item}}}}}"#
        );
        let notification = Notification::parse(body.as_bytes()).ok().unwrap();
        rule(&notification).unwrap().remove(0)
    }

    #[test]
    fn the_address_is_claimed_whatever_its_case() {
        let said =
            said(r#"{"id":"c1","external_id":"v-1","role":"lead","email":"Ada@Shop.Example"}"#);
        let address = Alias::email("ada@shop.example").unwrap();
        assert_eq!(said.email, Some(ContactEmail::OfLead(address)));
        assert_eq!(said.visitor_id, Alias::visitor_id("v-1").ok());
    }

    #[test]
    fn what_is_no_address_leaves_the_rest_as_it_is() {
        let said = said(r#"{"id":"c1","external_id":"v-1","role":"lead","email":"none"}"#);
        assert_eq!(said.email, None);
        assert_eq!(said.visitor_id, Alias::visitor_id("v-1").ok());
    }
}
