//! What somebody says of whose session it is, and who said it.

use identity::Alias;

/// Aliases that are said to be a session's visitor's.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identification {
    /// Said with a secret key, or covered by a signature of the organization.
    pub verified: Vec<Alias>,
    /// Said by whoever has the public write key: a claim finds the session, and joins nobody with anybody.
    pub claimed: Vec<Alias>,
    /// Whether it is verified by a signature. That proves who somebody is, and not whose the session is.
    pub is_signed: bool,
}

impl Identification {
    /// What somebody says whom the organization trusts.
    #[must_use]
    pub fn verified(aliases: &[Alias]) -> Self {
        Self {
            verified: aliases.to_vec(),
            ..Self::default()
        }
    }

    /// What anybody may have said.
    #[must_use]
    pub fn claimed(aliases: &[Alias]) -> Self {
        Self {
            claimed: aliases.to_vec(),
            ..Self::default()
        }
    }

    /// The same, each alias once, sorted, and none that is verified among the claims.
    pub(crate) fn normalized(&self) -> Self {
        let sorted = |aliases: &[Alias]| {
            let mut aliases = aliases.to_vec();
            aliases.sort();
            aliases.dedup();
            aliases
        };
        let verified = sorted(&self.verified);
        let mut claimed = sorted(&self.claimed);
        claimed.retain(|alias| !verified.contains(alias));
        Self {
            verified,
            claimed,
            is_signed: self.is_signed,
        }
    }

    /// The same, none of it verified.
    pub(crate) fn demoted(&self) -> Self {
        let aliases: Vec<Alias> = self.all().cloned().collect();
        Self::claimed(&aliases).normalized()
    }

    /// Every alias, the verified ones first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Alias> {
        self.verified.iter().chain(&self.claimed)
    }
}

impl std::fmt::Debug for Identification {
    /// Without the aliases, which are personal data.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Identification")
            .field("verified", &self.verified.len())
            .field("claimed", &self.claimed.len())
            .finish()
    }
}
