use proptest::prelude::*;

use super::*;

const TOKEN: Purpose = Purpose::new("token");
const WRITE_KEY: Purpose = Purpose::new("write key");
const FIRST_SECRET_KEY: Purpose = Purpose::new("first secret key");

const SECRET: &str = "dG9rOmh1bnRlcjI=";

fn ring() -> KeyRing {
    KeyRing::of_master(&MasterKey::new([3; 32]).unwrap())
}

fn with_place<T>(
    organization: &str,
    workspace: Option<&str>,
    purpose: Purpose,
    then: impl FnOnce(&Place<'_>) -> T,
) -> T {
    let organization = OrganizationId::parse(organization).unwrap();
    let workspace = workspace.map(|id| WorkspaceId::parse(id).unwrap());
    then(&Place {
        purpose,
        organization: &organization,
        workspace: workspace.as_ref(),
    })
}

fn seal(ring: &KeyRing) -> String {
    with_place("org_a", Some("a"), TOKEN, |place| {
        ring.seal(&SecretText::new(SECRET), place).unwrap()
    })
}

fn open(ring: &KeyRing, sealed: &str) -> Result<Opened, Error> {
    with_place("org_a", Some("a"), TOKEN, |place| ring.open(sealed, place))
}

#[test]
fn a_sealed_text_opens_again_and_never_looks_the_same() {
    let sealed = seal(&ring());
    assert!(sealed.starts_with("v1.m1."), "{sealed}");
    let opened = open(&ring(), &sealed).unwrap();
    assert_eq!(opened.text.expose(), SECRET);
    assert!(!opened.is_outdated);
    assert_ne!(sealed, seal(&ring()), "another nonce");
}

#[test]
fn a_sealed_text_opens_only_in_its_place() {
    let sealed = seal(&ring());
    for (organization, workspace, purpose) in [
        ("org_b", Some("a"), TOKEN),
        ("org_a", Some("b"), TOKEN),
        ("org_a", None, TOKEN),
        ("org_a", Some("a"), WRITE_KEY),
        ("org_a", Some("a"), FIRST_SECRET_KEY),
    ] {
        let opened = with_place(organization, workspace, purpose, |place| {
            ring().open(&sealed, place)
        });
        assert!(
            matches!(opened, Err(Error::Corrupt { .. })),
            "{organization} {workspace:?} {purpose:?}"
        );
    }
}

#[test]
fn a_new_key_seals_and_the_old_one_still_opens() {
    let old = seal(&ring());
    let added = ring().with_key("2026-11", [9; 32]).unwrap();
    assert!(
        !open(&added, &old).unwrap().is_outdated,
        "it does not seal yet"
    );
    let rotated = added.sealing_with("2026-11").unwrap();
    assert!(open(&rotated, &old).unwrap().is_outdated);
    let new = seal(&rotated);
    assert!(new.starts_with("v1.2026-11."), "{new}");
    assert!(!open(&rotated, &new).unwrap().is_outdated);
    assert!(matches!(open(&ring(), &new), Err(Error::UnknownKey { id }) if id == "2026-11"));
}

#[test]
fn another_key_of_the_same_id_opens_nothing() {
    let made = |key| {
        let ring = ring().with_key("k", key).unwrap();
        ring.sealing_with("k").unwrap()
    };
    assert!(matches!(
        open(&made([2; 32]), &seal(&made([1; 32]))),
        Err(Error::Corrupt { .. })
    ));
    let renamed = seal(&made([1; 32])).replacen("v1.k.", "v1.l.", 1);
    let same_key = ring().with_key("l", [1; 32]).unwrap();
    assert!(
        open(&same_key, &renamed).is_err(),
        "the id is bound as well"
    );
}

#[test]
fn ids_that_could_not_be_read_back_are_refused() {
    for id in ["", "a.b", "A", "ä", "m1", &"x".repeat(33)] {
        let added = ring().with_key(id, [1; 32]);
        assert_eq!(added.unwrap_err(), KeyRingError::Id, "{id:?}");
    }
    let missing = ring().sealing_with("k");
    assert_eq!(missing.unwrap_err(), KeyRingError::Missing);
}

#[test]
fn neither_ring_nor_text_nor_error_shows_a_secret() {
    let ring = ring().with_key("k", [0x41; 32]).unwrap();
    let text = SecretText::new(SECRET);
    assert_eq!(format!("{text:?}"), "SecretText(redacted)");
    assert_eq!(
        format!("{ring:?}"),
        r#"KeyRing { ids: ["k", "m1"], sealing: "m1" }"#
    );
    let error = open(&ring, &format!("v1.unknown.{SECRET}")).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

proptest! {
    #[test]
    fn whatever_is_changed_it_does_not_open(position in 0_usize..60, replacement in "[ -~]") {
        let sealed = seal(&ring());
        let position = position % sealed.len();
        let mut changed = sealed.clone();
        changed.replace_range(position..=position, &replacement);
        prop_assume!(changed != sealed);
        prop_assert!(open(&ring(), &changed).is_err());
    }

    #[test]
    fn no_text_from_a_row_is_too_strange_to_be_refused(text in "\\PC{0,80}") {
        prop_assert!(open(&ring(), &text).is_err());
    }
}
