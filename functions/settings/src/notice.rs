//! What has just happened, as the next page says it.

/// Travels through a redirect as a word of the address, so that nobody can make the page say anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    Connected,
    Disconnected,
    DisconnectedHereOnly,
    PreferencesSaved,
    WriteKeyReplaced,
    KeyReplacedMeanwhile,
    TooManyKeys,
    SignedOut,
    SignedOutEverywhere,
    SignInEnded,
    HandoverUsed,
    NotRevoked,
    SentAgain,
    SomeNotSent,
    MoreToSend,
    NothingToSend,
    LinkRevoked,
    IdentitySecretAdded,
    IdentitySecretRemoved,
    NoIdentitySecret,
    TooManyIdentitySecrets,
    IdentityKeyMade,
}

impl Notice {
    const ALL: [Self; 22] = [
        Self::Connected,
        Self::Disconnected,
        Self::DisconnectedHereOnly,
        Self::PreferencesSaved,
        Self::WriteKeyReplaced,
        Self::KeyReplacedMeanwhile,
        Self::TooManyKeys,
        Self::SignedOut,
        Self::SignedOutEverywhere,
        Self::SignInEnded,
        Self::HandoverUsed,
        Self::NotRevoked,
        Self::SentAgain,
        Self::SomeNotSent,
        Self::MoreToSend,
        Self::NothingToSend,
        Self::LinkRevoked,
        Self::IdentitySecretAdded,
        Self::IdentitySecretRemoved,
        Self::NoIdentitySecret,
        Self::TooManyIdentitySecrets,
        Self::IdentityKeyMade,
    ];

    /// The notice of a word; a word that is none says nothing.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.word() == word)
    }

    /// Its word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::DisconnectedHereOnly => "disconnected-here-only",
            Self::PreferencesSaved => "preferences-saved",
            Self::WriteKeyReplaced => "write-key-replaced",
            Self::KeyReplacedMeanwhile => "key-replaced-meanwhile",
            Self::TooManyKeys => "too-many-keys",
            Self::SignedOut => "signed-out",
            Self::SignedOutEverywhere => "signed-out-everywhere",
            Self::SignInEnded => "session-ended",
            Self::HandoverUsed => "handover-used",
            Self::NotRevoked => "not-revoked",
            Self::SentAgain => "sent-again",
            Self::SomeNotSent => "some-not-sent",
            Self::MoreToSend => "more-to-send",
            Self::NothingToSend => "nothing-to-send",
            Self::LinkRevoked => "link-revoked",
            Self::IdentitySecretAdded => "identity-secret-added",
            Self::IdentitySecretRemoved => "identity-secret-removed",
            Self::NoIdentitySecret => "no-identity-secret",
            Self::TooManyIdentitySecrets => "too-many-identity-secrets",
            Self::IdentityKeyMade => "identity-key-made",
        }
    }

    /// Its look: a class of the stylesheet.
    pub(crate) fn tone(self) -> &'static str {
        match self {
            Self::NotRevoked
            | Self::TooManyKeys
            | Self::SomeNotSent
            | Self::NoIdentitySecret
            | Self::TooManyIdentitySecrets => "bad",
            Self::DisconnectedHereOnly
            | Self::KeyReplacedMeanwhile
            | Self::MoreToSend
            | Self::NothingToSend
            | Self::SignInEnded
            | Self::HandoverUsed => "warn",
            _ => "good",
        }
    }

    /// What it says.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Connected => "Connected. Teammates can add the app to their Inbox now.",
            Self::Disconnected => {
                "Disconnected. Our access to Intercom is revoked and deleted; your sessions are kept."
            }
            Self::DisconnectedHereOnly => {
                "Disconnected here, and our access is deleted. Intercom did not let us remove the app there: please uninstall it in Intercom's App Store."
            }
            Self::PreferencesSaved => "Preferences saved.",
            Self::WriteKeyReplaced => "New write key. Put it into the tag on your site.",
            Self::KeyReplacedMeanwhile => {
                "That key had been replaced already, so nothing was changed."
            }
            Self::TooManyKeys => {
                "So many keys were replaced today that nothing was changed. Wait until the oldest of them has ended."
            }
            Self::SignedOut => "You are signed out.",
            Self::SignedOutEverywhere => {
                "Everybody is signed out, and links from the panel no longer open."
            }
            Self::SignInEnded => "Your session has ended. Sign in again to go on.",
            Self::HandoverUsed => {
                "That sign-in link was used already or is too old. Sign in again."
            }
            Self::NotRevoked => {
                "Intercom did not answer, so our access could not be revoked and nothing was changed. Please try again in a minute."
            }
            Self::SentAgain => {
                "Sent again. What cannot be processed this time either comes back to this page within some minutes."
            }
            Self::SomeNotSent => {
                "Not all of it could be sent again. What could not is still listed below: please try again in a minute."
            }
            Self::MoreToSend => {
                "The latest hundred are sent again. There are more: send all again once more."
            }
            Self::LinkRevoked => "Link revoked.",
            Self::IdentitySecretAdded => {
                "Secret added. Names that are signed with it are verified from now on."
            }
            Self::IdentitySecretRemoved => {
                "Secret removed. Names that are signed with it are refused within a minute."
            }
            Self::NoIdentitySecret => {
                "That is no secret of Intercom's Messenger, so nothing was changed. Copy all of it, without spaces."
            }
            Self::TooManyIdentitySecrets => {
                "There are so many secrets that nothing was changed. Remove those that you do not use."
            }
            Self::IdentityKeyMade => "New identity key. Sign with it from now on.",
            Self::NothingToSend => "That was sent again already, or is no longer kept.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_is_found_by_its_word_and_by_no_other() {
        for notice in Notice::ALL {
            assert_eq!(Notice::parse(notice.word()), Some(notice));
        }
        assert_eq!(Notice::parse("<script>"), None);
    }
}
