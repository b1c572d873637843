//! The handler over an embedded table, recordings in it, and whoever may look at them.

use std::io::Read;

use flate2::read::GzDecoder;
use identity::{Alias, OrganizationId, PersonId, SessionId};
use intercom::HttpsUrl;
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::{HeaderMap, Method, Request, StatusCode};
use lambda_http::{Body, Response};
use pages::addresses::Pages;
use pages::sign_in::SignIn;
use pages::signed::Signer;
use pages::viewing::{Scope, ViewingLink};
use platform::clock::Clock;
use platform::secrets::Secrets;
use serde_json::{Value, json};
use sessions::{LastChunk, State};
use store::{Advance, ChunkOutcome, Connection, NewChunk, SignInId, Store};
use test_support::{QueueName, RETENTION_DAYS, TestStack, environment, new_connection};

const HOST: &str = "app.example.com";

pub(crate) struct Fixture {
    pub(crate) state: State,
    pub(crate) stack: TestStack,
    pub(crate) signer: Signer,
}

impl Fixture {
    /// The handler over an empty table.
    pub(crate) async fn start() -> Self {
        let stack = TestStack::start().await;
        let signer = Signer::of(&Secrets::of_environment(&environment())).unwrap();
        let host = HttpsUrl::parse(&format!("https://{HOST}")).unwrap();
        let state = State {
            recordings: stack.recordings.clone(),
            secrets: test_support::secrets(),
            erase_queue: stack.queues.get(QueueName::Erase),
            pages: Pages::on(&host),
            last_chunk: LastChunk::default(),
            clock: stack.clock.clone(),
        };
        Self {
            state,
            stack,
            signer,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    pub(crate) fn store(&self) -> &Store {
        self.state.recordings.store()
    }

    /// The same handler, later.
    pub(crate) fn later(&mut self, by: SignedDuration) {
        self.state.clock = Clock::fixed(self.now() + by);
    }

    /// Names of the calls to the table since the last look, sorted.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.stack.calls.take()
    }

    /// A connected workspace, whose organization is named after it.
    pub(crate) async fn connect(&self, workspace: &str) -> Connection {
        let mut new = new_connection(workspace, "Shop");
        "Ada Admin".clone_into(&mut new.installer.name);
        self.store()
            .connections()
            .connect(&new, self.now())
            .await
            .unwrap()
    }

    /// Of an admin, just now.
    pub(crate) fn sign_in(&self, connection: &Connection) -> SignIn {
        SignIn {
            id: SignInId::from_random([7; 16]),
            organization: connection.organization.clone(),
            workspace: connection.workspace.clone(),
            admin: connection.connected_by.clone().unwrap(),
            epoch: connection.epoch,
            issued_at: self.now(),
        }
    }

    /// The cookie of an admin who has signed in.
    pub(crate) fn cookie(&self, connection: &Connection) -> String {
        let sign_in = self.sign_in(connection);
        let cookie = sign_in.cookie(&HeaderMap::new(), &self.signer, self.now());
        let cookie = cookie.unwrap();
        cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    }

    /// What the canvas hands out for one session.
    pub(crate) fn key(&self, connection: &Connection, session: &str) -> String {
        let session = SessionId::parse(session).unwrap();
        let link = ViewingLink::of(connection, Scope::Session(session));
        link.sign(&self.signer, self.now()).unwrap()
    }

    /// What it hands out for all sessions of these people.
    pub(crate) fn key_of_people(&self, connection: &Connection, people: &[PersonId]) -> String {
        let link = ViewingLink::of(connection, Scope::People(people.to_vec()));
        link.sign(&self.signer, self.now()).unwrap()
    }

    /// Who was recorded under this alias.
    pub(crate) async fn people_called(&self, connection: &Connection, name: &str) -> Vec<PersonId> {
        let store = self.store().of(&connection.organization);
        let people = store.people().called(name).await.unwrap();
        self.calls();
        people
    }

    /// Opens an address as a browser does: follows to where it leads, with the cookie that it was given.
    pub(crate) async fn browse(&self, target: &str) -> (Answer, Option<String>) {
        let led = self.get(target, None).await;
        if led.status != StatusCode::SEE_OTHER {
            return (led, None);
        }
        let cookie = led.cookie();
        let answer = self.get(led.header("location"), cookie.as_deref()).await;
        (answer, cookie)
    }

    /// Stores chunks under these numbers, and a summary of all of them together.
    pub(crate) async fn record(
        &self,
        organization: &OrganizationId,
        session: &str,
        aliases: &[Alias],
        chunks: &[(u32, Vec<Value>)],
    ) {
        let recordings = &self.state.recordings;
        let session = SessionId::parse(session).unwrap();
        let mut all = Vec::new();
        for (seq, events) in chunks {
            let payload = json!(events).to_string().into_bytes();
            let facts = replay::inspect_chunk(&payload).unwrap();
            let chunk = NewChunk {
                seq: *seq,
                sent: &payload,
                payload: &payload,
                is_masked: false,
                is_unsure: false,
                editables: None,
                facts: &facts,
            };
            let accepted = recordings
                .of(organization)
                .accept_chunk(&session, &chunk, RETENTION_DAYS, self.now())
                .await;
            assert_eq!(accepted.unwrap(), ChunkOutcome::Stored);
            all.extend(events.iter().cloned());
        }
        let store = self.store();
        let said = store::Identification::verified(aliases);
        let identified =
            store
                .of(organization)
                .sessions()
                .identify(&session, &said, RETENTION_DAYS, self.now());
        identified.await.unwrap();
        let requested = store.of(organization).sessions().request_summary(
            &session,
            RETENTION_DAYS,
            self.now(),
            false,
        );
        requested.await.unwrap();
        let begun = store
            .of(organization)
            .sessions()
            .begin_summary(&session, self.now());
        let progress = begun.await.unwrap().unwrap();
        let summary = replay::summarize(json!(all).to_string().as_bytes()).unwrap();
        let advance = Advance {
            next_seq: 1,
            state: Some(recordings.write_state(&progress, b"state").await.unwrap()),
            summary,
            before: None,
            received_at: self.now(),
            skipped: Vec::new(),
        };
        let saved = recordings.save_summary(&progress, &advance, self.now());
        saved.await.unwrap();
        self.calls();
    }

    /// Opens a page as whoever has this cookie, or none.
    pub(crate) async fn get(&self, target: &str, cookie: Option<&str>) -> Answer {
        self.send(Method::GET, target, cookie, "", &[]).await
    }

    /// Sends a form of ours.
    pub(crate) async fn post(&self, target: &str, cookie: Option<&str>, form: &str) -> Answer {
        let ours = [("sec-fetch-site", "same-origin")];
        self.send(Method::POST, target, cookie, form, &ours).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        target: &str,
        cookie: Option<&str>,
        form: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", HOST)
            .header("content-type", "application/x-www-form-urlencoded");
        let request = cookie
            .into_iter()
            .fold(request, |request, cookie| request.header("cookie", cookie));
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let request = request.body(Body::Text(form.to_owned())).unwrap();
        let handler = |request| sessions::handle(&self.state, request);
        Answer::of(platform::edge::answer(request, handler).await)
    }
}

/// What came back.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let header = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap());
        let body = match header("content-encoding") {
            Some("gzip") => {
                let mut text = String::new();
                GzDecoder::new(&*body.to_vec())
                    .read_to_string(&mut text)
                    .unwrap();
                text
            }
            Some("zstd") => {
                let body = zstd::decode_all(&*body.to_vec()).unwrap();
                String::from_utf8(body).unwrap()
            }
            _ => String::from_utf8(body.to_vec()).unwrap(),
        };
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that it sets, as it comes back.
    pub(crate) fn cookie(&self) -> Option<String> {
        let cookie = self.header("set-cookie").split(';').next().unwrap();
        (!cookie.is_empty()).then(|| cookie.to_owned())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The value of the first attribute or hidden field that stands after this text.
    pub(crate) fn after(&self, text: &str) -> String {
        value_after(&self.body, text)
    }

    /// The same below the page's head, in which the form to sign out stands.
    pub(crate) fn after_head(&self, text: &str) -> String {
        value_after(self.body.split_once("</header>").unwrap().1, text)
    }
}

fn value_after(page: &str, text: &str) -> String {
    let rest = page.split_once(text);
    let rest = rest.unwrap_or_else(|| panic!("no {text} in {page}"));
    rest.1.split('"').next().unwrap().to_owned()
}

/// The organization of a connection, as the owner of what is recorded.
pub(crate) fn email(address: &str) -> Alias {
    Alias::email(address).unwrap()
}

/// When recordings begin here, milliseconds since 1970: three hours before now.
pub(crate) const START: i64 = 1_795_164_600_000;

/// What a recorder sends on a page: its size, all of it, and a click.
pub(crate) fn page(url: &str, at: i64) -> Vec<Value> {
    let at = START + at;
    let text = json!({ "type": 3, "id": 5, "textContent": "Hello" });
    let body =
        json!({ "type": 2, "id": 4, "tagName": "body", "attributes": {}, "childNodes": [text] });
    let html =
        json!({ "type": 2, "id": 3, "tagName": "html", "attributes": {}, "childNodes": [body] });
    let document = json!({ "type": 0, "id": 1, "childNodes": [html] });
    let offset = json!({ "top": 0, "left": 0 });
    vec![
        json!({ "type": 4, "timestamp": at, "data": { "href": url, "width": 800, "height": 600 } }),
        json!({ "type": 2, "timestamp": at + 10, "data": { "node": document, "initialOffset": offset } }),
        json!({ "type": 3, "timestamp": at + 500, "data": { "source": 3, "id": 1, "x": 0, "y": 40 } }),
    ]
}
