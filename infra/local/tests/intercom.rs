//! The pretend Intercom: as an app sees it, and as the browser of an admin does.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

use http::{Method, StatusCode};
use intercom::installation::Health;
use intercom::oauth::{AccessToken, App, Callback};
use intercom::openapi::Description;
use intercom::rest::{Advice, Client};
use intercom::{Hosts, Region};
use jiff::{SignedDuration, Timestamp};
use local::{Bundle, Config};
use platform::config::Environment;
use reqwest::Response;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
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
        // A search that is late has tests of its own.
        let variables = [
            ("PORT", "0"),
            ("DEMO", "0"),
            ("SEARCH_LAG_MS", "0"),
            ("DATA_DIR", &path),
        ];
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
        self.decide_of("second", decision, state).await
    }

    async fn decide_of(&self, workspace: &str, decision: &str, state: &str) -> String {
        let fields = [
            ("state", state),
            ("workspace", workspace),
            ("decision", decision),
        ];
        location(&self.submit("oauth", &fields).await)
    }

    /// A token for a workspace, whose admin allows the app.
    async fn token(&self, workspace: &str) -> AccessToken {
        let back = self.decide_of(workspace, "allow", "x").await;
        let query = Url::parse(&back).unwrap().query().unwrap().to_owned();
        let code = Callback::parse(&query).code.unwrap();
        let app = App::new("local-client-id", "local-client-secret").unwrap();
        self.client().exchange(&app, &code).await.unwrap()
    }

    /// What the script of the Inbox page asks for.
    async fn inbox(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}/inbox/{path}", self.bundle.url());
        let answer = self.browser.post(url).json(body).send().await.unwrap();
        answer.json().await.unwrap()
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

/// The cookies that an answer sets, as they are brought back.
fn cookie(response: &Response) -> String {
    let cookies = response.headers().get_all(SET_COOKIE).iter();
    let cookies = cookies.map(|cookie| cookie.to_str().unwrap().split_once(';').unwrap().0);
    cookies.collect::<Vec<_>>().join("; ")
}

fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(found, _)| found == name);
    found.unwrap().1.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_an_app_as_intercom_describes() {
    let fixture = Box::pin(Fixture::start()).await;
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
async fn it_tells_an_app_of_contacts_and_conversations_as_intercom_describes() {
    let fixture = Box::pin(Fixture::start()).await;
    let client = fixture.client();
    let token = fixture.token("local").await;
    let visitor = json!({
        "visitor_id": "v-1", "page": "https://shop.example/cart",
        "browser": { "browser": "chrome", "browser_version": "156.0", "os": "Linux", "browser_language": "en" },
    });
    let begun = fixture.inbox("conversations", &visitor).await;
    fixture
        .inbox("conversations", &json!({ "user_id": "7" }))
        .await;
    let conversation = begun["conversation"]["id"].as_str().unwrap();
    let lead = begun["conversation"]["contact"]["id"].as_str().unwrap();

    let contact = client.contact(Region::Us, &token, lead).await.unwrap();
    let contact = contact.unwrap();
    assert_eq!(contact.external_id.as_deref(), Some("v-1"));
    assert_eq!(contact.client.browser.as_deref(), Some("chrome"));
    let none = client.contact(Region::Us, &token, "nobody").await.unwrap();
    assert!(none.is_none());

    let after = Timestamp::now() - SignedDuration::from_hours(48);
    let search = || client.contacts_updated_after(Region::Us, &token, after, None);
    let found = search().await.unwrap();
    assert_eq!(found.items.len(), 2);
    assert!(found.next.is_none());
    assert!(found.rate_limit.is_some());
    let of_conversations = client.conversations_updated_after(Region::Us, &token, after, None);
    assert_eq!(of_conversations.await.unwrap().items.len(), 2);

    // Who is put away is told about, but not found; who is deleted is gone.
    let change = format!("conversations/{conversation}/contact");
    fixture.inbox(&change, &json!("archive")).await;
    let archived = client.contact(Region::Us, &token, lead).await.unwrap();
    assert!(archived.is_some());
    assert_eq!(search().await.unwrap().items.len(), 1);
    fixture.inbox(&change, &json!("delete")).await;
    let deleted = client.contact(Region::Us, &token, lead).await.unwrap();
    assert!(deleted.is_none());

    let second = fixture.token("second").await;
    let found = client.contacts_updated_after(Region::Us, &second, after, None);
    assert_eq!(found.await.unwrap().items.len(), 0, "of another workspace");

    let query = json!({ "field": "updated_at", "operator": ">", "value": after.as_second() });
    let body = json!({ "query": query, "pagination": { "per_page": 1 } });
    for (method, path) in [
        (Method::POST, "/contacts/search"),
        (Method::POST, "/conversations/search"),
        (Method::GET, "/contacts/{}"),
    ] {
        let user = search().await.unwrap().items[0].id.clone();
        let path = path.replace("{}", &user);
        let url = format!("{}/intercom{path}", fixture.bundle.url());
        let request = fixture.browser.request(method.clone(), url).json(&body);
        let answer = request.bearer_auth(token.expose()).send().await.unwrap();
        let answer = http::Response::builder()
            .status(answer.status())
            .body(answer.bytes().await.unwrap())
            .unwrap();
        if let Some(description) = Description::beside_the_project() {
            let violations = description.answer_violations(&method, &path, &answer);
            assert_eq!(violations, Vec::<String>::new(), "{path}");
        }
    }
    fixture.bundle.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_connects_a_workspace_and_the_app_store_takes_it_out_again() {
    let fixture = Box::pin(Fixture::start()).await;
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
    assert!(page.text().await.unwrap().contains("Access declined"));

    let allowed = fixture.decide("allow", &state).await;
    assert!(parameter(&allowed, "code").ends_with('='));
    let back = fixture.get(&allowed, &attempt).await;
    let settings = fixture.get(&location(&back), &cookie(&back)).await;
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
