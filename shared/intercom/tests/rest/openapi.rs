//! Our requests, and the answers that our tests are made of, against Intercom's own description.

use axum::http::{Method, Response, Uri};
use intercom::Region;
use intercom::installation::Health;
use intercom::oauth::{App, Callback};
use intercom::openapi::Description;
use serde_json::{Value, json};

use crate::stub::{Stub, error_list, json_answer, text_answer};

/// Of OAuth and the health of installations Intercom's documentation tells, and not its OpenAPI description.
const UNDESCRIBED: [&str; 3] = [
    "/auth/eagle/token",
    "/auth/uninstall",
    "/app_install/status",
];

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
    let stub = Stub::new([
        json_answer(200, &token),
        json_answer(200, &me()),
        text_answer(200, ""),
        text_answer(200, ""),
    ])
    .await;
    let client = stub.client();
    let app = App::new("id", "secret").unwrap();
    let code = Callback::parse("code=dG9r").code.unwrap();
    let token = client.exchange(&app, &code).await.unwrap();
    client.me(Region::Us, &token).await.ok().unwrap();
    client
        .push_health(Region::Us, &token, &Health::Ok)
        .await
        .unwrap();
    client.uninstall(Region::Us, &token).await.unwrap();

    let mut undescribed = Vec::new();
    for mut request in stub.asked() {
        let path = request
            .uri()
            .path()
            .strip_prefix("/below")
            .unwrap()
            .to_owned();
        *request.uri_mut() = Uri::try_from(&path).unwrap();
        if description.knows(request.method(), &path) {
            assert_eq!(
                description.request_violations(&request),
                Vec::<String>::new(),
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
    let answer = |status, body: Value| {
        let answer = Response::builder()
            .status(status)
            .body(body.to_string().into())
            .unwrap();
        description.answer_violations(&Method::GET, "/me", &answer)
    };
    assert_eq!(answer(200, me()), Vec::<String>::new());
    let mut wrong = me();
    wrong["app"]["region"] = json!(1);
    assert_ne!(
        answer(200, wrong),
        Vec::<String>::new(),
        "the checker looks into /me"
    );
    let mut misspelt = me();
    misspelt["app"]["id"] = json!("abcd1234");
    assert_eq!(answer(200, misspelt), ["/app/id: not described"]);
    let refusal = Response::builder()
        .status(401)
        .body(error_list("unauthorized").to_string().into());
    let contact =
        description.answer_violations(&Method::GET, "/contacts/5ba682d2", &refusal.unwrap());
    assert_eq!(contact, Vec::<String>::new());
}
