//! What is said of a session's visitor, and on whose word.

use identity::Alias;

/// Names of one visitor. No `Debug` of an alias shows its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identification {
    /// Said with the secret key, or signed by the organization.
    pub verified: Vec<Alias>,
    /// Said by somebody who has the public write key, as everybody has.
    pub claimed: Vec<Alias>,
}

impl Identification {
    /// All names, the verified ones first.
    pub fn aliases(&self) -> impl Iterator<Item = &Alias> {
        self.verified.iter().chain(&self.claimed)
    }
}
