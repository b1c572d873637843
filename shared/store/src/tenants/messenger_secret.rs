//! A secret of the Messenger as an admin pastes it.

use serde::{Deserialize, Serialize};
use table::SecretText;

/// Shortest secret, characters: a shorter one was not copied whole, and could be guessed.
const MIN_CHARS: usize = 8;

/// Longest secret, characters: several times what Intercom's have.
const MAX_CHARS: usize = 256;

/// Where a secret of the Messenger is used: Intercom has one for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessengerPlatform {
    /// Pages in browsers.
    Web,
    /// Apps on iPhones and iPads.
    Ios,
    /// Apps on Android.
    Android,
}

/// A secret of the Messenger to be known from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessengerSecret {
    /// Where it is used.
    pub platform: MessengerPlatform,
    /// The secret itself.
    pub text: SecretText,
}

impl MessengerPlatform {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Web, Self::Ios, Self::Android];

    /// Its name in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Ios => "ios",
            Self::Android => "android",
        }
    }

    /// The platform of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|platform| platform.as_str() == name)
    }
}

impl NewMessengerSecret {
    /// Takes what was pasted, without the blanks around it; `None` when that cannot be a secret.
    #[must_use]
    pub fn parse(platform: MessengerPlatform, pasted: &str) -> Option<Self> {
        let text = pasted.trim();
        let is_secret = (MIN_CHARS..=MAX_CHARS).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_secret.then(|| Self {
            platform,
            text: SecretText::new(text),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_copied_whole_is_no_secret() {
        for (pasted, is_secret) in [
            ("messenger_secret", true),
            (" messenger_secret\n", true),
            ("messeng", false),
            ("messenger secret", false),
            ("", false),
            ("messenger_sécret", false),
            (&"s".repeat(257), false),
        ] {
            let secret = NewMessengerSecret::parse(MessengerPlatform::Web, pasted);
            assert_eq!(secret.is_some(), is_secret, "{pasted}");
        }
    }

    #[test]
    fn every_platform_is_found_by_its_name() {
        for platform in MessengerPlatform::ALL {
            assert_eq!(
                MessengerPlatform::from_name(platform.as_str()),
                Some(platform)
            );
        }
        assert_eq!(MessengerPlatform::from_name("Web"), None);
    }
}
