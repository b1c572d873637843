//! Intercom's contact as the aliases that our store knows.

use identity::{Alias, ContactId, WorkspaceId};
use intercom::request::{Contact, Role};

/// Everything that may lead to the contact's people, surest first: what we linked to the contact itself, its id on
/// the site, its e-mail (which nobody verified).
///
/// A lead's `external_id` is Intercom's visitor id, a user's is the site's own. Unsaid, it may be either.
pub(crate) fn aliases(workspace: &WorkspaceId, contact: &Contact) -> Vec<Alias> {
    let linked = contact
        .id
        .as_deref()
        .and_then(|id| ContactId::parse(id).ok());
    let linked = linked.map(|id| Alias::contact(workspace, &id));
    linked.into_iter().chain(identifiers(contact)).collect()
}

/// Those of the contact's aliases that a recorder may have seen as well. Without any, nobody can be matched.
pub(crate) fn identifiers(contact: &Contact) -> Vec<Alias> {
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
    use identity::AliasKind::{self, ContactId as Linked, Email, UserId, VisitorId};

    use super::*;

    fn kinds(contact: &Contact) -> Vec<AliasKind> {
        let workspace = WorkspaceId::parse("local").unwrap();
        aliases(&workspace, contact)
            .iter()
            .map(Alias::kind)
            .collect()
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn the_role_says_what_an_external_id_means() {
        let contact = |role| Contact {
            id: text("c1"),
            external_id: text("25"),
            email: text("a@b.c"),
            role,
            name: None,
        };
        assert_eq!(kinds(&contact(Role::User)), [Linked, UserId, Email]);
        assert_eq!(kinds(&contact(Role::Lead)), [Linked, VisitorId, Email]);
        assert_eq!(
            kinds(&contact(Role::Unknown)),
            [Linked, UserId, VisitorId, Email]
        );
    }

    #[test]
    fn what_is_missing_or_malformed_is_left_out() {
        let thin = Contact {
            id: text("c1"),
            email: text("no address"),
            ..Contact::default()
        };
        assert_eq!(kinds(&thin), [Linked]);
        assert!(identifiers(&thin).is_empty());
        assert!(kinds(&Contact::default()).is_empty());
    }
}
