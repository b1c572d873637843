//! People, their aliases, and what Intercom says of contacts.

pub(crate) mod alias_row;
pub(crate) mod cluster;
pub(crate) mod conflict;
pub(crate) mod contact_facts;
pub(crate) mod contact_lookup;
pub(crate) mod contact_row;
pub(crate) mod contacts;
pub(crate) mod conversations;
pub(crate) mod find_contact;
pub(crate) mod links;
pub(crate) mod page_cipher;
pub(crate) mod projection;
pub(crate) mod rows;
pub(crate) mod suggestions;
