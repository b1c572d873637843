//! Our requests, and the answers that our tests are made of, against Intercom's own description.

use axum::http::{Method, Response};
use intercom::Region;
use intercom::fake::{Fault, error_list};
use intercom::installation::Health;
use intercom::oauth::{App, Callback};
use intercom::openapi::Description;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::records::{contact, contacts, conversations};

/// Of OAuth and the health of installations Intercom's documentation tells, and not its OpenAPI description.
const UNDESCRIBED: [&str; 3] = [
    "/auth/eagle/token",
    "/auth/uninstall",
    "/app_install/status",
];

/// How a search is sorted stands in the documentation on pagination, and not in the description.
const UNDESCRIBED_ORDER: [&str; 1] = ["/sort: not described"];

fn me() -> Value {
    json!({
        "type": "admin", "id": "2633609", "email": "ada@example.com", "name": "Ada", "email_verified": null,
        "has_inbox_seat": true, "team_ids": [814_865],
        "app": { "type": "app", "id_code": "abcd1234", "name": "Acme", "created_at": 1_661_876_617,
                 "identity_verification": true, "timezone": "Europe/Dublin", "region": "US" },
    })
}

#[tokio::test]
async fn every_request_is_one_that_intercom_describes() {
    let Some(description) = Description::beside_the_project() else {
        return;
    };
    let token = json!({ "token": "dG9r" });
    let fixture = Fixture::answering([
        Fault::json(200, &token),
        Fault::json(200, &me()),
        Fault::text(200, ""),
        Fault::text(200, ""),
        Fault::json(200, &contact()),
        Fault::json(200, &contacts(json!({ "starting_after": "WzE3" }))),
        Fault::json(200, &conversations()),
    ])
    .await;
    let client = fixture.client();
    let app = App::new("id", "secret").unwrap();
    let code = Callback::parse("code=dG9r").code.unwrap();
    let token = client.exchange(&app, &code).await.unwrap();
    client.me(Region::Us, &token).await.ok().unwrap();
    client
        .push_health(Region::Us, &token, &Health::Ok)
        .await
        .unwrap();
    client.uninstall(Region::Us, &token).await.unwrap();
    let contact = client.contact(Region::Us, &token, "6762f0d0").await;
    contact.ok().unwrap();
    let page = client.contacts_updated_after(Region::Us, &token, Timestamp::UNIX_EPOCH, None);
    let cursor = page.await.ok().unwrap().next;
    let page = client.conversations_updated_after(
        Region::Us,
        &token,
        Timestamp::UNIX_EPOCH,
        cursor.as_ref(),
    );
    page.await.ok().unwrap();

    let mut undescribed = Vec::new();
    for call in fixture.intercom.calls() {
        let path = call.path().to_owned();
        if description.knows(call.method(), &path) {
            let known: &[&str] = if path.ends_with("/search") {
                &UNDESCRIBED_ORDER
            } else {
                &[]
            };
            assert_eq!(
                description.request_violations(&call.request),
                known,
                "{path}"
            );
        } else {
            undescribed.push(path);
        }
    }
    undescribed.sort();
    let mut expected = UNDESCRIBED;
    expected.sort_unstable();
    assert_eq!(
        undescribed, expected,
        "what Intercom describes by now must be checked"
    );
}

#[test]
fn the_answers_of_our_tests_are_ones_that_intercom_describes() {
    let Some(description) = Description::beside_the_project() else {
        return;
    };
    let answer_to = |method, path, body: Value| {
        let answer = Response::new(body.to_string().into());
        description.answer_violations(&method, path, &answer)
    };
    let answer = |body| answer_to(Method::GET, "/me", body);
    let all_is_well = Vec::<String>::new();
    assert_eq!(answer(me()), all_is_well);
    let next = json!({ "per_page": 150, "starting_after": "WzE3" });
    for (method, path, body) in [
        (Method::GET, "/contacts/6762f0d0", contact()),
        (Method::POST, "/contacts/search", contacts(next)),
        (Method::POST, "/conversations/search", conversations()),
    ] {
        assert_eq!(answer_to(method, path, body), all_is_well, "{path}");
    }
    let mut wrong = me();
    wrong["app"]["region"] = json!(1);
    assert_ne!(
        answer(wrong),
        Vec::<String>::new(),
        "the checker looks into /me"
    );
    let mut misspelt = me();
    misspelt["app"]["id"] = json!("abcd1234");
    assert_eq!(answer(misspelt), ["/app/id: not described"]);
    let refusal = Response::builder().status(401).body(
        error_list("unauthorized", "of ada@example.com")
            .to_string()
            .into(),
    );
    let contact =
        description.answer_violations(&Method::GET, "/contacts/5ba682d2", &refusal.unwrap());
    assert_eq!(contact, Vec::<String>::new());
}
