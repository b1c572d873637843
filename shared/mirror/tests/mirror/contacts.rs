//! Contacts: found by the names that they have now.

use identity::Alias;
use mirror::{Absence, Contact};

use crate::fixture::{Fixture, KEPT, as_of, at, company, contact};

async fn found(fixture: &Fixture, alias: &Alias) -> Vec<String> {
    let here = fixture.here();
    let found = here.contacts().find(alias, at(99)).await.unwrap();
    found.into_iter().map(|contact| contact.id).collect()
}

#[tokio::test]
async fn a_contact_is_found_by_the_names_that_it_has_now() {
    let (old, new) = (
        Alias::email("old@b.example").unwrap(),
        Alias::email("New@B.example").unwrap(),
    );
    for order in [[1, 2], [2, 1]] {
        let fixture = Fixture::start().await;
        let here = fixture.here();
        for minutes in order {
            let email = ["old@b.example", "new@b.example"][usize::from(minutes == 2)];
            let said = contact("c1", email, minutes);
            let contacts = here.contacts();
            contacts.put(&said, as_of(minutes), at(9)).await.unwrap();
        }
        assert!(found(&fixture, &old).await.is_empty(), "{order:?}");
        assert_eq!(found(&fixture, &new).await, ["c1"]);
        let id = Alias::user_id("user-c1").unwrap();
        assert_eq!(found(&fixture, &id).await, ["c1"]);
    }
}

#[tokio::test]
async fn of_several_with_one_address_users_come_first_and_whoever_was_seen_last() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    for (id, minutes, is_user) in [("c1", 1, true), ("c2", 2, true), ("c3", 3, false)] {
        let said = Contact {
            is_user,
            ..contact(id, "shared@b.example", minutes)
        };
        let contacts = here.contacts();
        contacts.put(&said, as_of(minutes), at(9)).await.unwrap();
    }
    let shared = Alias::email("shared@b.example").unwrap();
    assert_eq!(found(&fixture, &shared).await, ["c2", "c1", "c3"]);
}

#[tokio::test]
async fn whoever_is_gone_is_not_found_and_belongs_nowhere() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let said = company("1", "One", 1);
    here.companies().put(&said, as_of(1), KEPT).await.unwrap();
    let said = contact("c1", "a@b.example", 1);
    here.contacts().put(&said, as_of(1), at(9)).await.unwrap();
    let belongs = here.memberships();
    belongs
        .set(("c1", "1"), true, as_of(1), at(9))
        .await
        .unwrap();
    let (people, total) = belongs.of_company("1", (0, 9), at(9)).await.unwrap();
    assert_eq!((people[0].contact.id.as_str(), total), ("c1", 1));

    let contacts = here.contacts();
    contacts
        .take_away("c1", as_of(2), Absence::Deleted, at(9))
        .await
        .unwrap();
    assert!(contacts.get("c1", at(9)).await.unwrap().is_none());
    let alias = Alias::email("a@b.example").unwrap();
    assert!(found(&fixture, &alias).await.is_empty());
    assert!(contacts.ids_after(None, 9).await.unwrap().is_empty());
    let (people, total) = belongs.of_company("1", (0, 9), at(9)).await.unwrap();
    assert!(people.is_empty() && total == 0);
}

#[tokio::test]
async fn all_contacts_are_walked_through_page_by_page() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    for number in 0..7 {
        let id = format!("c{number}");
        let said = contact(&id, "shared@b.example", 1);
        here.contacts().put(&said, as_of(1), at(9)).await.unwrap();
    }
    let mut walked = Vec::new();
    loop {
        let after = walked.last().map(String::as_str);
        let page = here.contacts().ids_after(after, 3).await.unwrap();
        if page.is_empty() {
            break;
        }
        walked.extend(page);
    }
    walked.sort();
    let all: Vec<_> = (0..7).map(|number| format!("c{number}")).collect();
    assert_eq!(walked, all);
}

#[tokio::test]
async fn who_belongs_where_is_decided_by_the_newest_word() {
    for (order, belongs) in [
        ([(1, true), (2, false)], false),
        ([(2, false), (1, true)], false),
        ([(1, false), (2, true)], true),
        ([(2, true), (1, false)], true),
    ] {
        let fixture = Fixture::start().await;
        let here = fixture.here();
        let said = contact("c1", "a@b.example", 1);
        here.contacts().put(&said, as_of(1), at(9)).await.unwrap();
        for (minutes, belongs) in order {
            here.memberships()
                .set(("c1", "1"), belongs, as_of(minutes), at(9))
                .await
                .unwrap();
        }
        let memberships = here.memberships();
        let pair = ("c1", "1");
        let is_member = memberships.is_member(pair, at(9)).await.unwrap();
        let (people, _) = memberships.of_company("1", (0, 9), at(9)).await.unwrap();
        assert_eq!(
            (is_member, people.len() == 1),
            (belongs, belongs),
            "{order:?}"
        );
    }
}

#[tokio::test]
async fn companies_that_intercom_names_no_more_are_left() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let memberships = here.memberships();
    let named = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let first = named(&["1", "2"]);
    memberships
        .replace("c1", &first, as_of(1), at(9))
        .await
        .unwrap();
    let then = named(&["2", "3"]);
    memberships
        .replace("c1", &then, as_of(2), at(9))
        .await
        .unwrap();
    let mut companies = memberships.companies_of("c1", at(9)).await.unwrap();
    companies.sort();
    assert_eq!(companies, ["2", "3"]);
}
