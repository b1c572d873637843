//! A conversation has begun (`conversation.user.created`, `conversation.admin.single.created`).
//!
//! From now on each contact in it is known by its id, and the store remembers when and where the conversation
//! began. A contact who wrote first was on the page where it began; a conversation that a teammate began says
//! nothing of the contact's page. If the author is otherwise unknown, a session that was on the page at that
//! moment is a possible match.

use identity::Statement;
use intercom::webhook::Notification;
use notification::{Error, conversation, conversation_statements};

/// What the notification says: of every contact, that it is part of the conversation; the rest of its author
/// only.
///
/// # Errors
/// When it is not about a contact that can be remembered.
pub fn rule(notification: &Notification) -> Result<Vec<Statement>, Error> {
    conversation_statements(conversation(notification)?, notification.created_at)
}

#[cfg(test)]
mod tests {
    use identity::{Alias, ContactEmail};

    use super::*;

    const CONTACTS: &str = r#""contacts":{"contacts":[{"id":"c1","external_id":"v-1"},{"id":"c2","external_id":"x-2"}]}"#;

    fn said(topic: &str, source: &str) -> Vec<Statement> {
        let body = format!(
            r#"{{"app_id":"acme","topic":"{topic}","id":"n1","created_at":1795175940,
                "data":{{"item":{{"id":7,"created_at":1795175900,"source":{source},{CONTACTS}}}}}}}"#
        );
        let notification = Notification::parse(body.as_bytes()).ok().unwrap();
        rule(&notification).unwrap()
    }

    #[test]
    fn page_and_address_are_the_authors_and_not_of_who_else_is_there() {
        let source = r#"{"url":"https://shop.example/cart?a=1","author":{"type":"lead","id":"c1","email":"a@b.c"}}"#;
        let said = said("conversation.user.created", source);
        let [author, other] = said.try_into().unwrap();

        assert_eq!(author.visitor_id, Alias::visitor_id("v-1").ok());
        assert_eq!(
            author.email,
            Some(ContactEmail::OfLead(Alias::email("a@b.c").unwrap()))
        );
        let began = author.conversation.unwrap();
        assert_eq!(began.page.unwrap().as_str(), "shop.example/cart");
        assert_eq!(
            (began.by_contact, began.at.as_second()),
            (true, 1_795_175_900)
        );

        assert_eq!(other.email, None);
        let began = other.conversation.unwrap();
        assert_eq!((began.by_contact, began.page), (false, None));
    }

    #[test]
    fn what_a_teammate_begins_says_nothing_of_where_the_contact_was() {
        let source = r#"{"url":"https://shop.example/","author":{"type":"admin","id":"9","email":"t@acme.example"}}"#;
        for said in said("conversation.admin.single.created", source) {
            assert_eq!(said.email, None);
            let began = said.conversation.unwrap();
            assert_eq!((began.by_contact, began.page), (false, None));
        }
    }
}
