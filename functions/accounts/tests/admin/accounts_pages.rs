//! Companies and conversations.

use identity::{Alias, SessionId};
use jiff::{SignedDuration, Timestamp};
use mirror::{
    AsOf, Company, Contact, Conversation, ConversationState, Mirror, Moment, Named, Part,
    PartAuthor, SessionLine, Side, What, WorkspaceMirror,
};
use serde_json::json;
use store::{Connection, Identification};
use test_support::{RETENTION_DAYS, TABLE, master_key};

use crate::{Admin, connect};

const KEPT: i64 = 4_000_000_000;

impl Admin {
    fn mirror(&self) -> Mirror {
        Mirror::new(&self.stack.table, TABLE, master_key())
    }

    fn minutes(&self, minutes: i64) -> Timestamp {
        self.stack.now() + SignedDuration::from_mins(minutes)
    }
}

fn of<'a>(mirror: &'a Mirror, connection: &'a Connection) -> WorkspaceMirror<'a> {
    mirror.of(&connection.organization, &connection.workspace)
}

async fn put_company(admin: &Admin, connection: &Connection, id: &str, name: &str, minutes: i64) {
    let mirror = admin.mirror();
    let company = Company {
        id: id.to_owned(),
        company_id: Some(format!("own-{id}")),
        name: Some(name.to_owned()),
        plan: Some("Pro".to_owned()),
        last_request_at: Some(admin.minutes(minutes)),
        tags: vec!["t1".to_owned()],
        custom_attributes: [("seats".to_owned(), json!(12))].into_iter().collect(),
        ..Company::default()
    };
    let companies = of(&mirror, connection);
    let companies = companies.companies();
    let as_of = AsOf::at(admin.minutes(minutes));
    companies.put(&company, as_of, KEPT).await.unwrap();
}

/// A person of the company `1`, a session of theirs, and a conversation with all kinds of parts.
async fn fill(admin: &Admin) {
    let mirror = admin.mirror();
    let here = of(&mirror, &admin.connection);
    let now = admin.stack.now();
    put_company(admin, &admin.connection, "1", "Acme <b>&</b> Sons", 0).await;
    let contact = Contact {
        id: "c1".to_owned(),
        is_user: true,
        external_id: Some("u1".to_owned()),
        name: Some("Ada".to_owned()),
        email: Some("ada@b.example".to_owned()),
        ..Contact::default()
    };
    here.contacts()
        .put(&contact, AsOf::at(now), now)
        .await
        .unwrap();
    let belongs = here.memberships();
    belongs
        .set(("c1", "1"), true, AsOf::at(now), now)
        .await
        .unwrap();
    let session = Moment {
        at: admin.minutes(-1),
        id: "s1".to_owned(),
        contact: "c1".to_owned(),
        what: What::Session(SessionLine {
            story: "Pressed \"Pay\" 5 times.".to_owned(),
            duration_ms: 60_000,
            rage_clicks: 1,
            errors: 2,
            is_claimed: false,
        }),
    };
    here.moments()
        .put(&session, AsOf::at(now), KEPT, now)
        .await
        .unwrap();
    let said = |id: &str, side, body: &str, is_note| Part {
        id: id.to_owned(),
        kind: "comment".to_owned(),
        body: Some(body.to_owned()),
        created_at: Some(now),
        author: PartAuthor {
            side,
            id: None,
            name: None,
        },
        is_note,
        ..Part::default()
    };
    let parts = [
        said(
            "1",
            Side::Contact,
            "It does <script>nothing</script>",
            false,
        ),
        said("2", Side::Ai, "Try again", false),
        said("3", Side::Admin, "They look cross", true),
        Part {
            is_redacted: true,
            ..said("4", Side::Contact, "my password", false)
        },
    ];
    let conversation = Conversation {
        id: "v1".to_owned(),
        title: Some("The button".to_owned()),
        state: ConversationState::Open,
        created_at: Some(now),
        updated_at: Some(now),
        contacts: vec!["c1".to_owned()],
        parts_missing: 100,
        ..Conversation::default()
    };
    let put = here.conversations();
    let put = put.put((&conversation, &parts), AsOf::at(now), KEPT, now);
    put.await.unwrap();
    let tag = Named {
        id: "t1".to_owned(),
        name: "VIP".to_owned(),
    };
    here.vocabulary().put_tags(&[tag], now).await.unwrap();
    here.companies().count_changed(99, now).await.unwrap();
}

/// Where texts stand in a page, which is to be in this order.
fn in_order(page: &str, texts: &[&str]) {
    let mut from = 0;
    for text in texts {
        let found = page[from..].find(text);
        from += found.unwrap_or_else(|| panic!("{text} after {from} in {page}"));
    }
}

#[tokio::test]
async fn companies_are_searched_sorted_and_filtered() {
    let admin = Admin::start().await;
    assert!(
        admin
            .see("/companies")
            .await
            .contains("No companies are imported")
    );
    fill(&admin).await;
    put_company(&admin, &admin.connection, "2", "Beta", -5).await;
    put_company(&admin, &admin.connection, "3", "Gamma", 5).await;
    let page = admin.see("/companies").await;
    in_order(
        &page,
        &["Gamma", "Acme &#60;b&#62;&#38;&#60;/b&#62; Sons", "Beta"],
    );
    assert!(page.contains("3 companies"));
    in_order(
        &admin.see("/companies?sort=name").await,
        &["Acme", "Beta", "Gamma"],
    );
    in_order(
        &admin.see("/companies?sort=sessions").await,
        &["Acme", "Beta"],
    );
    for (address, there, not_there) in [
        ("/companies?q=bet", "Beta", "Gamma"),
        ("/companies?q=OWN-3", "Gamma", "Beta"),
        ("/companies?only=problems", "Acme", "Beta"),
        ("/companies?only=open", "Acme", "Gamma"),
        ("/companies?only=recorded", "Acme", "Gamma"),
        ("/companies?q=nobody", "No company fits", "Beta"),
        ("/companies?from=99", "No company fits", "Beta"),
    ] {
        let page = admin.see(address).await;
        assert!(page.contains(there), "{address}: {page}");
        assert!(!page.contains(not_there), "{address}: {page}");
    }
}

#[tokio::test]
async fn a_company_shows_who_is_there_and_what_happened() {
    let admin = Admin::start().await;
    fill(&admin).await;
    let page = admin.see("/companies/1").await;
    for text in [
        "Acme &#60;b&#62;",
        "VIP",
        "seats",
        "Ada",
        "ada@b.example",
        "https://app.eu.intercom.com/a/apps/shop/companies/1",
        "https://app.eu.intercom.com/a/apps/shop/users/c1",
        "/sessions/s1",
        "1 rage click",
        "2 errors",
        "/conversations/v1",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
    in_order(&page, &["What happened", "The button", "Pressed"]);
}

#[tokio::test]
async fn earlier_moments_are_a_link_away() {
    let admin = Admin::start().await;
    fill(&admin).await;
    let mirror = admin.mirror();
    let here = of(&mirror, &admin.connection);
    for number in 0..60 {
        let moment = Moment {
            at: admin.minutes(-10 - number),
            id: format!("e{number}"),
            contact: "c1".to_owned(),
            what: What::Event {
                name: format!("event-number-{number:02}"),
            },
        };
        let now = admin.stack.now();
        here.moments()
            .put(&moment, AsOf::at(now), KEPT, now)
            .await
            .unwrap();
    }
    let page = admin.see("/companies/1").await;
    assert!(page.contains("event-number-47") && !page.contains("event-number-48"));
    let (_, after) = page.split_once("/companies/1?before=").unwrap();
    let (before, _) = after.split_once('#').unwrap();
    let page = admin.see(&format!("/companies/1?before={before}")).await;
    assert!(page.contains("event-number-48") && page.contains("event-number-59"));
    assert!(!page.contains("event-number-47"));
}

#[tokio::test]
async fn a_conversation_marks_who_spoke_and_leads_to_the_second_it_began() {
    let admin = Admin::start().await;
    fill(&admin).await;
    let session = SessionId::parse("s1").unwrap();
    let named = Identification::verified(&[Alias::user_id("u1").unwrap()]);
    let owner = &admin.connection.organization;
    let sessions = admin.stack.store.of(owner).sessions();
    let now = admin.stack.now();
    sessions
        .identify(&session, &named, RETENTION_DAYS, now)
        .await
        .unwrap();
    admin.stack.brings(owner, "s1", &[]).await;
    let page = admin.see("/conversations/v1").await;
    in_order(
        &page,
        &[
            "The button",
            // A minute into the session, and five seconds before that.
            "/sessions/s1?t=55",
            "Watch at 1:00",
            "100 earlier ones are only there",
            "It does &#60;script&#62;nothing",
            "AI answer",
            "Note: only teammates saw it",
            "This was redacted in Intercom.",
        ],
    );
    assert!(!page.contains("my password"));
}

#[tokio::test]
async fn nobody_sees_another_organizations_and_what_is_not_there_is_said() {
    let admin = Admin::start().await;
    fill(&admin).await;
    let rival = connect(&admin.stack, "rival").await;
    let cookie = admin.cookie(&rival);
    for (address, said) in [
        ("/companies/1", "This company is not there"),
        ("/conversations/v1", "This conversation is not there"),
    ] {
        let (status, page) = admin.ask("GET", address, &cookie).await;
        assert_eq!(status, 404);
        assert!(page.contains(said), "{page}");
        let (status, _) = admin.ask("GET", address, "").await;
        assert_eq!(status, 403);
    }
    let (_, list) = admin.ask("GET", "/companies", &cookie).await;
    assert!(!list.contains("Acme"));
    let (status, _) = admin
        .ask("POST", "/companies", &admin.cookie(&admin.connection))
        .await;
    assert_eq!(status, 405);
}
