//! What somebody does with a contact on the Inbox page.

use identity::Alias;
use intercom::fake::{Change, Refused};
use serde::Deserialize;

/// A change as the page asks for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AskedChange {
    /// They give this e-mail address.
    Email(String),
    /// A lead becomes a user with this id at the customer's site.
    SignUp(String),
    /// A lead turns out to be the user with this contact id.
    MergeInto(String),
    /// They are put away.
    Archive,
    /// They are fetched back.
    Unarchive,
    /// They are deleted for good.
    Delete,
}

/// Why nothing has changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotChanged {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Alias(#[from] identity::Error),
}

impl AskedChange {
    /// The change that Intercom makes, with aliases as it keeps them.
    pub(super) fn parse(self) -> Result<Change, identity::Error> {
        Ok(match self {
            Self::Email(email) => Change::Email(Alias::email(&email)?.value().to_owned()),
            Self::SignUp(user_id) => Change::SignUp(Alias::user_id(&user_id)?.value().to_owned()),
            Self::MergeInto(user) => Change::MergeInto(user),
            Self::Archive => Change::Archive,
            Self::Unarchive => Change::Unarchive,
            Self::Delete => Change::Delete,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_alias_changes_nobody() {
        for change in [
            AskedChange::Email("nobody".to_owned()),
            AskedChange::SignUp(String::new()),
        ] {
            assert!(change.clone().parse().is_err(), "{change:?}");
        }
    }
}
