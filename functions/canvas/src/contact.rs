//! Intercom's contact as what our store looks up.

use identity::{Alias, ContactId};
use intercom::request::{RequestContact, Role};
use store::{ContactQuery, ContactRole};

/// Whose sessions to look for: everything that may lead to the contact's people, surest first. That is what
/// was linked to the contact itself, its id on the site, its e-mail (which nobody verified).
///
/// A lead's `external_id` is Intercom's visitor id, a user's is the site's own. Unsaid, it may be either.
pub(crate) fn query(contact: &RequestContact) -> ContactQuery {
    let id = contact.id.as_deref();
    ContactQuery {
        contact: id.and_then(|id| ContactId::parse(id).ok()),
        role: match contact.role {
            Role::User => Some(ContactRole::User),
            Role::Lead => Some(ContactRole::Lead),
            Role::Unknown => None,
        },
        aliases: identifiers(contact),
        conversation: None,
    }
}

/// Those of the contact's aliases that a recorder may have seen as well. Without any, nobody can be matched.
pub(crate) fn identifiers(contact: &RequestContact) -> Vec<Alias> {
    let external_id = contact.external_id.as_deref();
    let user_id = external_id.filter(|_| contact.role != Role::Lead);
    let visitor_id = external_id.filter(|_| contact.role != Role::User);
    [
        user_id.and_then(|id| Alias::user_id(id).ok()),
        visitor_id.and_then(|id| Alias::visitor_id(id).ok()),
        contact
            .email
            .as_deref()
            .and_then(|email| Alias::email(email).ok()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use identity::AliasKind::{self, Email, UserId, VisitorId};

    use super::*;

    fn kinds(contact: &RequestContact) -> Vec<AliasKind> {
        identifiers(contact).iter().map(Alias::kind).collect()
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn the_role_says_what_an_external_id_means() {
        let contact = |role| RequestContact {
            id: text("c1"),
            external_id: text("25"),
            email: text("a@b.c"),
            role,
            name: None,
        };
        assert_eq!(kinds(&contact(Role::User)), [UserId, Email]);
        assert_eq!(kinds(&contact(Role::Lead)), [VisitorId, Email]);
        assert_eq!(kinds(&contact(Role::Unknown)), [UserId, VisitorId, Email]);
        assert_eq!(query(&contact(Role::Lead)).role, Some(ContactRole::Lead));
        assert_eq!(query(&contact(Role::Unknown)).role, None);
    }

    #[test]
    fn what_is_missing_or_malformed_is_left_out() {
        let thin = RequestContact {
            id: text("c1"),
            email: text("no address"),
            ..RequestContact::default()
        };
        assert!(kinds(&thin).is_empty());
        assert_eq!(query(&thin).contact, ContactId::parse("c1").ok());
        assert_eq!(query(&RequestContact::default()).contact, None);
    }
}
