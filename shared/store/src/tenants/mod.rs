//! Organizations and their workspaces: keys, connections, tokens, preferences, counts.

pub(crate) mod api_key;
pub(crate) mod connection;
pub(crate) mod connections;
pub(crate) mod counters;
pub(crate) mod ended_sign_ins;
pub(crate) mod handovers;
pub(crate) mod identity_changes;
pub(crate) mod identity_row;
pub(crate) mod identity_secrets;
pub(crate) mod installations;
pub(crate) mod key_rotation;
pub(crate) mod master_key_check;
pub(crate) mod messenger_secret;
pub(crate) mod organizations;
pub(crate) mod origins;
pub(crate) mod place;
pub(crate) mod preference_error;
pub(crate) mod preferences;
pub(crate) mod purposes;
pub(crate) mod quotas;
pub(crate) mod retention;
pub(crate) mod rows;
pub(crate) mod sources;
pub(crate) mod spent_states;
pub(crate) mod sync;
pub(crate) mod tokens;
pub(crate) mod unseal;

use crate::Store;
use crate::scope::Scope;

/// An organization's API keys.
#[derive(Debug, Clone, Copy)]
pub struct ApiKeys<'a> {
    scope: Scope<'a>,
}

impl<'a> ApiKeys<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}

/// Where an organization's tracked events come from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    scope: Scope<'a>,
}

impl<'a> Sources<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}

/// What an organization signs its visitors' names with.
#[derive(Debug, Clone, Copy)]
pub struct IdentityVerification<'a> {
    scope: Scope<'a>,
}

impl<'a> IdentityVerification<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}

/// What arrives at an organization on a day: numbers for people, not for bills.
#[derive(Debug, Clone, Copy)]
pub struct Counters<'a> {
    scope: Scope<'a>,
}

impl<'a> Counters<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}

/// Workspaces' connections, and what lets us call Intercom for them.
#[derive(Debug, Clone, Copy)]
pub struct Connections<'a> {
    store: &'a Store,
}

impl<'a> Connections<'a> {
    pub(crate) fn of(store: &'a Store) -> Self {
        Self { store }
    }
}
