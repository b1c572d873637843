//! E-mail addresses that are found by how they begin, or by where they are, though none is stored in clear.
//!
//! Of an address a few beginnings are hashed under the organization's key, as aliases are, and stand beside
//! its session. Who reads the table sees that two addresses begin alike, and how long a short one is; nothing
//! can be tested against it without the key.

use std::collections::BTreeSet;

use crate::OrganizationKey;

/// Fewest characters that can be looked for.
const MIN_CHARS: usize = 3;

/// Most characters of a beginning that is hashed. What is looked for may be longer: then the addresses that
/// begin like its beginning are compared in clear.
const MAX_CHARS: usize = 12;

/// Bytes of a hash that are kept: two beginnings have the same once in 2^40, and then the
/// addresses tell them apart.
const TOKEN_BYTES: usize = 5;

/// What an address is looked for by. Personal data: `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub struct AddressFilter {
    /// How the address begins.
    beginning: Option<String>,
    /// How what follows its `@` begins.
    domain: Option<String>,
}

impl AddressFilter {
    /// Takes what somebody wrote: `ada`, `ada@exam`, `@example.com`; what may be a domain is looked for as
    /// one too. `None` for what can be no part of an address, or is shorter than three characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let fits = |text: &str| {
            text.chars().count() >= MIN_CHARS
                && text.len() <= crate::alias::LONGEST_EMAIL
                && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        };
        let (beginning, domain) = match text.strip_prefix('@') {
            Some(domain) => (None, Some(domain.to_owned())),
            None if text.contains('.') && !text.contains('@') => (Some(text.clone()), Some(text)),
            None => (Some(text), None),
        };
        let filter = Self {
            beginning: beginning.filter(|text| fits(text)),
            domain: domain.filter(|text| fits(text)),
        };
        (filter.beginning.is_some() || filter.domain.is_some()).then_some(filter)
    }

    /// Whether an address in its normal form is one of those.
    #[must_use]
    pub fn matches(&self, address: &str) -> bool {
        let begins = |wanted: &Option<String>, text: &str| {
            let wanted = wanted.as_deref();
            wanted.is_some_and(|wanted| text.starts_with(wanted))
        };
        begins(&self.beginning, address) || begins(&self.domain, domain_of(address))
    }
}

impl std::fmt::Debug for AddressFilter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AddressFilter(..)")
    }
}

/// Which part of an address a beginning is of.
#[derive(Clone, Copy)]
enum Part {
    Address,
    Domain,
}

impl OrganizationKey {
    /// What stands beside a session for an address in its normal form: at most twenty short texts.
    #[must_use]
    pub fn address_tokens(&self, address: &str) -> BTreeSet<String> {
        let mut tokens = BTreeSet::new();
        for (part, text) in [(Part::Address, address), (Part::Domain, domain_of(address))] {
            let length = text.chars().count().min(MAX_CHARS);
            for chars in MIN_CHARS..=length {
                tokens.insert(self.token(part, text, chars));
            }
        }
        tokens
    }

    /// What stands beside the sessions of all addresses that are looked for, and perhaps of some others: one
    /// of these.
    #[must_use]
    pub fn wanted_tokens(&self, filter: &AddressFilter) -> BTreeSet<String> {
        let of = |part, text: &Option<String>| {
            let text = text.as_deref();
            text.map(|text| self.token(part, text, MAX_CHARS))
        };
        let beginning = of(Part::Address, &filter.beginning);
        let domain = of(Part::Domain, &filter.domain);
        beginning.into_iter().chain(domain).collect()
    }

    fn token(&self, part: Part, text: &str, chars: usize) -> String {
        let kind = match part {
            Part::Address => "beginning of an address",
            Part::Domain => "beginning of a domain",
        };
        let beginning: String = text.chars().take(chars).collect();
        let hash = self.hash_text(kind, &beginning);
        hex::encode(&hash[..TOKEN_BYTES])
    }
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{MasterKey, OrganizationId};

    fn key(organization: &str) -> OrganizationKey {
        let organization = OrganizationId::parse(organization).unwrap();
        MasterKey::new([7; 32]).unwrap().organization(&organization)
    }

    fn is_found(text: &str, address: &str) -> bool {
        let key = key("org_a");
        let filter = AddressFilter::parse(text).unwrap();
        let wanted = key.wanted_tokens(&filter);
        let is_candidate = !wanted.is_disjoint(&key.address_tokens(address));
        assert!(is_candidate || !filter.matches(address), "{text} {address}");
        is_candidate && filter.matches(address)
    }

    #[test]
    fn an_address_is_found_by_its_beginning_and_by_its_domain() {
        let ada = "ada.whitfield@mail.example.com";
        for (text, found) in [
            ("ada", true),
            (" ADA.whit ", true),
            ("ada.whitfield", true),
            ("ada.whitfield@mail.exam", true),
            (ada, true),
            ("@mail", true),
            ("@mail.example.com", true),
            ("mail.example", true),
            ("whitfield", false),
            ("ada.whitfielt", false),
            ("ada.whitfield@mail.exan", false),
            ("@mail.example.org", false),
            ("@example.com", false),
        ] {
            assert_eq!(is_found(text, ada), found, "{text}");
        }
        assert!(is_found("al@", "al@x.io") && is_found("@x.io", "al@x.io"));
    }

    #[test]
    fn what_is_too_short_or_no_part_of_an_address_is_not_looked_for() {
        for text in ["", "ad", "@", "@ab", "ada lovelace", &"a".repeat(300)] {
            assert_eq!(AddressFilter::parse(text), None, "{text}");
        }
    }

    #[test]
    fn tokens_say_nothing_to_another_organization_and_are_few() {
        let address = "ada.whitfield@mail.example.com";
        let (one, other) = (key("org_a"), key("org_b"));
        let tokens = one.address_tokens(address);
        assert!(tokens.is_disjoint(&other.address_tokens(address)));
        assert_eq!(tokens.len(), 20);
        assert!(tokens.iter().all(|token| token.len() == 10));
    }

    proptest! {
        #[test]
        fn every_beginning_of_an_address_finds_it(address in "[a-zäß.]{1,20}@[a-zé.]{1,20}", chars in 3_usize..45) {
            let beginning: String = address.chars().take(chars).collect();
            if beginning.chars().count() >= 3 {
                prop_assert!(is_found(&beginning, &address));
            }
        }
    }
}
