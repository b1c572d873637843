//! What an organization signs its visitors' names with: the secrets of its Messenger, and keys of ours.
//!
//! All of them stand in one row, sealed with the organization's encryption key: `record` has that
//! already, and one read gives it everything that a signature may fit.

use jiff::Timestamp;
use table::SecretText;

use crate::tenants::messenger_secret::MessengerPlatform;

/// Most secrets of the Messenger: each platform's, several times over. Every one is tried on a
/// signature.
pub const MAX_MESSENGER_SECRETS: usize = 20;

/// Most identity keys at a time: far more than a rotation needs.
pub const MAX_IDENTITY_KEYS: usize = 10;

/// Everything that a signature may fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentitySecrets {
    /// Of the workspace's Messenger, the newest first.
    pub messenger: Vec<MessengerSecret>,
    /// Of ours: the one that has not been replaced first, of the others the newest first.
    pub keys: Vec<IdentityKey>,
}

/// A secret of the Messenger, which an admin has pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessengerSecret {
    /// By which a form names it.
    pub id: String,
    /// Where it is used.
    pub platform: MessengerPlatform,
    /// The secret itself. No page shows it.
    pub text: SecretText,
    /// When it was pasted.
    pub created_at: Timestamp,
}

/// An identity key of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityKey {
    /// Its name in the API and in forms.
    pub id: String,
    /// The key itself: `rk_identity_…`.
    pub text: SecretText,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `None` for the one that has not been replaced.
    pub expires_at: Option<Timestamp>,
}

impl IdentitySecrets {
    /// Whether there is nothing that a signature could fit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messenger.is_empty() && self.keys.is_empty()
    }

    /// All of them.
    pub fn texts(&self) -> impl Iterator<Item = &SecretText> {
        let messenger = self.messenger.iter().map(|secret| &secret.text);
        messenger.chain(self.keys.iter().map(|key| &key.text))
    }

    /// What to sign with: the newest secret of the Messenger on the web, which the Messenger then takes
    /// as well, else the identity key.
    #[must_use]
    pub fn signing(&self) -> Option<&SecretText> {
        let is_web = |secret: &&MessengerSecret| secret.platform == MessengerPlatform::Web;
        let web = self.messenger.iter().find(is_web);
        web.map(|secret| &secret.text)
            .or_else(|| self.keys.first().map(|key| &key.text))
    }
}

impl MessengerSecret {
    /// Its last four characters, by which people tell secrets apart.
    #[must_use]
    pub fn last4(&self) -> &str {
        last4(&self.text)
    }
}

impl IdentityKey {
    /// Its last four characters.
    #[must_use]
    pub fn last4(&self) -> &str {
        last4(&self.text)
    }
}

/// Secrets are ASCII, and longer than that.
fn last4(text: &SecretText) -> &str {
    let text = text.expose();
    text.get(text.len().saturating_sub(4)..).unwrap_or_default()
}
