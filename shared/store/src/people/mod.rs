//! People, their aliases, and what Intercom says of contacts.

mod began_in;
pub(crate) mod clusters;
pub(crate) mod contact_lookup;
pub(crate) mod contact_row;
pub(crate) mod contacts;
pub(crate) mod conversations;
pub(crate) mod find_contact;
pub(crate) mod links;
pub(crate) mod page_cipher;
pub(crate) mod projection;
pub(crate) mod rows;
pub(crate) mod said;
pub(crate) mod suggestions;

use crate::scope::Scope;

/// What Intercom says of an organization's contacts.
#[derive(Debug, Clone, Copy)]
pub struct Contacts<'a> {
    scope: Scope<'a>,
}

impl<'a> Contacts<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}

/// People of an organization that are one person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clusters<'a> {
    scope: Scope<'a>,
}

impl<'a> Clusters<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}
