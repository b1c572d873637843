//! What stands for an alias wherever the alias itself may not be seen.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AliasHash, AliasKind, Error};

/// An alias by its kind and hash, in text `{kind}#{hash}`. Names sort by kind first, the strongest before the
/// others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AliasName {
    /// What kind of alias.
    pub kind: AliasKind,
    /// Which one.
    pub hash: AliasHash,
}

impl AliasName {
    /// The name of an alias of this kind.
    #[must_use]
    pub fn new(kind: AliasKind, hash: &AliasHash) -> Self {
        Self {
            kind,
            hash: hash.clone(),
        }
    }

    /// The name of a user id.
    #[must_use]
    pub fn user_id(hash: &AliasHash) -> Self {
        Self::new(AliasKind::UserId, hash)
    }

    /// The name of an e-mail address.
    #[must_use]
    pub fn email(hash: &AliasHash) -> Self {
        Self::new(AliasKind::Email, hash)
    }

    /// Whether it tells people apart: a user id or an e-mail address does, while two people may share a
    /// browser.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        matches!(self.kind, AliasKind::UserId | AliasKind::Email)
    }

    /// The name that `{kind}#{hash}` spells.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it spells none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let malformed = Error::Malformed {
            name: "alias name",
            rule: "a kind, # and a hash",
        };
        let (kind, hash) = text.split_once('#').ok_or(malformed.clone())?;
        Ok(Self {
            kind: AliasKind::from_name(kind).ok_or(malformed)?,
            hash: AliasHash::parse(hash)?,
        })
    }
}

impl fmt::Display for AliasName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", self.kind, self.hash)
    }
}

impl TryFrom<String> for AliasName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<AliasName> for String {
    fn from(name: AliasName) -> Self {
        name.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back_from_its_text_and_nothing_else_is() {
        let hash = AliasHash::parse(&"5d".repeat(32)).unwrap();
        for kind in [AliasKind::UserId, AliasKind::Email, AliasKind::ContactId] {
            let name = AliasName::new(kind, &hash);
            assert_eq!(AliasName::parse(&name.to_string()), Ok(name));
        }
        for text in ["", "email", "email#", "email#5d", &format!("shoe#{hash}")] {
            assert!(AliasName::parse(text).is_err(), "{text}");
        }
    }
}
