//! The handler over the real store and an embedded DynamoDB, called as Intercom calls it.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod doubts;
mod fixture;
mod leads;
mod presence;
mod views;

use std::collections::BTreeSet;
use std::time::Duration;

use fixture::{Fixture, request, sign};
use identity::{Alias, SessionId};
use lambda_http::http::StatusCode;
use pages::share_token::{self, ShareToken, Shown};
use pages::signed::Signer;
use serde_json::json;
use store::ConnectionStatus::{Connected, Disconnected, NeedsAttention};
use url::Url;

const EMAIL: &str = "ada@example.com";

fn ada() -> Alias {
    Alias::email(EMAIL).unwrap()
}

/// A workspace `shop` where Ada has so many sessions.
async fn shop(sessions: u8) -> Fixture {
    let fixture = Fixture::start().await;
    let organization = fixture.connect("shop", Connected).await;
    fixture.record(&organization, &ada(), sessions).await;
    fixture
}

#[tokio::test]
async fn a_conversation_shows_what_the_person_did_before_and_the_details_how_they_were_matched() {
    let fixture = shop(3).await;
    let canvas = fixture
        .initialize(&request("shop", "Ada@Example.com"))
        .await;
    assert_eq!(canvas.sessions().len(), 3);
    assert_eq!(canvas.text(), "", "what is certain needs no words");
    assert_eq!(canvas.subtitle("s0"), Some("Before this conversation"));
    assert_eq!(
        canvas.watch().as_deref(),
        Some("Watch 6:00AM https://app.example.com/sessions/s0?t=20")
    );
    assert_eq!(canvas.button("All 3 sessions"), Some("all"));
    let details = fixture
        .submit(&request("shop", EMAIL), &canvas, &canvas.sessions()[0])
        .await;
    assert!(details.text().ends_with("Matched by email"));
}

#[tokio::test]
async fn a_click_on_a_session_shows_its_details_and_back_leads_to_the_list() {
    let fixture = shop(3).await;
    let request = request("shop", EMAIL);
    let list = fixture.initialize(&request).await;
    let details = fixture.submit(&request, &list, &list.sessions()[0]).await;
    assert_eq!(
        details.text(),
        "Nov 20, 2026 at 6:00AM\nWhat went wrong\nTimeline\nIn numbers\nMatched by email"
    );
    let link = fixture
        .submit(
            &request,
            &details,
            details.button("Get a share link").unwrap(),
        )
        .await;
    assert_eq!(link.button("Link to this session"), Some("url"));
    let back = fixture
        .submit(&request, &link, link.button("Back").unwrap())
        .await;
    assert_eq!(back, details);
    let back = fixture
        .submit(&request, &back, back.button("Back").unwrap())
        .await;
    assert_eq!(back, list);
}

#[tokio::test]
async fn a_link_to_copy_is_made_once_somebody_asks_for_it_and_stays_the_same() {
    let fixture = shop(1).await;
    let request = request("shop", EMAIL);
    let list = fixture.initialize(&request).await;
    let details = fixture.submit(&request, &list, &list.sessions()[0]).await;
    let copy = details.button("Get a share link").unwrap();
    fixture.calls();
    let link = fixture.submit(&request, &details, copy).await;
    // Whose session it is, whether it has a link, and the link with what names it.
    let calls = [
        "BatchGetItem",
        "BatchGetItem",
        "GetItem",
        "TransactWriteItems",
    ];
    assert_eq!(fixture.calls(), calls);

    let url = Url::parse(link.value("url").unwrap()).unwrap();
    let token = url
        .query_pairs()
        .find(|(name, _)| name == share_token::PARAMETER);
    let signer = Signer::of(&fixture.state.secrets.known()).unwrap();
    let session = SessionId::parse("s0").unwrap();
    let token = ShareToken::open(&signer, &token.unwrap().1, &session).unwrap();
    assert_eq!(token.shown, Shown::Recording);
    let id = token.id;
    let found = fixture
        .state
        .store
        .share_link(&id, &session, fixture.state.clock.now());
    assert_eq!(found.await.unwrap().unwrap().created_by, "canvas");

    let again = fixture.submit(&request, &details, copy).await;
    assert_eq!(again, link);
}

#[tokio::test]
async fn show_more_leads_through_all_sessions_once_and_newer_leads_back() {
    let fixture = shop(23).await;
    let request = request("shop", EMAIL);
    let first = fixture.initialize(&request).await;
    assert!(first.sessions().len() <= 5);

    let mut canvas = fixture
        .submit(&request, &first, first.button("Show more").unwrap())
        .await;
    let mut seen = canvas.sessions();
    while let Some(more) = canvas.button("Show more") {
        let next = fixture.submit(&request, &canvas, more).await;
        assert_eq!(
            next,
            fixture.submit(&request, &canvas, more).await,
            "a second click changes nothing"
        );
        canvas = next;
        seen.extend(canvas.sessions());
    }
    assert_eq!(seen.len(), 23);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 23);

    while let Some(newer) = canvas.button("Newer") {
        canvas = fixture.submit(&request, &canvas, newer).await;
    }
    let back = fixture
        .submit(&request, &canvas, canvas.button("Back").unwrap())
        .await;
    assert_eq!(back, first);
}

#[tokio::test]
async fn a_panel_costs_three_round_trips_and_writes_nothing_however_much_is_stored() {
    let mut costs = Vec::new();
    for copies in [0, 990] {
        let fixture = shop(10).await;
        fixture.record_copies(copies).await;
        let request = request("shop", EMAIL);
        let list = fixture.initialize(&request).await;
        let initialize = fixture.calls();
        fixture.submit(&request, &list, &list.sessions()[0]).await;
        costs.push((initialize, fixture.calls()));
    }
    // The two queries run at the same time: the latest sessions, and the one before the conversation. The
    // last batch asks who else had the problems.
    let initialize = ["BatchGetItem", "BatchGetItem", "Query", "Query"]
        .map(str::to_owned)
        .to_vec();
    let submit = ["BatchGetItem"; 3].map(str::to_owned).to_vec();
    assert_eq!(
        costs,
        [(initialize.clone(), submit.clone()), (initialize, submit)]
    );
}

#[tokio::test]
async fn five_requests_at_once_get_the_same_answer() {
    let fixture = shop(3).await;
    let request = request("shop", EMAIL);
    let open = || fixture.initialize(&request);
    let (a, b, c, d, e) = tokio::join!(open(), open(), open(), open(), open());
    assert!([b, c, d, e].iter().all(|canvas| *canvas == a));
}

#[tokio::test]
async fn a_wrong_signature_is_refused_before_anything_is_read() {
    let fixture = shop(1).await;
    let body = request("shop", EMAIL).to_string();
    let signature = sign(b"another body");
    for signature in [None, Some(""), Some("nonsense"), Some(signature.as_str())] {
        let response = fixture
            .post("/canvas/initialize", body.as_bytes(), signature)
            .await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{signature:?}");
        assert!(response.body().is_empty());
    }
    assert_eq!(fixture.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn everything_that_is_signed_gets_a_canvas() {
    let fixture = shop(1).await;
    let too_large = format!("{{\"x\":\"{}\"}}", "x".repeat(2 << 20));
    for body in [
        &b""[..],
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        too_large.as_bytes(),
    ] {
        let canvas = fixture.canvas("/prod/canvas/submit", body).await;
        assert!(canvas.text().starts_with("Something failed on our side"));
        assert_eq!(canvas.button("Try again"), Some("sessions"));
    }
}

#[tokio::test]
async fn other_routes_and_methods_are_refused() {
    let fixture = Fixture::start().await;
    let response = fixture.post("/canvas", b"", None).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let get = lambda_http::http::Request::get("/canvas/initialize");
    let response = canvas::handle(&fixture.state, get.body("".into()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn every_other_state_says_what_it_is() {
    let fixture = shop(1).await;
    fixture.connect("gone", Disconnected).await;
    let without = |field: &str| {
        let mut request = request("shop", EMAIL);
        request[field] = json!(null);
        request
    };
    let mut nameless = request("shop", EMAIL);
    nameless["contact"] = json!({ "id": "c9", "role": "lead", "email": "" });
    let mut outdated = request("shop", EMAIL);
    outdated["component_id"] = json!("rec:1");
    let cases = [
        (request("unknown", EMAIL), "Recapt isn’t connected"),
        (request("not a workspace", EMAIL), "Recapt isn’t connected"),
        (without("workspace_id"), "Recapt isn’t connected"),
        (request("gone", EMAIL), "Recapt is disconnected"),
        (without("contact"), "Nobody is selected"),
        (nameless, "This person has no email"),
        (
            request("shop", "bob@example.com"),
            "No sessions found by email",
        ),
        (outdated, "This panel has changed"),
    ];
    for (request, text) in cases {
        let canvas = fixture.initialize(&request).await;
        assert!(canvas.text().starts_with(text), "{}", canvas.text());
    }
}

#[tokio::test]
async fn sessions_are_still_shown_while_a_connection_needs_attention() {
    let fixture = Fixture::start().await;
    let organization = fixture.connect("shop", NeedsAttention).await;
    fixture.record(&organization, &ada(), 1).await;
    let canvas = fixture.initialize(&request("shop", EMAIL)).await;
    assert_eq!(canvas.sessions().len(), 1);
    assert!(
        canvas
            .text()
            .contains("[connect again](https://app.example.com/settings/integrations/intercom)")
    );
}

#[tokio::test]
async fn a_lead_is_found_by_visitor_id_and_a_user_by_user_id() {
    let fixture = Fixture::start().await;
    let organization = fixture.connect("shop", Connected).await;
    fixture
        .record(&organization, &Alias::visitor_id("v-1").unwrap(), 1)
        .await;
    let mut request = request("shop", "");
    request["contact"] = json!({ "id": "c1", "role": "lead", "external_id": "v-1" });
    let canvas = fixture.initialize(&request).await;
    assert_eq!(canvas.sessions().len(), 1);
    // The same id as a user's is somebody else's.
    request["contact"]["role"] = json!("user");
    assert_eq!(
        fixture.initialize(&request).await.sessions(),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn nobody_sees_another_organizations_sessions() {
    let fixture = shop(3).await;
    fixture.connect("rival", Connected).await;
    let theirs = fixture.initialize(&request("shop", EMAIL)).await;
    let rival = request("rival", EMAIL);
    let list = fixture.initialize(&rival).await;
    assert!(list.text().starts_with("No sessions found by email"));
    // The ids of another workspace's canvas lead nowhere, nor do those of another contact.
    for (request, text) in [
        (&rival, "This session can’t be found."),
        (&request("shop", "bob@example.com"), "This"),
    ] {
        for id in theirs.sessions() {
            let link = id.replace("session:", "link:");
            for id in [id, link] {
                let canvas = fixture.submit(request, &theirs, &id).await;
                assert!(canvas.text().starts_with(text), "{}", canvas.text());
                assert!(!canvas.text().contains("Timeline"));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_table_that_never_answers_costs_less_than_three_seconds() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let fixture = Fixture::over(&format!("http://{address}"));
    let asked = tokio::time::Instant::now();
    let canvas = fixture.initialize(&request("shop", EMAIL)).await;
    assert!(canvas.text().starts_with("Something failed on our side"));
    assert_eq!(canvas.button("Try again"), Some("sessions"));
    assert!(asked.elapsed() >= Duration::from_secs(2), "it did wait");
    assert!(asked.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_table_that_is_not_there_is_admitted_at_once() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let fixture = Fixture::over(&format!("http://{address}"));
    let canvas = fixture.initialize(&request("shop", EMAIL)).await;
    assert!(canvas.text().starts_with("Something failed on our side"));
}
