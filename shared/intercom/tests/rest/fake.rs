//! The fake Intercom, asked by the client.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, StatusCode};
use intercom::Region;
use intercom::fake::{
    Change, Directory, FakeContact, FakeConversation, Fault, Options, Rate, Role, Workspace,
};
use intercom::oauth::{AccessToken, App, Callback};
use intercom::openapi::Description;
use intercom::rest::{Advice, Client, Error, Limits};
use intercom::signature::ClientSecret;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::fixture::{Fixture, LIMITS};

/// A clock in hand.
#[derive(Clone)]
struct Hand(Arc<Mutex<Timestamp>>);

impl Hand {
    fn noon() -> Self {
        let noon = "2026-11-20T12:00:00Z".parse().unwrap();
        Self(Arc::new(Mutex::new(noon)))
    }

    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn advance(&self, seconds: i64) {
        *self.0.lock().unwrap() += SignedDuration::from_secs(seconds);
    }

    fn options(&self) -> Options {
        let hand = self.clone();
        let secret = ClientSecret::parse("s3cr=t").unwrap();
        Options::new("client & id", secret).with_clock(move || hand.now())
    }
}

fn token() -> AccessToken {
    AccessToken::parse("dG9r").unwrap()
}

/// A user who has changed last when the fixture began.
fn user(fixture: &Fixture, id: &str) -> FakeContact {
    FakeContact::new(id.to_owned(), Role::User, fixture.intercom.now())
}

fn add(fixture: &Fixture, contact: FakeContact) {
    let added = fixture
        .intercom
        .write("acme", |directory| directory.add_contact(contact));
    added.unwrap();
}

/// Ids of the contacts that a search finds.
async fn found(fixture: &Fixture) -> Result<Vec<String>, Error> {
    let after = fixture.intercom.now() - SignedDuration::from_hours(48);
    let token = token();
    let client = fixture.client();
    let page = client.contacts_updated_after(Region::Us, &token, after, None);
    Ok(page.await?.items.into_iter().map(|each| each.id).collect())
}

#[tokio::test]
async fn a_code_is_exchanged_for_a_token_that_lives_until_the_app_is_taken_out() {
    let fixture = Fixture::start().await;
    let client = fixture.client();
    fixture.intercom.allow("acme", "dG9rOmNvZGU=");
    let code = Callback::parse("code=dG9rOmNvZGU=").code.unwrap();
    for (id, secret) in [("client & id", "guessed"), ("another", "s3cr=t")] {
        let other = App::new(id, secret).unwrap();
        assert!(client.exchange(&other, &code).await.is_err(), "{id}");
    }
    let app = App::new("client & id", "s3cr=t").unwrap();
    let given = client.exchange(&app, &code).await.unwrap();
    let used = client.exchange(&app, &code).await.unwrap_err();
    assert_eq!(used.advice(), Advice::Reconnect);
    for token in [&given, &token()] {
        let me = client.me(Region::Us, token).await.ok().unwrap();
        assert_eq!(me.workspace.unwrap().id, "acme");
    }
    client.uninstall(Region::Us, &given).await.unwrap();
    for token in [&given, &token()] {
        let dead = client.me(Region::Us, token).await.err().unwrap();
        assert_eq!(dead.advice(), Advice::Reconnect);
    }
}

#[tokio::test]
async fn a_workspace_sees_its_own_contacts_as_they_are_now() {
    let fixture = Fixture::start().await;
    let other = Workspace::new("other", "Other");
    fixture.intercom.add(other, Directory::default());
    fixture.intercom.grant("other", "b3RoZXI=");
    add(&fixture, user(&fixture, "c-1"));
    add(&fixture, user(&fixture, "c-2"));
    let archive = fixture.intercom.change("acme", "c-2", Change::Archive);
    assert_eq!(archive.unwrap().topic, "contact.archived");

    assert_eq!(found(&fixture).await.unwrap(), ["c-1"]);
    let client = fixture.client();
    let archived = client.contact(Region::Us, &token(), "c-2").await;
    assert!(archived.unwrap().is_some());
    let of_other = AccessToken::parse("b3RoZXI=").unwrap();
    let foreign = client.contact(Region::Us, &of_other, "c-1").await;
    assert!(foreign.unwrap().is_none());
}

#[tokio::test]
async fn what_has_changed_is_searched_for_in_vain_until_the_lag_has_passed() {
    let hand = Hand::noon();
    let fixture = Fixture::with(Options {
        search_lag: SignedDuration::from_secs(2),
        ..hand.options()
    })
    .await;
    add(&fixture, user(&fixture, "c-1"));
    let read = fixture.client();
    let read = read.contact(Region::Us, &token(), "c-1").await;
    assert!(read.unwrap().is_some());
    assert_eq!(found(&fixture).await.unwrap(), Vec::<String>::new());
    hand.advance(2);
    assert_eq!(found(&fixture).await.unwrap(), ["c-1"]);
}

#[tokio::test]
async fn a_call_too_many_is_told_when_to_ask_again() {
    let hand = Hand::noon();
    let fixture = Fixture::with(Options {
        rate: Rate {
            calls: 1,
            window: SignedDuration::from_secs(10),
        },
        ..hand.options()
    })
    .await;
    assert!(found(&fixture).await.is_ok());
    let refused = found(&fixture).await.unwrap_err();
    let at = Some(hand.now() + SignedDuration::from_secs(10));
    assert_eq!(refused.advice(), Advice::RetryLater { at });
    let statuses = fixture.intercom.take_calls().into_iter();
    let statuses: Vec<_> = statuses.filter_map(|call| call.status).collect();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::TOO_MANY_REQUESTS]);
    hand.advance(10);
    assert!(found(&fixture).await.is_ok());
}

#[tokio::test]
async fn a_fault_comes_before_the_effect_or_after_it() {
    for (fault, takes_effect) in [
        (Fault::CutOffBefore, false),
        (Fault::CutOffAfter, true),
        (Fault::refusal(500, "server_error"), false),
        (Fault::Slow(Duration::from_secs(60)), true),
        (Fault::Silent, false),
    ] {
        let fixture = Fixture::start().await;
        let limits = Limits {
            call: Duration::from_millis(300),
            ..LIMITS
        };
        let client = Client::with_limits(fixture.hosts.clone(), limits);
        // Of a call that may be made once only.
        fixture.intercom.allow("acme", "dG9rOmNvZGU=");
        let app = App::new("client & id", "s3cr=t").unwrap();
        let code = Callback::parse("code=dG9rOmNvZGU=").code.unwrap();
        let name = format!("{fault:?}");
        fixture.intercom.fail_once("/auth/eagle/token", fault);
        let error = client.exchange(&app, &code).await.unwrap_err();
        if name.starts_with("CutOff") {
            let is_lost = matches!(
                error,
                Error::Unreachable {
                    never_sent: false,
                    ..
                }
            );
            assert!(is_lost, "{name}: {error:?}");
        }
        let again = client.exchange(&app, &code).await;
        assert_eq!(again.is_err(), takes_effect, "{name}");
    }
}

#[tokio::test]
async fn a_slow_answer_comes_in_the_end() {
    let fixture = Fixture::start().await;
    let delay = Duration::from_millis(200);
    fixture.intercom.fail_once("/me", Fault::Slow(delay));
    let start = Instant::now();
    let client = fixture.client();
    assert!(client.me(Region::Us, &token()).await.is_ok());
    assert!(start.elapsed() >= delay);
}

#[tokio::test]
async fn a_fault_concerns_the_calls_that_it_was_planned_for() {
    let fixture = Fixture::start().await;
    let client = fixture.client();
    let refused = async || client.me(Region::Us, &token()).await.is_err();
    fixture.intercom.pass_next();
    fixture
        .intercom
        .fail_once("/elsewhere", Fault::text(404, ""));
    fixture.intercom.fail_next(Fault::text(404, ""));
    assert_eq!((refused().await, refused().await), (false, true));
    fixture.intercom.fail_always("/me", Fault::text(403, ""));
    fixture.intercom.fail_always("/me", Fault::text(404, ""));
    assert_eq!((refused().await, refused().await), (true, true));
    fixture.intercom.heal();
    assert!(!refused().await);
    let statuses = fixture.intercom.calls().into_iter();
    let statuses: Vec<_> = statuses.map(|call| call.status.unwrap().as_u16()).collect();
    assert_eq!(statuses, [200, 404, 404, 404, 200]);
}

#[tokio::test]
async fn what_was_known_can_be_put_back() {
    let fixture = Fixture::start().await;
    add(&fixture, user(&fixture, "c-1"));
    let before = fixture.intercom.snapshot();
    let client = fixture.client();
    client.uninstall(Region::Us, &token()).await.unwrap();
    assert!(found(&fixture).await.is_err());
    fixture.intercom.put_back(&before);
    assert_eq!(found(&fixture).await.unwrap(), ["c-1"]);
}

#[tokio::test]
async fn its_answers_are_ones_that_intercom_describes() {
    let Some(description) = Description::beside_the_project() else {
        return;
    };
    let fixture = Fixture::start().await;
    add(&fixture, user(&fixture, "c-1"));
    let lead = FakeContact::new("c-2".to_owned(), Role::Lead, fixture.intercom.now());
    let begun = FakeConversation::new("7".to_owned(), lead);
    let added = fixture
        .intercom
        .write("acme", |directory| directory.add_conversation(begun));
    added.unwrap();

    let query = json!({ "field": "updated_at", "operator": ">", "value": 0 });
    let search = json!({ "query": query, "pagination": { "per_page": 1 } });
    let wrong = json!({ "query": { "field": "updated_at", "operator": ">=", "value": 0 } });
    for (token, method, path, body, status) in [
        ("dG9r", Method::GET, "/me", Value::Null, 200),
        ("dG9r", Method::GET, "/contacts/c-1", Value::Null, 200),
        ("dG9r", Method::GET, "/contacts/c-2", Value::Null, 200),
        ("made-up", Method::GET, "/contacts/c-1", Value::Null, 401),
        (
            "dG9r",
            Method::POST,
            "/contacts/search",
            search.clone(),
            200,
        ),
        ("dG9r", Method::POST, "/conversations/search", search, 200),
        ("made-up", Method::POST, "/contacts/search", wrong, 401),
    ] {
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        let answer = fixture.intercom.routes().oneshot(request.unwrap()).await;
        let (head, body) = answer.unwrap().into_parts();
        assert_eq!(head.status.as_u16(), status, "{path}");
        let body: Bytes = to_bytes(body, usize::MAX).await.unwrap();
        let answer = axum::http::Response::builder()
            .status(status)
            .body(body)
            .unwrap();
        let violations = description.answer_violations(&method, path, &answer);
        assert_eq!(violations, Vec::<String>::new(), "{status} {path}");
    }
}
