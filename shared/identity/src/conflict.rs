//! Several people behind what counts as one.

use std::collections::BTreeSet;

use crate::{AliasKind, AliasName};

/// By which kind of name these identities tell several people apart; `None` while they may all be one
/// person's.
///
/// Those that Intercom knows to be one contact's (`own`) count as one. E-mail addresses tell people apart
/// only where no user id does: people have several.
#[must_use]
pub fn conflict(identities: &BTreeSet<AliasName>, own: &BTreeSet<AliasName>) -> Option<AliasKind> {
    let count = |kind| {
        let (known, others): (Vec<_>, Vec<_>) = identities
            .iter()
            .filter(|identity| identity.kind == kind)
            .partition(|identity| own.contains(*identity));
        others.len() + usize::from(!known.is_empty())
    };
    match (count(AliasKind::UserId), count(AliasKind::Email)) {
        (2.., _) => Some(AliasKind::UserId),
        (0, 2..) => Some(AliasKind::Email),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AliasHash;

    fn user(digit: char) -> AliasName {
        AliasName::user_id(&AliasHash::parse(&digit.to_string().repeat(64)).unwrap())
    }

    fn email(digit: char) -> AliasName {
        AliasName::email(&AliasHash::parse(&digit.to_string().repeat(64)).unwrap())
    }

    #[test]
    fn names_that_cannot_be_one_persons_are_a_conflict() {
        let (user_id, address) = (Some(AliasKind::UserId), Some(AliasKind::Email));
        for (identities, own, expected) in [
            (vec![], vec![], None),
            (vec![user('1'), email('1')], vec![], None),
            (vec![user('1'), user('2')], vec![], user_id),
            (vec![user('1'), email('1'), email('2')], vec![], None),
            (vec![email('1'), email('2')], vec![], address),
            (vec![email('1'), email('2')], vec![email('1')], address),
            (
                vec![email('1'), email('2')],
                vec![email('1'), email('2')],
                None,
            ),
            (vec![user('1'), user('2')], vec![user('1'), user('2')], None),
        ] {
            let sets = (identities.into_iter().collect(), own.into_iter().collect());
            assert_eq!(conflict(&sets.0, &sets.1), expected, "{sets:?}");
        }
    }
}
