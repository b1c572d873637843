//! Identifiers as types: once parsed, a value is well-formed wherever it goes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AliasHash, Error};

/// Declares a newtype over `String` whose only way in is `parse`.
macro_rules! identifier {
    ($(#[$doc:meta])* $type:ident, $name:literal, $rule:literal, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            #[doc = concat!("Takes `text` if it is ", $rule, ".")]
            ///
            /// # Errors
            /// [`Error::Malformed`] otherwise.
            pub fn parse(text: &str) -> Result<Self, Error> {
                let accepts: fn(&str) -> bool = $accepts;
                if accepts(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(Error::Malformed { name: $name, rule: $rule })
                }
            }

            /// The text that was parsed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(id: $type) -> String {
                id.0
            }
        }
    };
}

identifier!(
    /// The tenant: the company whose site is recorded. Every row and object belongs to one.
    OrganizationId, "organization", "1 to 72 characters of A-Z a-z 0-9 _ -",
    |text| has_form(text, 72, is_word)
);

identifier!(
    /// An Intercom workspace (`app_id` = `id_code` = `workspace_id`).
    WorkspaceId, "workspace", "1 to 64 characters of A-Z a-z 0-9 _ -",
    |text| has_form(text, 64, is_word)
);

identifier!(
    /// One recorded session, named by its recorder.
    SessionId, "session_id", "1 to 128 characters of A-Z a-z 0-9 . _ : -, not only dots",
    // `.` and `..` stand for other places in every address.
    |text| has_form(text, 128, |c| is_word(c) || matches!(c, '.' | ':')) && text.contains(|c| c != '.')
);

identifier!(
    /// Where an organization's tracked events come from.
    SourceId, "source_id", "1 to 64 characters of A-Z a-z 0-9 _ -",
    |text| has_form(text, 64, is_word)
);

identifier!(
    /// Somebody recorded. Made by [`crate::OrganizationKey`] of what is said, never chosen by a client.
    PersonId, "person", "1 to 64 characters of A-Z a-z 0-9 _ -",
    |text| has_form(text, 64, is_word)
);

identifier!(
    /// A contact of one Intercom workspace. Opaque: Intercom has changed its form before.
    ContactId, "contact", "1 to 128 characters, none of them a control character",
    |text| has_form(text, 128, |c| !c.is_control())
);

identifier!(
    /// A conversation of one Intercom workspace.
    ConversationId, "conversation", "1 to 128 characters, none of them a control character",
    |text| has_form(text, 128, |c| !c.is_control())
);

identifier!(
    /// A notification of one Intercom workspace: a repeated delivery has the same.
    NotificationId, "notification", "1 to 128 characters of A-Z a-z 0-9 . _ : -",
    |text| has_form(text, 128, |c| is_word(c) || matches!(c, '.' | ':'))
);

impl OrganizationId {
    /// The organization that a first install makes: it takes its id from the workspace.
    ///
    /// So whoever knows only a workspace can guess its organization before reading the connection, and be
    /// right unless the organization has connected a second workspace.
    #[must_use]
    pub fn of_first_workspace(workspace: &WorkspaceId) -> Self {
        Self(format!("org_{workspace}"))
    }

    /// The workspace whose first install may have made the organization. Whether it did, and is the
    /// organization's still, says the connection.
    #[must_use]
    pub fn first_workspace(&self) -> Option<WorkspaceId> {
        WorkspaceId::parse(self.0.strip_prefix("org_")?).ok()
    }
}

impl SourceId {
    /// The browser source that every organization has: its sites, with the recorder's write key.
    #[must_use]
    pub fn site() -> Self {
        Self("site".to_owned())
    }

    /// Whether it is [`Self::site`].
    #[must_use]
    pub fn is_site(&self) -> bool {
        self.0 == "site"
    }

    /// An id made of bytes of a cryptographic generator.
    #[must_use]
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(format!("src_{}", hex::encode(bytes)))
    }
}

impl PersonId {
    /// The id for a digest: its first 128 bits, which do not collide by accident.
    pub(crate) fn of_digest(standing: Standing, digest: [u8; 32]) -> Self {
        let digits = hex::encode(&digest[..16]);
        Self(format!("{}{digits}", standing.prefix()))
    }

    /// What is known of the names by which it is found.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let all = [
            Standing::Verified,
            Standing::Claimed,
            Standing::ClaimedEmail,
        ];
        let mut all = all.into_iter();
        all.find(|standing| self.0.starts_with(standing.prefix()))
            .unwrap_or(Standing::Unnamed)
    }

    /// Whether it is spelled as those that stand for a digest: nobody writes one by chance.
    #[must_use]
    pub fn is_of_digest(&self) -> bool {
        let digits = self.0.rsplit_once('_').map(|(_, digits)| digits);
        digits.is_some_and(|digits| digits.len() == 32 && hex::decode(digits).is_ok())
    }

    /// Whether somebody who may has said whose the sessions are.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.standing() == Standing::Verified
    }
}

/// What is known of the names of somebody who owns sessions.
///
/// It stands in the id, so that whoever meets the id knows it without reading more. Verified people, claims
/// and browsers own different lists: so what anybody may say is in nobody's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The names were said with a secret key, or signed by the organization.
    Verified,
    /// Anybody may have said the names; a user id is among them.
    Claimed,
    /// The same, of e-mail addresses alone.
    ClaimedEmail,
    /// Nobody has said a name: a browser. Also everybody of whom names were said before claims were told
    /// from what is verified.
    Unnamed,
}

impl Standing {
    /// Begins the ids.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Verified => "v_",
            Self::Claimed => "u_",
            Self::ClaimedEmail => "m_",
            Self::Unnamed => "p_",
        }
    }
}

fn has_form(text: &str, longest: usize, accepts: fn(char) -> bool) -> bool {
    // Bytes first: counting the characters of a megabyte of hostile text is work for nothing.
    !text.is_empty()
        && text.len() <= 4 * longest
        && text.chars().count() <= longest
        && text.chars().all(accepts)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Begins the id of every stand-in, and of nobody recorded.
const STAND_IN: &str = "c_";

impl PersonId {
    /// Who stands for a contact among people, so that its aliases are of one cluster before anybody was
    /// recorded with them. A stand-in never owns a session: a list of sessions leaves it out. `contact`: hash
    /// of the alias that the contact is.
    #[must_use]
    pub fn stand_in(contact: &AliasHash) -> Self {
        // 128 bits of the hash, as people have.
        let digits: String = contact.as_str().chars().take(32).collect();
        Self(format!("{STAND_IN}{digits}"))
    }

    /// Whether it stands for a contact.
    #[must_use]
    pub fn is_stand_in(&self) -> bool {
        self.0.starts_with(STAND_IN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_text_becomes_an_id() {
        let long = "x".repeat(129);
        for (text, accepted) in [
            ("s-1", true),
            ("2026-11-20T10:15:02.123Z", true),
            (&long[..128], true),
            (&long, false),
            ("", false),
            (".", false),
            ("..", false),
            ("a..b", true),
            ("a/b", false),
            ("a#b", false),
            ("ä", false),
            ("a\nb", false),
        ] {
            assert_eq!(SessionId::parse(text).is_ok(), accepted, "{text:?}");
        }
    }

    #[test]
    fn the_longest_workspace_still_names_an_organization() {
        let workspace = WorkspaceId::parse(&"w".repeat(64)).unwrap();
        let organization = OrganizationId::of_first_workspace(&workspace);
        assert_eq!(
            OrganizationId::parse(organization.as_str()),
            Ok(organization)
        );
    }

    #[test]
    fn a_digest_names_a_person() {
        for standing in [
            Standing::Verified,
            Standing::Claimed,
            Standing::ClaimedEmail,
            Standing::Unnamed,
        ] {
            let person = PersonId::of_digest(standing, [0xab; 32]);
            assert_eq!(person.standing(), standing);
            assert!(!person.is_stand_in() && person.is_of_digest());
            assert_eq!(PersonId::parse(person.as_str()), Ok(person));
        }
    }

    #[test]
    fn deserializing_parses() {
        let parse = |text| SessionId::try_from(String::from(text));
        assert!(parse("fine").is_ok());
        assert_eq!(
            parse("no spaces"),
            Err(Error::Malformed {
                name: "session_id",
                rule: "1 to 128 characters of A-Z a-z 0-9 . _ : -, not only dots"
            })
        );
    }
}
