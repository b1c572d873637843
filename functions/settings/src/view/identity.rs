//! What visitors' names are signed with, in an admin's words.

use store::{IdentityKey, IdentitySecrets, MessengerPlatform, MessengerSecret};

use super::PostForm;
use super::dates::Dates;

/// Secrets, the key, and whether names must be signed.
pub(super) struct IdentityCard {
    pub(super) form: PostForm,
    /// The newest first.
    pub(super) secrets: Vec<SecretLine>,
    pub(super) platforms: [(&'static str, &'static str); 3],
    pub(super) key: Option<KeyText>,
    /// Good for a while yet.
    pub(super) ending: Vec<KeyText>,
    /// The key that its form replaces; empty when it makes the first one.
    pub(super) replaces: String,
    pub(super) requires_signatures: bool,
    /// Whether nothing can be signed.
    pub(super) has_none: bool,
}

/// One secret of the Messenger.
pub(super) struct SecretLine {
    /// What its form names.
    pub(super) id: String,
    pub(super) platform: &'static str,
    /// Enough of it to tell it from another.
    pub(super) masked: String,
    pub(super) since: String,
}

/// One key of ours.
pub(super) struct KeyText {
    pub(super) text: String,
    pub(super) since: String,
}

impl IdentityCard {
    pub(super) fn new(
        secrets: &IdentitySecrets,
        requires_signatures: bool,
        dates: &Dates,
        form: PostForm,
    ) -> Self {
        let current = secrets.keys.iter().find(|key| key.expires_at.is_none());
        let ending = secrets.keys.iter().filter(|key| key.expires_at.is_some());
        let lines = secrets.messenger.iter();
        Self {
            form,
            secrets: lines.map(|secret| SecretLine::new(secret, dates)).collect(),
            platforms: MessengerPlatform::ALL.map(|platform| (platform.as_str(), name(platform))),
            key: current.map(|key| KeyText {
                text: key.text.expose().to_owned(),
                since: format!("Made on {}", dates.write(key.created_at)),
            }),
            ending: ending.map(|key| KeyText::ending(key, dates)).collect(),
            replaces: current.map(|key| key.id.clone()).unwrap_or_default(),
            requires_signatures,
            has_none: secrets.is_empty(),
        }
    }
}

impl SecretLine {
    fn new(secret: &MessengerSecret, dates: &Dates) -> Self {
        Self {
            id: secret.id.clone(),
            platform: name(secret.platform),
            masked: format!("••••••••{}", secret.last4()),
            since: format!("Added on {}", dates.write(secret.created_at)),
        }
    }
}

impl KeyText {
    fn ending(key: &IdentityKey, dates: &Dates) -> Self {
        let at = key.expires_at.map(|at| dates.write(at));
        Self {
            text: format!("••••••••{}", key.last4()),
            since: format!("stops working on {}", at.unwrap_or_default()),
        }
    }
}

fn name(platform: MessengerPlatform) -> &'static str {
    match platform {
        MessengerPlatform::Web => "Web",
        MessengerPlatform::Ios => "iOS",
        MessengerPlatform::Android => "Android",
    }
}
