//! The pretend Intercom: as an app sees it, and as the browser of an admin does.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

use http::{Method, StatusCode};
use intercom::installation::Health;
use intercom::oauth::{App, Callback};
use intercom::openapi::Description;
use intercom::rest::{Advice, Client};
use intercom::{Hosts, Region};
use local::{Bundle, Config};
use platform::config::Environment;
use reqwest::Response;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use tempfile::TempDir;
use url::Url;

/// A bundle without the demo, and a browser that follows no redirect by itself.
struct Fixture {
    bundle: Bundle,
    browser: reqwest::Client,
    data_dir: TempDir,
}

impl Fixture {
    async fn start() -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let path = data_dir.path().display().to_string();
        let variables = [("PORT", "0"), ("DEMO", "0"), ("DATA_DIR", &path)];
        let environment: Environment = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let config = Config::from_environment(&environment).unwrap();
        Self {
            bundle: Bundle::start(config).await.unwrap(),
            browser: reqwest::Client::builder()
                .redirect(Policy::none())
                .build()
                .unwrap(),
            data_dir,
        }
    }

    async fn get(&self, url: &str, cookie: &str) -> Response {
        let request = self.browser.get(url).header(COOKIE, cookie);
        request.send().await.unwrap()
    }

    /// Sends a form to a page of the pretend Intercom.
    async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let url = format!("{}/intercom/{path}", self.bundle.url());
        let request = self.browser.post(url).body(body);
        let kind = "application/x-www-form-urlencoded";
        request.header("content-type", kind).send().await.unwrap()
    }

    /// Decides as an admin of the second workspace; the address that they are sent to.
    async fn decide(&self, decision: &str, state: &str) -> String {
        let fields = [
            ("state", state),
            ("workspace", "second"),
            ("decision", decision),
        ];
        location(&self.submit("oauth", &fields).await)
    }

    fn client(&self) -> Client {
        let url = format!("{}/intercom", self.bundle.url());
        Client::new(Hosts::parse(Some(&url), None).unwrap())
    }
}

fn location(response: &Response) -> String {
    assert!(response.status().is_redirection(), "{}", response.status());
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

/// The cookie that an answer sets, as it is brought back.
fn cookie(response: &Response) -> String {
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    cookie.split_once(';').unwrap().0.to_owned()
}

fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(found, _)| found == name);
    found.unwrap().1.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_an_app_as_intercom_describes() {
    let fixture = Fixture::start().await;
    let client = fixture.client();
    let app = App::new("local-client-id", "local-client-secret").unwrap();
    let back = fixture.decide("allow", "x").await;
    let code = Callback::parse(Url::parse(&back).unwrap().query().unwrap())
        .code
        .unwrap();
    let token = client.exchange(&app, &code).await.unwrap();
    let used = client.exchange(&app, &code).await.unwrap_err();
    assert_eq!(used.advice(), Advice::Reconnect);
    let me = client.me(Region::Us, &token).await.ok().unwrap();
    assert_eq!(me.admin.verified_email(), Some("teammate@example.com"));
    let workspace = me.workspace.unwrap();
    assert_eq!(
        (workspace.id.as_str(), workspace.region),
        ("second", Region::Eu)
    );
    let health = Health::Ok;
    client
        .push_health(Region::Us, &token, &health)
        .await
        .unwrap();

    let description = Description::beside_the_project();
    let url = format!("{}/intercom/me", fixture.bundle.url());
    for (token, status) in [
        (token.expose(), StatusCode::OK),
        ("made-up", StatusCode::UNAUTHORIZED),
    ] {
        let answer = fixture.browser.get(&url).bearer_auth(token);
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), status);
        let answer = http::Response::builder()
            .status(answer.status())
            .body(answer.bytes().await.unwrap())
            .unwrap();
        // Of /me the description knows success alone; what refuses is described for every contact.
        let path = match status {
            StatusCode::OK => "/me",
            _ => "/contacts/1",
        };
        if let Some(description) = &description {
            let violations = description.answer_violations(&Method::GET, path, &answer);
            assert_eq!(violations, Vec::<String>::new());
        }
    }

    client.uninstall(Region::Us, &token).await.unwrap();
    let dead = client.me(Region::Us, &token).await.err().unwrap();
    assert_eq!(dead.advice(), Advice::Reconnect);
    fixture.bundle.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_connects_a_workspace_and_the_app_store_takes_it_out_again() {
    let fixture = Fixture::start().await;
    let begun = fixture
        .get(&format!("{}/install", fixture.bundle.url()), "")
        .await;
    let (asked, attempt) = (location(&begun), cookie(&begun));
    let page = fixture.get(&asked, "").await.text().await.unwrap();
    assert!(page.contains("Allow") && page.contains("Deny"), "{page}");

    let state = parameter(&asked, "state");
    let denied = fixture.decide("deny", &state).await;
    let page = fixture.get(&denied, &attempt).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(page.text().await.unwrap().contains("not allowed"));

    let allowed = fixture.decide("allow", &state).await;
    assert!(parameter(&allowed, "code").ends_with('='));
    let settings = location(&fixture.get(&allowed, &attempt).await);
    let settings = fixture.get(&settings, "").await;
    let session = cookie(&settings);
    let page = format!("{}/settings/integrations/intercom", fixture.bundle.url());
    let shown = fixture.get(&page, &session).await.text().await.unwrap();
    assert!(shown.contains("Second workspace"), "{shown}");

    let ask = async |action| {
        let fields = [("workspace", "second"), ("action", action)];
        let answer = fixture.submit("appstore", &fields).await;
        unescaped(&answer.text().await.unwrap())
    };
    assert!(ask("health").await.contains(r#"{"state":"OK"}"#));
    ask("uninstall").await;
    assert!(ask("health").await.contains(r#""state":"UNHEALTHY""#));

    fixture.bundle.shutdown().await;
    for file in std::fs::read_dir(fixture.data_dir.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        // Tokens of this workspace begin with its id and the time.
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("second.1"), "{}", path.display());
    }
}

/// The text of a page, as far as it is escaped here.
fn unescaped(page: &str) -> String {
    page.replace("&#34;", "\"").replace("&quot;", "\"")
}
