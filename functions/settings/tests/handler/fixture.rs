//! The handler over an embedded table, and a browser that keeps cookies and sends the page's own forms.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use intercom::fake::Fault;
use intercom::{Hosts, HttpsUrl, rest};
use jiff::Timestamp;
use lambda_http::http::request::Builder;
use lambda_http::http::{HeaderMap, Method, Request, StatusCode};
use lambda_http::{Body, Response};
use outbox::Outbox;
use settings::{Addresses, State};
use store::{ApiKey, Connection, Handover, HandoverToken, KeyScope, SecretText};
use table::{PARTITION, SORT};
use test_support::{QueueName, TABLE, TestStack, new_connection};

pub(crate) const PAGE: &str = "/settings/integrations/intercom";
const HOST: &str = "app.example.com";

/// A row of the table.
pub(crate) type Row = HashMap<String, AttributeValue>;

pub(crate) struct Fixture {
    pub(crate) state: State,
    pub(crate) stack: TestStack,
    pub(crate) intercom_origin: String,
}

impl Fixture {
    /// The handler over an empty table.
    pub(crate) async fn start() -> Self {
        let stack = TestStack::start().await;
        let url = stack.intercom.serve().await.unwrap();
        let intercom_origin = url.origin().ascii_serialization();
        let hosts = Hosts::new(Some(url.clone()), Some(url)).unwrap();
        let host = HttpsUrl::parse(&format!("https://{HOST}")).unwrap();
        let state = State {
            store: stack.store.clone(),
            secrets: test_support::secrets(),
            intercom: rest::Client::new(hosts.clone()),
            queues: stack.queues.topics(),
            erase_queue: stack.queues.get(QueueName::Erase),
            outbox: Outbox::new(&stack.table, TABLE, test_support::master_key()),
            deliver_queue: stack.queues.get(QueueName::Deliver),
            addresses: Addresses::on(&host, hosts),
            clock: stack.clock.clone(),
        };
        Self {
            state,
            stack,
            intercom_origin,
        }
    }

    /// A session of this moment, as far as the list of all sessions knows it.
    pub(crate) async fn index_session(&self, connection: &Connection, session: &str) {
        let at = self.now();
        let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let partition = format!("ORG#{}#SESSIONS#{day}", connection.organization);
        let sort = format!("SESSION#{:015}#{session}", at.as_millisecond());
        let number = |number: i64| AttributeValue::N(number.to_string());
        let put = self.stack.table.put_item().table_name(TABLE);
        put.item("PK", AttributeValue::S(partition))
            .item("SK", AttributeValue::S(sort))
            .item("session", AttributeValue::S(session.to_owned()))
            .item("sort_at", number(at.as_millisecond()))
            .item("version", number(1))
            .item("next_seq", number(1))
            .item("expires", number(at.as_second() + 86_400))
            .send()
            .await
            .unwrap();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// Connects a workspace as `oauth-callback` does.
    pub(crate) async fn connect(&self, workspace: &str, name: &str, admin: &str) -> Connection {
        let mut new = new_connection(workspace, name);
        admin.clone_into(&mut new.installer.name);
        self.stack.connect(&new).await
    }

    /// Tokens that Intercom was asked to end.
    pub(crate) fn uninstalled(&self) -> Vec<String> {
        let calls = self.stack.intercom.calls_of("/auth/uninstall");
        let tokens = calls.iter().map(|call| call.token().unwrap().to_owned());
        tokens.collect()
    }

    /// What Intercom answers to an uninstall from now on.
    pub(crate) fn intercom_answers(&self, status: u16) {
        let answer = Fault::text(status, "");
        self.stack.intercom.fail_always("/auth/uninstall", answer);
    }

    /// Makes the first keys; gives the secret one.
    pub(crate) async fn first_keys(&self, connection: &Connection) -> SecretText {
        let (write, secret) = (
            ApiKey::from_random(KeyScope::Write, [1; 32]),
            ApiKey::from_random(KeyScope::Secret, [2; 32]),
        );
        let store = &self.state.store;
        store
            .of(&connection.organization)
            .api_keys()
            .create_first(&connection.preferences, &write, &secret, self.now())
            .await
            .unwrap();
        SecretText::new(secret.expose())
    }

    /// A link that begins a sign-in, as `oauth-callback` makes it.
    pub(crate) async fn handover(
        &self,
        connection: &Connection,
        first_secret_key: Option<SecretText>,
    ) -> String {
        let handover = Handover {
            organization: connection.organization.clone(),
            workspace: connection.workspace.clone(),
            epoch: connection.epoch,
            installer: connection.connected_by.clone().unwrap(),
            browser: self.browser().digest(),
            is_new: true,
            wanted: None,
            first_secret_key,
        };
        self.hand_over(&handover).await
    }

    /// The same, whatever it says.
    pub(crate) async fn hand_over(&self, handover: &Handover) -> String {
        let seed = self.rows().await.len();
        let token = HandoverToken::from_random([u8::try_from(seed).unwrap(); 32]);
        let store = &self.state.store;
        store.hand_over(&token, handover, self.now()).await.unwrap();
        format!("{PAGE}?handover={}", token.expose())
    }

    /// A browser whose admin has signed in.
    pub(crate) async fn signed_in(&self, connection: &Connection) -> Browser<'_> {
        let mut browser = self.browser();
        let link = self.handover(connection, None).await;
        let answer = browser.get(&link).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        browser
    }

    /// A browser whose admin has begun a sign-in, and nothing else.
    pub(crate) fn browser(&self) -> Browser<'_> {
        self.another_browser([1; 32])
    }

    /// One that was given these bytes when it began.
    pub(crate) fn another_browser(&self, bytes: [u8; 32]) -> Browser<'_> {
        Browser {
            fixture: self,
            known: pages::browser::Browser::from_random(bytes),
            cookie: None,
        }
    }

    /// Every row, in the order of their keys.
    pub(crate) async fn rows(&self) -> Vec<Row> {
        let scan = self
            .stack
            .table
            .scan()
            .table_name(TABLE)
            .send()
            .await
            .unwrap();
        let mut rows = scan.items().to_vec();
        rows.sort_by_key(|row| [PARTITION, SORT].map(|name| row[name].as_s().unwrap().clone()));
        rows
    }
}

/// Keeps the cookie of a sign-in, beside the one that it is known by.
#[derive(Clone)]
pub(crate) struct Browser<'a> {
    fixture: &'a Fixture,
    known: pages::browser::Browser,
    pub(crate) cookie: Option<String>,
}

impl Browser<'_> {
    /// What a handover names it by.
    pub(crate) fn digest(&self) -> String {
        self.known.digest()
    }

    /// Asks for an address, and says what for.
    pub(crate) async fn fetch(&mut self, target: &str, destination: &str) -> Answer {
        let request = Request::builder().uri(target);
        self.send(request.header("sec-fetch-dest", destination), Body::Empty)
            .await
    }

    pub(crate) async fn get(&mut self, target: &str) -> Answer {
        self.send(Request::builder().uri(target), Body::Empty).await
    }

    pub(crate) async fn head(&mut self, target: &str) -> Answer {
        self.send(Request::head(target), Body::Empty).await
    }

    /// Sends a form of the page as it stands there, with some fields filled in otherwise.
    pub(crate) async fn submit(&mut self, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(PAGE).await;
        let mut form = page.form(action, fields);
        for (name, value) in fields {
            form.retain(|(field, _)| field != name);
            form.push(((*name).to_owned(), (*value).to_owned()));
        }
        self.post(action, &form, &[("sec-fetch-site", "same-origin")])
            .await
    }

    /// Sends the form of a page that leads to an address, with some fields filled in otherwise.
    pub(crate) async fn submit_to(
        &mut self,
        page: &str,
        target: &str,
        filled: &[(&str, &str)],
    ) -> Answer {
        let form = self.get(page).await.form_to(target);
        let mut form = form.unwrap_or_else(|| panic!("no form to {target}"));
        for (name, value) in filled {
            form.retain(|(field, _)| field != name);
            form.push(((*name).to_owned(), (*value).to_owned()));
        }
        self.post_to(target, &form).await
    }

    /// Sends these fields to an address.
    pub(crate) async fn post_to(&mut self, target: &str, fields: &[(String, String)]) -> Answer {
        let pairs = fields.iter();
        let body: Vec<_> = pairs
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(target)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::Text(body.join("&"))).await
    }

    /// Sends these fields.
    pub(crate) async fn post(
        &mut self,
        action: &str,
        fields: &[(String, String)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{PAGE}/{action}"))
            .header("content-type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        self.send(request, Body::Text(body.join("&"))).await
    }

    async fn send(&mut self, request: Builder, body: Body) -> Answer {
        let known = self.known.cookie(&HeaderMap::new()).unwrap();
        let known = known.to_str().unwrap().split(';').next().unwrap();
        let request = request.header("host", HOST).header("cookie", known);
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let handler = |request| settings::handle(&self.fixture.state, request);
        let response = platform::edge::answer(request.body(body).unwrap(), handler).await;
        if let Some(cookie) = response.headers().get("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let value = cookie.split(';').next().unwrap();
            self.cookie = (!cookie.contains("Max-Age=0")).then(|| value.to_owned());
        }
        Answer::of(&response)
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
    pub(crate) location: String,
    pub(crate) set_cookie: String,
    /// All cookies that it sets.
    pub(crate) cookies: Vec<String>,
    pub(crate) policy: String,
}

impl Answer {
    fn of(response: &Response<Body>) -> Self {
        let header = |name| {
            let value = response.headers().get(name);
            value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
        };
        let cookies = response.headers().get_all("set-cookie").iter();
        Self {
            status: response.status(),
            cookies: cookies
                .map(|cookie| cookie.to_str().unwrap().to_owned())
                .collect(),
            body: String::from_utf8(response.body().to_vec()).unwrap(),
            location: header("location"),
            set_cookie: header("set-cookie"),
            policy: header("content-security-policy"),
        }
    }

    /// The hidden fields of the first form that is sent to an address.
    pub(crate) fn form_to(&self, target: &str) -> Option<Vec<(String, String)>> {
        let opening = format!(r#"action="{target}""#);
        let mut forms = self.body.split("<form").skip(1);
        let form = forms.find(|form| form.contains(&opening))?;
        Some(fields(form.split("</form>").next()?))
    }

    /// The hidden fields of the form that is sent there; of several, the one that holds the given fields.
    pub(crate) fn form(&self, action: &str, given: &[(&str, &str)]) -> Vec<(String, String)> {
        let opening = format!(r#"action="{PAGE}/{action}""#);
        let forms = self.body.split("<form").skip(1);
        let hidden = forms
            .filter(|form| form.contains(&opening))
            .map(|form| fields(form.split("</form>").next().unwrap()));
        let fits = |form: &Vec<(String, String)>| {
            given.iter().all(|(name, value)| {
                let field = form.iter().find(|(field, _)| field == name);
                !["scope", "id"].contains(name)
                    || field.is_some_and(|(_, written)| written == value)
            })
        };
        let mut hidden = hidden.filter(fits);
        hidden
            .next()
            .unwrap_or_else(|| panic!("no form for {action}"))
    }
}

fn fields(form: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!("{name}=\""))?.1;
        Some(rest.split_once('"')?.0.to_owned())
    };
    form.split(r#"<input type="hidden""#)
        .skip(1)
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect()
}

fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}
