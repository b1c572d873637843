//! Companies, contacts, and what they are called by, read by the client from the fake Intercom.

use intercom::Region;
use intercom::fake::{
    Directory, FakeAdmin, FakeCompany, FakeContact, FakeSegment, FakeTag, Fault, Options, Role,
    Workspace,
};
use intercom::oauth::AccessToken;
use intercom::rest::{Advice, Client, Error, Scroll, Unreadable};
use intercom::signature::ClientSecret;
use jiff::{SignedDuration, Timestamp};
use serde_json::Map;

use crate::fixture::Fixture;

pub(crate) const US: Region = Region::Us;

pub(crate) fn token() -> AccessToken {
    AccessToken::parse("dG9r").unwrap()
}

pub(crate) fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

pub(crate) fn options() -> Options {
    let secret = ClientSecret::parse("s3cr=t").unwrap();
    Options::new("client & id", secret).with_clock(noon)
}

pub(crate) async fn with(options: Options, directory: Directory) -> Fixture {
    let fixture = Fixture::with(options).await;
    fixture
        .intercom
        .add(Workspace::new("acme", "Acme"), directory);
    fixture
}

pub(crate) fn contact(id: &str, companies: &[String]) -> FakeContact {
    FakeContact {
        companies: companies.to_vec(),
        ..FakeContact::new(id.to_owned(), Role::User, noon())
    }
}

/// So many companies of one person each, the last one seen last, and one without people.
fn companies(count: i64) -> Directory {
    let mut directory = Directory::default();
    for number in 0..count {
        let id = format!("company-{number:04}");
        directory.add_contact(contact(
            &format!("contact-{number:04}"),
            std::slice::from_ref(&id),
        ));
        directory.add_company(FakeCompany {
            last_request_at: Some(noon() + SignedDuration::from_secs(number)),
            plan: Some("Gold".to_owned()),
            tags: vec![FakeTag::new("7", "VIP")],
            segments: vec![FakeSegment::new("s1", "Active")],
            ..FakeCompany::new(id, format!("acme-{number}"), noon())
        });
    }
    directory.add_company(FakeCompany::new(
        "empty".to_owned(),
        "none".to_owned(),
        noon(),
    ));
    directory
}

/// The ids that scrolling finds until its end.
async fn scrolled(client: &Client) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let scroll = client.scroll_companies(US, &token(), cursor.as_ref()).await;
        match scroll.ok().unwrap() {
            Scroll::Page { items, next, .. } => {
                ids.extend(items.into_iter().map(|company| company.id));
                cursor = Some(next);
            }
            Scroll::End => return ids,
            Scroll::Taken | Scroll::Lost => panic!("{}", ids.len()),
        }
    }
}

#[tokio::test]
async fn companies_come_in_pages_those_seen_last_first() {
    for page_size_is_text in [false, true] {
        let options = Options {
            page_size_is_text,
            ..options()
        };
        let fixture = with(options, companies(130)).await;
        let client = fixture.client();
        let (mut ids, mut next) = (Vec::new(), Some(1));
        while let Some(page) = next {
            let listed = client
                .list_companies(US, &token(), page)
                .await
                .ok()
                .unwrap();
            assert_eq!(
                listed.total,
                Some(130),
                "a company without people is not listed"
            );
            ids.extend(listed.items.into_iter().map(|company| company.id));
            next = listed.next;
        }
        assert_eq!(fixture.asked(), 3);
        let expected: Vec<String> = (0..130)
            .rev()
            .map(|it| format!("company-{it:04}"))
            .collect();
        assert_eq!(ids, expected);
    }
}

#[tokio::test]
async fn a_company_is_read_with_its_people_and_changed_without_being_made() {
    let fixture = with(options(), companies(1)).await;
    let client = fixture.client();
    let company = client
        .company(US, &token(), "company-0000")
        .await
        .ok()
        .unwrap();
    let company = company.value.unwrap();
    assert_eq!(
        (company.plan.as_deref(), company.user_count),
        (Some("Gold"), Some(1))
    );
    assert_eq!(company.tags.unwrap().ids, ["7"]);
    assert_eq!(company.segments.unwrap().ids, ["s1"]);
    assert_eq!(company.last_request_at, Some(noon()));
    let people = client
        .contacts_of_company(US, &token(), "company-0000", 1)
        .await;
    let people = people.ok().unwrap();
    assert_eq!(
        (people.items[0].id.as_str(), people.next),
        ("contact-0000", None)
    );

    let none = client.company(US, &token(), "made-up").await.ok().unwrap();
    assert!(none.value.is_none());
    let nothing = Map::new();
    let changed = client
        .update_company_attributes(US, &token(), "company-0000", &nothing)
        .await;
    assert_eq!(changed.ok().unwrap().value.id, "company-0000");
    let made = client
        .update_company_attributes(US, &token(), "made-up", &nothing)
        .await;
    assert_eq!(made.err().unwrap().advice(), Advice::GiveUp);
}

#[tokio::test]
async fn scrolling_ends_at_the_empty_page_though_its_cursor_stays_the_same() {
    let fixture = with(options(), companies(230)).await;
    let client = fixture.client();
    assert_eq!(scrolled(&client).await.len(), 230);
    assert_eq!(fixture.asked(), 4);
    assert_eq!(
        scrolled(&client).await.len(),
        230,
        "and another one may begin"
    );
}

#[tokio::test]
async fn what_becomes_of_a_scroll_is_told_apart() {
    let fixture = with(options(), companies(230)).await;
    let client = fixture.client();
    let token = token();
    let first = client
        .scroll_companies(US, &token, None)
        .await
        .ok()
        .unwrap();
    let Scroll::Page { next, .. } = first else {
        panic!("a page");
    };
    let second = client
        .scroll_companies(US, &token, None)
        .await
        .ok()
        .unwrap();
    assert!(matches!(second, Scroll::Taken));
    let path = "/companies/scroll";
    fixture
        .intercom
        .fail_once(path, Fault::refusal(500, "server_error"));
    let lost = client
        .scroll_companies(US, &token, Some(&next))
        .await
        .ok()
        .unwrap();
    assert!(matches!(lost, Scroll::Lost));
    assert_eq!(
        fixture.asked(),
        3,
        "it is not asked again with the same cursor"
    );
    fixture.intercom.fail_once(path, Fault::text(200, ""));
    let empty = client
        .scroll_companies(US, &token, Some(&next))
        .await
        .err()
        .unwrap();
    let problem = matches!(
        &empty,
        Error::Unreadable {
            problem: Unreadable::Empty,
            ..
        }
    );
    assert!(problem, "{empty}");
    assert_eq!(empty.advice(), Advice::RetryLater { at: None });
    fixture
        .intercom
        .fail_once(path, Fault::refusal(404, "not_found"));
    let end = client
        .scroll_companies(US, &token, Some(&next))
        .await
        .ok()
        .unwrap();
    assert!(matches!(end, Scroll::End));
}

#[tokio::test]
async fn a_contact_has_more_tags_segments_and_companies_than_it_shows() {
    let mut directory = companies(70);
    let many: Vec<String> = (0..70).map(|it| format!("company-{it:04}")).collect();
    let tags: Vec<String> = (0..12).map(|it| it.to_string()).collect();
    for id in &tags {
        directory.add_tag(FakeTag::new(id, &format!("Tag {id}")));
    }
    directory.add_segment(FakeSegment::new("s1", "Active"));
    directory.add_segment(FakeSegment::new("s2", "Slipping away"));
    directory.add_admin(FakeAdmin::new("2", "Bob", false));
    directory.add_contact(FakeContact {
        tags,
        segments: vec!["s2".to_owned()],
        ..contact("ada", &many)
    });
    let fixture = with(options(), directory).await;
    let (client, token) = (fixture.client(), token());
    let ada = client
        .contact(US, &token, "ada")
        .await
        .ok()
        .unwrap()
        .unwrap();
    let (shown, companies) = (ada.tags.unwrap(), ada.companies.unwrap());
    assert_eq!(
        (shown.ids.len(), shown.total, shown.has_more),
        (10, 12, true)
    );
    assert_eq!((companies.ids.len(), companies.total), (10, 70));
    let tags = client
        .tags_of_contact(US, &token, "ada")
        .await
        .ok()
        .unwrap()
        .value;
    assert_eq!(tags.len(), 12);
    let segments = client
        .segments_of_contact(US, &token, "ada")
        .await
        .ok()
        .unwrap()
        .value;
    assert_eq!(segments[0].name, "Slipping away");
    let first = client
        .companies_of_contact(US, &token, "ada", 1)
        .await
        .ok()
        .unwrap();
    assert_eq!((first.items.len(), first.next), (60, Some(2)));
    let last = client
        .companies_of_contact(US, &token, "ada", 2)
        .await
        .ok()
        .unwrap();
    assert_eq!((last.items.len(), last.next), (10, None));

    let all = client.list_tags(US, &token).await.ok().unwrap().value;
    assert_eq!((all.len(), all[1].name.as_str()), (12, "Tag 1"));
    assert_eq!(
        client
            .list_segments(US, &token)
            .await
            .ok()
            .unwrap()
            .value
            .len(),
        2
    );
    let admins = client.list_admins(US, &token).await.ok().unwrap().value;
    let seats: Vec<_> = admins
        .iter()
        .map(|each| (each.id.as_str(), each.has_inbox_seat))
        .collect();
    assert_eq!(seats, [("1", true), ("2", false)]);
}

#[tokio::test]
async fn all_contacts_come_in_pages() {
    let options = Options {
        largest_page: 3,
        ..options()
    };
    let fixture = with(options, companies(7)).await;
    let (client, token) = (fixture.client(), token());
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let page = client
            .list_contacts(US, &token, cursor.as_ref())
            .await
            .ok()
            .unwrap();
        ids.extend(page.items.into_iter().map(|each| each.id));
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let expected: Vec<String> = (0..7).map(|it| format!("contact-{it:04}")).collect();
    assert_eq!(ids, expected);
}
