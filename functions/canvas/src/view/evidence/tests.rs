//! What is said of whom.

use Reason::{ActiveThen, SameBrowser, SameLanguage, SamePage, SameSystem, SameVersion};

use store::{AliasMatch, ContactState};

use super::*;
use crate::view::testing::{person, possible};

fn texts(evidence: &MatchEvidence) -> Vec<String> {
    let drawn: Vec<_> = evidence
        .notice()
        .into_iter()
        .chain(evidence.matched())
        .collect();
    let drawn = serde_json::to_value(drawn).unwrap();
    let texts = drawn.as_array().unwrap().iter();
    texts
        .map(|text| text["text"].as_str().unwrap().to_owned())
        .collect()
}

fn known(certain: &[AliasKind], unverified: &[&str], conflict: Option<AliasKind>) -> MatchEvidence {
    MatchEvidence {
        certain: certain.to_vec(),
        conflict,
        unverified: unverified.iter().map(|name| person(name)).collect(),
        ..MatchEvidence::default()
    }
}

#[test]
fn it_is_said_how_the_person_was_matched() {
    use AliasKind::{ContactId, Email, UserId, VisitorId};
    for (certain, unverified, conflict, expected) in [
        (
            &[VisitorId][..],
            &[][..],
            None,
            &["Matched by Messenger visitor ID"][..],
        ),
        (&[], &["eve"], None, &["Matched by email, not verified"]),
        (
            &[UserId],
            &["eve"],
            None,
            &["Matched by user ID; some by email, not verified"],
        ),
        (
            &[VisitorId],
            &[],
            Some(UserId),
            &[
                "**Several people used this browser**: these sessions may be any of theirs.",
                "Matched by Messenger visitor ID; recorded with more than one user ID",
            ],
        ),
        (
            &[UserId],
            &[],
            Some(UserId),
            &[
                "**Several people share an email or browser with this user ID**: these sessions may be any of theirs.",
                "Matched by user ID; recorded with more than one user ID",
            ],
        ),
        (
            &[Email],
            &[],
            Some(Email),
            &[
                "**Several people share a browser with this email**: these sessions may be any of theirs.",
                "Matched by email; recorded with more than one email",
            ],
        ),
        (
            &[UserId, Email],
            &[],
            Some(UserId),
            &[
                "**Several people share this email**: these sessions may be any of theirs.",
                "Matched by user ID and email; recorded with more than one user ID",
            ],
        ),
        (
            &[ContactId, Email],
            &[],
            Some(UserId),
            &[
                "**Several people share this email**: these sessions may be any of theirs.",
                "Matched by Intercom contact and email; recorded with more than one user ID",
            ],
        ),
    ] {
        assert_eq!(texts(&known(certain, unverified, conflict)), expected);
    }
}

#[test]
fn the_reasons_of_a_possible_match_are_words() {
    for (reasons, expected) in [
        (
            &[SamePage, SameBrowser][..],
            ": same page at that moment, same browser",
        ),
        (
            &[
                SamePage,
                ActiveThen,
                SameBrowser,
                SameVersion,
                SameSystem,
                SameLanguage,
            ],
            ": same page at that moment, active then, same browser, version, system and language",
        ),
        (&[ActiveThen], ": active then"),
        (&[], ""),
    ] {
        let evidence = MatchEvidence {
            possible: Some(possible("eve", reasons)),
            ..MatchEvidence::default()
        };
        let expected = format!("**Possible match (80%)**{expected}. It may be somebody else’s.");
        assert_eq!(texts(&evidence), [expected]);
    }
}

#[test]
fn each_session_is_marked_by_whose_it_is() {
    let (ada, eve) = (person("ada"), person("eve"));
    let mixed = known(&[AliasKind::UserId], &["eve"], None);
    assert_eq!((mixed.mark(&ada), mixed.note(&ada)), (None, None));
    assert!(mixed.is_telling(&ada));
    assert_eq!(mixed.mark(&eve), Some("unverified email"));
    assert!(!mixed.is_telling(&eve) && mixed.note(&eve).is_some());

    let conflict = known(&[AliasKind::VisitorId], &[], Some(AliasKind::UserId));
    assert_eq!(conflict.mark(&ada), None);
    assert!(!conflict.is_telling(&ada) && conflict.note(&ada).is_some());

    let both = MatchEvidence {
        possible: Some(possible("ada", &[SamePage])),
        ..known(&[], &["ada", "eve"], None)
    };
    assert_eq!(both.mark(&ada), Some("possible match"));
    assert_eq!(both.mark(&eve), Some("unverified email"));
    assert!(!both.is_telling(&ada) && both.note(&ada).is_some());
    assert_eq!(texts(&both).len(), 2);
}

fn lookup(certain: &[&str], unverified: &[&str]) -> ContactLookup {
    let people = |names: &[&str]| names.iter().map(|name| person(name)).collect::<Vec<_>>();
    let found = AliasMatch {
        kind: AliasKind::VisitorId,
        people: people(certain),
    };
    ContactLookup {
        connection: None,
        contact: ContactState {
            presence: None,
            possible: Some(possible("maybe", &[SamePage])),
        },
        matches: [found]
            .into_iter()
            .filter(|found| !found.people.is_empty())
            .collect(),
        claims: Vec::new(),
        exact_claims: BTreeSet::new(),
        shared: BTreeSet::new(),
        unverified: people(unverified),
        conflict: None,
        conversation: None,
    }
}

#[test]
fn a_possible_match_is_shown_only_where_it_is_wanted_and_nothing_is_telling() {
    let wanted = Preferences::default();
    let unwanted = Preferences {
        show_possible_matches: false,
        ..Preferences::default()
    };
    for (preferences, certain, unverified, expected) in [
        (&wanted, &[][..], &[][..], &["maybe"][..]),
        (&wanted, &[], &["eve"], &["maybe", "eve"]),
        (&wanted, &["ada"], &[], &["ada"]),
        (&wanted, &["ada"], &["eve"], &["ada", "eve"]),
        (&unwanted, &[], &[], &[]),
        (&unwanted, &[], &["eve"], &["eve"]),
    ] {
        let (evidence, people) = MatchEvidence::of(&lookup(certain, unverified), preferences);
        let people = people.first.iter().chain(&people.after);
        let names: Vec<&str> = people.map(PersonId::as_str).collect();
        assert_eq!(names, expected);
        assert_eq!(evidence.possible.is_some(), expected.contains(&"maybe"));
    }
}

#[test]
fn only_so_many_people_are_read_and_the_surest_first() {
    let names: Vec<String> = (0..MAX_PEOPLE + 5).map(|n| format!("eve{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (_, people) = MatchEvidence::of(&lookup(&[], &names), &Preferences::default());
    assert_eq!(people.first.len(), MAX_PEOPLE);
    assert_eq!(people.first[0], person("maybe"));
}

#[test]
fn a_claim_is_said_to_be_one_and_tells_only_where_nothing_is_certain() {
    let (fake, shared) = (person("fake"), person("shared"));
    let claimed = |certain: &[AliasKind]| MatchEvidence {
        is_verified: !certain.is_empty(),
        claimed: vec![AliasKind::UserId, AliasKind::Email],
        claimants: vec![fake.clone(), shared.clone()],
        shared: BTreeSet::from([shared.clone()]),
        ..known(certain, &[], None)
    };
    let alone = claimed(&[]);
    assert_eq!(
        texts(&alone),
        ["Matched by user ID and email, not verified"]
    );
    assert_eq!(alone.mark(&fake), Some("not verified"));
    assert_eq!(alone.mark(&shared), Some("shared browser"));
    assert!(alone.note(&fake).is_some() && alone.note(&shared).is_some());
    assert!(alone.is_telling(&fake) && !alone.is_telling(&shared));

    let beside = claimed(&[AliasKind::UserId]);
    let expected = "Matched by user ID; some by user ID and email, not verified";
    assert_eq!(texts(&beside), [expected]);
    assert!(!beside.is_telling(&fake) && beside.is_telling(&person("ada")));
}

#[test]
fn what_is_claimed_comes_after_what_is_certain_and_does_not_hide_a_possible_match() {
    let claims = vec![AliasMatch {
        kind: AliasKind::UserId,
        people: vec![person("fake")],
    }];
    let wanted = Preferences::default();
    let with = |certain: &[&str]| ContactLookup {
        claims: claims.clone(),
        ..lookup(certain, &["eve"])
    };
    let (evidence, people) = MatchEvidence::of(&with(&["v_ada"]), &wanted);
    assert_eq!(people.first, [person("v_ada")]);
    assert_eq!(people.after, [person("fake"), person("eve")]);
    assert_eq!(evidence.possible, None);
    // Of a browser nobody has said whose it is.
    let (_, people) = MatchEvidence::of(&with(&["p_b"]), &wanted);
    assert_eq!(people.first, ["p_b", "fake", "eve"].map(person));
    let (evidence, people) = MatchEvidence::of(&with(&[]), &wanted);
    assert_eq!(people.first, ["maybe", "fake", "eve"].map(person));
    assert!(evidence.possible.is_some() && people.after.is_empty());
}
