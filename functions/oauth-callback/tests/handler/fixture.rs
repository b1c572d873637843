//! The handler over an embedded table and a fake Intercom, called as a browser calls it.

use std::time::Duration;

use identity::WorkspaceId;
use intercom::HttpsUrl;
use intercom::fake::{Directory, Fault, Workspace};
use intercom::rest::{Client, Limits};
use jiff::Timestamp;
use lambda_http::http::header::{COOKIE, HOST, LOCATION, SET_COOKIE};
use lambda_http::http::{Method, Response};
use lambda_http::{Body, Request};
use oauth_callback::State;
use platform::secrets::{LiveSecrets, Secrets};
use store::{Connection, Handover, HandoverToken};
use test_support::{CLIENT_ID, NOON, TABLE, TOKEN, TestStack};
use url::Url;

pub(crate) const SETTINGS: &str = "https://recapt.example/settings/integrations/intercom";
/// Where codes are exchanged for tokens.
pub(crate) const EXCHANGE: &str = "/auth/eagle/token";
/// What Intercom exchanges for a token.
pub(crate) const CODE: &str = "dG9rOmNvZGU=";

/// Patience for the retries of a repeatable call, and no more.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(1),
    call: Duration::from_secs(3),
    rate_limit_wait: Duration::ZERO,
};

pub(crate) struct Fixture {
    pub(crate) state: State,
    pub(crate) stack: TestStack,
}

/// A browser on its way through Intercom.
pub(crate) struct Attempt {
    /// What it was given to bring back.
    pub(crate) state: String,
    pub(crate) cookie: String,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        Self::on(TestStack::start().await).await
    }

    /// The handler over a table that nobody reaches.
    pub(crate) async fn without_table() -> Self {
        let nobody = test_support::dynamodb_at("http://127.0.0.1:1");
        Self::on(TestStack::over(nobody, NOON)).await
    }

    async fn on(stack: TestStack) -> Self {
        stack.intercom.add(acme(), Directory::default());
        stack.intercom.give(TOKEN);
        let hosts = stack.hosts().await;
        let state = State {
            store: stack.store.clone(),
            secrets: test_support::secrets(),
            intercom: Client::with_limits(hosts.clone(), LIMITS),
            hosts,
            settings: Some(HttpsUrl::parse(SETTINGS).unwrap()),
            clock: stack.clock.clone(),
        };
        Self { state, stack }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.stack.now()
    }

    pub(crate) async fn get(&self, path: &str, cookie: Option<&str>) -> Response<Body> {
        self.ask(Method::GET, path, cookie).await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        cookie: Option<&str>,
    ) -> Response<Body> {
        let mut request = Request::new(Body::Empty);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        let headers = request.headers_mut();
        headers.insert(HOST, "recapt.example".parse().unwrap());
        if let Some(cookie) = cookie {
            headers.insert(COOKIE, cookie.parse().unwrap());
        }
        let handler = |request| oauth_callback::handle(&self.state, request);
        platform::edge::answer(request, handler).await
    }

    /// Begins at an address, which must send the browser to Intercom.
    pub(crate) async fn begin(&self, path: &str) -> Attempt {
        let response = self.get(path, None).await;
        let url = Url::parse(&location(&response)).unwrap();
        let mut pairs = url.query_pairs();
        let (_, state) = pairs.find(|(name, _)| name == "state").unwrap();
        let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
        let (cookie, _) = cookie.split_once(';').unwrap();
        Attempt {
            state: state.into_owned(),
            cookie: cookie.to_owned(),
        }
    }

    /// Comes back with a code.
    pub(crate) async fn finish(&self, attempt: &Attempt) -> Response<Body> {
        self.stack.intercom.allow("acme", CODE);
        let path = format!("/oauth/callback?code={CODE}&state={}", attempt.state);
        self.get(&path, Some(&attempt.cookie)).await
    }

    /// The whole way, from `/install` to the answer.
    pub(crate) async fn connect(&self) -> Response<Body> {
        self.finish(&self.begin("/install").await).await
    }

    /// The only thing that goes wrong at Intercom, from now on.
    pub(crate) fn intercom_fails(&self, path: &str, fault: Fault) {
        self.stack.intercom.heal();
        self.stack.intercom.fail_always(path, fault);
    }

    /// How many codes Intercom was asked to exchange.
    pub(crate) fn exchanges(&self) -> usize {
        self.stack.intercom.calls_of(EXCHANGE).len()
    }

    /// What the settings page is told by the browser that was sent there.
    pub(crate) async fn handover(&self, response: &Response<Body>) -> Handover {
        let url = Url::parse(&location(response)).unwrap();
        let mut pairs = url.query_pairs();
        let (_, token) = pairs.find(|(name, _)| name == "handover").unwrap();
        let token = HandoverToken::parse(&token).unwrap();
        let handover = self.state.store.take_handover(&token, self.now());
        handover.await.unwrap().unwrap()
    }

    pub(crate) async fn connection(&self) -> Option<Connection> {
        let workspace = WorkspaceId::parse("acme").unwrap();
        self.state
            .store
            .connections()
            .get(&workspace)
            .await
            .unwrap()
    }

    /// Everything in the table but which states have been used: a text for each row.
    pub(crate) async fn rows(&self) -> Vec<String> {
        let scan = self
            .stack
            .table
            .scan()
            .table_name(TABLE)
            .send()
            .await
            .unwrap();
        let mut rows: Vec<String> = scan
            .items()
            .iter()
            .filter(|row| !row["PK"].as_s().unwrap().starts_with("STATE#"))
            .map(|row| {
                let mut attributes: Vec<_> = row.iter().collect();
                attributes.sort_by_key(|(name, _)| *name);
                format!("{attributes:?}")
            })
            .collect();
        rows.sort();
        rows
    }
}

/// An admin of the workspace `acme`, in Europe.
pub(crate) fn acme() -> Workspace {
    Workspace::new("acme", "Acme & Sons")
        .located("EU", "Europe/Dublin")
        .administered("2633609", "Ada", "ada@acme.example")
}

/// The secrets of a deployment whose operator has not told the app's secret.
pub(crate) fn incomplete_secrets() -> LiveSecrets {
    let variables = [
        ("MASTER_KEY", "2a".repeat(32)),
        ("INTERCOM_CLIENT_ID", CLIENT_ID.to_owned()),
    ];
    LiveSecrets::fixed(Secrets::of_environment(&variables.into_iter().collect()))
}

/// Where an answer sends the browser.
pub(crate) fn location(response: &Response<Body>) -> String {
    assert_eq!(response.status(), 303);
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

pub(crate) fn text(response: &Response<Body>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}
