//! Sessions that this instance has seen, with the highest chunk of each.

use std::collections::HashMap;

use identity::{OrganizationId, SessionId};

/// Sessions of one generation; each takes some 200 bytes, and there are two generations.
const GENERATION: usize = 10_000;

type Name = (OrganizationId, SessionId);

/// Seen lately. When one generation is full the one before it is forgotten: then a session is looked up, or
/// its first chunk counted, once more.
#[derive(Debug, Default)]
pub(crate) struct KnownSessions {
    young: HashMap<Name, u32>,
    old: HashMap<Name, u32>,
}

impl KnownSessions {
    /// The highest chunk that is known of a session; `None` for one that was not seen.
    pub(crate) fn highest(
        &self,
        organization: &OrganizationId,
        session: &SessionId,
    ) -> Option<u32> {
        let name = (organization.clone(), session.clone());
        self.young
            .get(&name)
            .or_else(|| self.old.get(&name))
            .copied()
    }

    /// Remembers a session, and that it has this chunk.
    pub(crate) fn remember(
        &mut self,
        organization: &OrganizationId,
        session: &SessionId,
        seq: u32,
    ) {
        let highest = self.highest(organization, session).unwrap_or(0).max(seq);
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        let name = (organization.clone(), session.clone());
        self.young.insert(name, highest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_memory_is_bounded() {
        let owner = OrganizationId::parse("org_a").unwrap();
        let session = |number: usize| SessionId::parse(&format!("s-{number}")).unwrap();
        let mut known = KnownSessions::default();
        known.remember(&owner, &session(0), 7);
        for number in 1..5 * GENERATION {
            known.remember(&owner, &session(number), 0);
            if number % (GENERATION / 2) == 0 {
                known.remember(&owner, &session(0), 3);
            }
            assert!(known.young.len() + known.old.len() <= 2 * GENERATION);
        }
        assert_eq!(known.highest(&owner, &session(0)), Some(7));
        assert_eq!(known.highest(&owner, &session(1)), None);
    }
}
