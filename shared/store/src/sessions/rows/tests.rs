use super::*;

#[test]
fn keys_are_spelled_as_their_rows_say() {
    let owner = OrganizationId::parse("org_a").unwrap();
    let person = PersonId::parse("p_1").unwrap();
    let session = SessionId::parse("s1").unwrap();
    let link = ShareId::from_random([7; 16]);
    let now = Timestamp::UNIX_EPOCH;
    for (row, key) in [
        (META, meta(&owner, &session)),
        (CHUNK, chunk(&owner, &session, 7)),
        (PERSON_SESSION, listed_session(&owner, &person, 7, &session)),
        (PERSON_UNLISTED, unlisted_session(&owner, &person, &session)),
        (DAY_SESSION, indexed_session(&owner, 7, &session)),
        (ACTIVE_SESSION, active_session(&owner, 7, &session)),
        (ACTIVE_PAGE, active_page(&owner, 7, "5d", &session)),
        (BEGUN, begun(7, 1, &owner, &session)),
        (SHARE_LINK, share(&link)),
        (MADE_LINK, share_of(&owner, now, &link)),
    ] {
        assert!(row.spells(&key), "{row:?} {key:?}");
    }
    for (row, prefix) in [
        (CHUNK, CHUNK_PREFIX),
        (PERSON_SESSION, SESSION_PREFIX),
        (PERSON_UNLISTED, UNLISTED_PREFIX),
        (DAY_SESSION, SESSION_PREFIX),
        (MADE_LINK, SHARE_PREFIX),
    ] {
        assert_eq!(row.prefix(), prefix);
    }
}

#[test]
fn what_a_key_was_made_of_is_read_back_from_it() {
    let owner = OrganizationId::parse("org_a").unwrap();
    let person = PersonId::parse("p_1").unwrap();
    let session = SessionId::parse("s1").unwrap();
    for key in [
        listed_session(&owner, &person, 7, &session),
        unlisted_session(&owner, &person, &session),
        indexed_session(&owner, 7, &session),
    ] {
        assert_eq!(parse_session(&key.sort), Some(session.clone()));
    }
    let begun = begun(7, 1, &owner, &session);
    assert_eq!(parse_begun(&begun.sort), Some((owner.clone(), session)));
    let link = ShareId::from_random([7; 16]);
    let made = share_of(&owner, Timestamp::UNIX_EPOCH, &link);
    assert_eq!(parse_share_of(&made.sort), Some(link));
}
