//! A visitor has written and become a lead (`contact.lead.created`).
//!
//! Its `external_id` is Intercom's id of the browser, which the recorder may have seen: the contact's id
//! leads to the same people from now on, and so do the sessions still to come. It tells the lead's browser as
//! well, with which a possible match is found.

use identity::Statement;
use intercom::request::Role;
use intercom::webhook::Notification;
use notification::{Error, contact, contact_statement};

/// What the notification says: whatever is known of the new lead.
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
    use identity::Alias;

    use super::*;

    fn said(item: &str) -> Statement {
        let body = format!(
            r#"{{"app_id":"acme","topic":"contact.lead.created","id":"n1","created_at":1795175940,"data":{{"item":{item}}}}}"#
        );
        let notification = Notification::parse(body.as_bytes()).ok().unwrap();
        rule(&notification).unwrap().remove(0)
    }

    #[test]
    fn the_leads_external_id_is_its_visitor_id() {
        let said = said(r#"{"id":"c1","external_id":"v-1","role":"lead","email":""}"#);
        assert_eq!(said.visitor_id, Alias::visitor_id("v-1").ok());
        assert_eq!((said.user_id, said.email), (None, None));
    }

    #[test]
    fn it_stays_the_visitor_id_when_nobody_says_that_it_is_a_lead() {
        let said = said(r#"{"id":"c1","external_id":"v-1"}"#);
        assert_eq!(said.visitor_id, Alias::visitor_id("v-1").ok());
        assert_eq!(said.user_id, None);
    }
}
