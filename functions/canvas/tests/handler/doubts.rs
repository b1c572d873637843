//! Sessions that may be somebody else's are shown as such, or not at all.

use identity::{Alias, ContactEmail, Statement};
use serde_json::json;

use crate::leads::{email, lead, request_of, shop, visitor};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn whoever_types_somebodys_address_does_not_get_their_history_as_their_own() {
    let (fixture, organization) = shop().await;
    fixture
        .record_session(&organization, "of-ada", &[email(ADA)], 1)
        .await;
    fixture
        .record_session(&organization, "of-lead", &[visitor("1")], 2)
        .await;
    for visitor_id in ["1", "2"] {
        let typed = Statement {
            email: Some(ContactEmail::OfLead(email(ADA))),
            ..lead(&fixture, visitor_id)
        };
        fixture.apply("shop", &typed).await;
    }
    // One who was recorded has sessions of their own, and sees no others.
    let recorded =
        request_of(json!({ "id": "c1", "role": "lead", "external_id": "1", "email": ADA }));
    let canvas = fixture.initialize(&recorded).await;
    assert!(canvas.sessions()[0].ends_with("of-lead") && canvas.sessions().len() == 1);
    assert_eq!(canvas.text(), "", "nothing is in doubt");

    // Of one who was not, the address is all there is to go by.
    let unknown =
        request_of(json!({ "id": "c2", "role": "lead", "external_id": "2", "email": ADA }));
    let list = fixture.initialize(&unknown).await;
    assert!(list.text().ends_with("Matched by email, not verified"));
    let marked = |session: &str| {
        let subtitle = list.subtitle(session);
        subtitle.map(|subtitle| subtitle.contains("unverified email"))
    };
    assert_eq!(marked("of-ada"), Some(true));
    assert_eq!(
        marked("of-lead"),
        Some(true),
        "another lead has typed it as well"
    );

    let of_ada = list.sessions()[0].clone();
    fixture.calls();
    let details = fixture.submit(&unknown, &list, &of_ada).await;
    assert!(
        details
            .text()
            .contains("**Matched by email, not verified**: this session may be somebody else’s.")
    );
    assert_eq!(fixture.calls(), ["BatchGetItem"; 3]);
    let link = details.button("Get a share link").unwrap();
    let link = fixture.submit(&unknown, &details, link).await;
    assert_eq!(link.button("Link to this session"), Some("url"));
    // The lead's own panel never led there, nor does a click that is made up.
    let forged = fixture.submit(&recorded, &list, &of_ada).await;
    assert!(forged.text().starts_with("This session can’t be found."));

    // Ada's own panel shows hers for certain; the lead's are marked.
    let ada = fixture
        .initialize(&request_of(
            json!({ "id": "c9", "role": "user", "email": ADA }),
        ))
        .await;
    assert!(!ada.subtitle("of-ada").unwrap().contains("unverified"));
    assert!(ada.subtitle("of-lead").unwrap().contains("unverified"));
    assert!(
        ada.text()
            .ends_with("Matched by email; some by email, not verified")
    );
}

#[tokio::test]
async fn several_people_at_one_browser_are_a_conflict_and_none_of_them_is_certain() {
    let (fixture, organization) = shop().await;
    for (session, user_id) in [("s0", "ada"), ("s1", "bob")] {
        let aliases = [visitor("1"), Alias::user_id(user_id).unwrap()];
        fixture
            .record_session(&organization, session, &aliases, 1)
            .await;
    }
    let request = request_of(json!({ "id": "c1", "role": "lead", "external_id": "1" }));
    let list = fixture.initialize(&request).await;
    assert_eq!(list.sessions().len(), 2);
    assert_eq!(
        list.text(),
        "**Several people used this browser**: these sessions may be any of theirs.\n\
         Matched by Messenger visitor ID; recorded with more than one user ID"
    );
    let details = fixture.submit(&request, &list, &list.sessions()[0]).await;
    assert!(
        details
            .text()
            .contains("**Several people used this browser**: this session may be any of theirs.")
    );
}

#[tokio::test]
async fn a_possible_match_is_shown_as_one_and_gone_once_the_contact_is_known() {
    let (fixture, organization) = shop().await;
    let browser = Alias::anonymous_id("b-1").unwrap();
    fixture
        .record_session(&organization, "s0", std::slice::from_ref(&browser), 1)
        .await;
    fixture.apply("shop", &lead(&fixture, "1")).await;
    fixture.suggest("shop", "c1", "s0", &browser).await;

    let request = request_of(json!({ "id": "c1", "role": "lead", "external_id": "1" }));
    let list = fixture.initialize(&request).await;
    let notice = "**Possible match (80%)**: same page at that moment, same browser. It may be somebody else’s.";
    assert_eq!(list.text(), notice);
    assert_eq!(
        list.subtitle("s0"),
        Some("Before this conversation · possible match")
    );
    let calls = ["BatchGetItem", "BatchGetItem", "Query", "Query"];
    assert_eq!(fixture.calls(), calls);
    let s0 = list.sessions()[0].clone();
    let details = fixture.submit(&request, &list, &s0).await;
    assert!(details.text().contains(notice));
    assert_eq!(fixture.calls(), ["BatchGetItem"; 3]);

    // Another contact's is nobody else's.
    let other = request_of(json!({ "id": "c2", "role": "lead", "external_id": "2" }));
    let canvas = fixture.submit(&other, &list, &s0).await;
    assert!(canvas.text().starts_with("This session can’t be found."));

    fixture.prefer_possible_matches("shop", false).await;
    let hidden = fixture.initialize(&request).await;
    assert!(hidden.text().starts_with("No sessions found by"));
    let click = fixture.submit(&request, &list, &s0).await;
    assert!(click.text().starts_with("This session can’t be found."));

    fixture.prefer_possible_matches("shop", true).await;
    assert_eq!(fixture.initialize(&request).await, list);
    fixture
        .record_session(&organization, "s1", &[visitor("1")], 2)
        .await;
    let known = fixture.initialize(&request).await;
    assert_eq!(known.sessions().len(), 1);
    assert!(known.subtitle("s1").is_some() && !known.text().contains("Possible"));
}
