//! Where Intercom keeps a workspace.

/// The region that hosts a workspace, and with it the hosts that serve it ([`crate::Hosts`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Region {
    /// The United States; also whatever Intercom may name that we do not know, because its hosts route a call
    /// to the region that the token belongs to.
    #[default]
    Us,
    /// The European Union.
    Eu,
    /// Australia.
    Au,
}

impl Region {
    /// Reads a region as `/me` and canvas requests name it (`US`, `EU` or `Europe`, `AU` or `Australia`, in
    /// any case).
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "eu" | "europe" => Self::Eu,
            "au" | "australia" => Self::Au,
            _ => Self::Us,
        }
    }

    /// Its short name, which [`Region::parse`] reads back.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Eu => "EU",
            Self::Au => "AU",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_understood_and_an_unknown_one_is_routed_by_the_us() {
        let cases = [
            ("US", Region::Us),
            ("us", Region::Us),
            ("EU", Region::Eu),
            (" Europe ", Region::Eu),
            ("au", Region::Au),
            ("AUSTRALIA", Region::Au),
            ("Mars", Region::Us),
            ("", Region::Us),
        ];
        for (name, region) in cases {
            assert_eq!(Region::parse(name), region, "{name}");
        }
    }

    #[test]
    fn a_stored_region_is_read_back() {
        for region in [Region::Us, Region::Eu, Region::Au] {
            assert_eq!(Region::parse(region.as_str()), region);
        }
    }
}
