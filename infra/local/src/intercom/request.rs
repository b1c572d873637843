//! Requests to the app: the signature, and what Intercom makes of the answers.

use std::time::Duration;

use intercom::fake::{
    Directory, FakeContact, FakeConversation, FakeIntercom, Notification, Refused, initialize,
};
use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::WORKSPACE;
use super::card::{Card, people};
use super::change::{AskedChange, NotChanged};
use super::start::{Problem, Start};

/// How long Intercom waits for a canvas, as other integrations report it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pretend Intercom. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Intercom {
    fake: FakeIntercom,
    app_url: String,
    pub(super) client_secret: ClientSecret,
    pub(super) client: reqwest::Client,
}

/// What somebody did in the canvas on screen: the fields that a submit adds to an initialize.
#[derive(Debug, Deserialize)]
pub(super) struct Submit {
    component_id: String,
    input_values: Map<String, Value>,
    current_canvas: Value,
}

/// Why there is no answer to show. Intercom itself shows one sentence for all of these.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("no conversation has this id")]
    NoSuchConversation,
    #[error("the app's endpoint did not answer within {} seconds", PATIENCE.as_secs())]
    TimedOut,
    #[error("the app's endpoint cannot be reached")]
    Unreachable,
    #[error("the app's endpoint answered {0} instead of 200")]
    Status(u16),
    #[error("the app's endpoint answered something that is not JSON")]
    NotJson,
}

impl Intercom {
    /// An Intercom whose app lives at `app_url`, an address without a slash at its end.
    pub(crate) fn new(fake: FakeIntercom, app_url: &str, client_secret: ClientSecret) -> Self {
        Self {
            fake,
            app_url: app_url.to_owned(),
            client_secret,
            client: reqwest::Client::new(),
        }
    }

    /// What it knows, and whom it lets in.
    pub(super) fn fake(&self) -> &FakeIntercom {
        &self.fake
    }

    /// The conversations in the Inbox, the latest one first.
    pub(super) fn conversations(&self) -> Vec<FakeConversation> {
        let listed = |directory: &Directory| directory.conversations().to_vec();
        self.fake.read(WORKSPACE, listed).unwrap_or_default()
    }

    /// What Intercom knows of the contact of a conversation.
    pub(super) fn card(&self, conversation: &str) -> Option<Card> {
        let card = |directory: &Directory| {
            let conversation = directory.conversation(conversation)?;
            Some(Card::of(directory, &conversation.contact))
        };
        self.fake.read(WORKSPACE, card).flatten()
    }

    /// Whoever has begun no conversation, the latest first.
    pub(super) fn people(&self) -> Vec<FakeContact> {
        self.fake.read(WORKSPACE, people).unwrap_or_default()
    }

    fn conversation(&self, id: &str) -> Option<FakeConversation> {
        let found = |directory: &Directory| directory.conversation(id).cloned();
        self.fake.read(WORKSPACE, found).flatten()
    }

    /// Begins a conversation, which lasts as long as this process.
    ///
    /// # Errors
    /// When the writer is nobody, or nowhere.
    pub(super) fn begin(&self, start: Start, now: Timestamp) -> Result<FakeConversation, Problem> {
        // Ids are never given twice, not even after a restart.
        let number = now.as_millisecond() + self.conversations().len() as i64;
        let begin = |directory: &mut Directory| {
            let begun = start.begin(directory, number, now)?;
            directory.add_conversation(begun.clone());
            Ok(begun)
        };
        self.fake
            .write(WORKSPACE, begin)
            .unwrap_or(Err(Problem::Nobody))
    }

    /// Changes the contact of a conversation; what the app is to be notified of.
    ///
    /// # Errors
    /// When Intercom would not do that.
    pub(super) fn change(
        &self,
        conversation: &str,
        change: AskedChange,
    ) -> Result<Notification, NotChanged> {
        let conversation = self.conversation(conversation).ok_or(Refused::Gone)?;
        let change = change.parse()?;
        let contact = &conversation.contact.id;
        Ok(self.fake.change(WORKSPACE, contact, change)?)
    }

    /// Asks the app for its canvas beside a conversation: the first one, or the one that follows a submit.
    /// Gives the whole answer, such as `{"canvas": …}`.
    pub(super) async fn canvas(
        &self,
        conversation_id: &str,
        submit: Option<Submit>,
    ) -> Result<Value, Failure> {
        let conversation = self.conversation(conversation_id);
        let conversation = conversation.ok_or(Failure::NoSuchConversation)?;
        let workspace = self.fake.workspace(WORKSPACE);
        let workspace = workspace.ok_or(Failure::NoSuchConversation)?;

        let mut body = initialize(&workspace, &conversation);
        let mut route = "canvas/initialize";
        if let Some(submit) = submit {
            route = "canvas/submit";
            body["component_id"] = json!(submit.component_id);
            body["input_values"] = json!(submit.input_values);
            body["current_canvas"] = submit.current_canvas;
        }
        self.post(route, body.to_string()).await
    }

    /// Where the app answers.
    pub(super) fn app_url(&self, route: &str) -> String {
        format!("{}/{route}", self.app_url)
    }

    /// Asks the app something, signed.
    pub(super) async fn post(&self, route: &str, body: String) -> Result<Value, Failure> {
        let response = self
            .client
            .post(self.app_url(route))
            .header("content-type", "application/json")
            .header(
                BODY_SIGNATURE_HEADER,
                sign_body(&self.client_secret, body.as_bytes()),
            )
            .timeout(PATIENCE)
            .body(body)
            .send()
            .await
            .map_err(|error| failure(&error))?;
        match response.status().as_u16() {
            200 => response.json().await.map_err(|error| {
                if error.is_decode() {
                    Failure::NotJson
                } else {
                    failure(&error)
                }
            }),
            other => Err(Failure::Status(other)),
        }
    }
}

/// Why a request has no answer.
pub(super) fn failure(error: &reqwest::Error) -> Failure {
    if error.is_timeout() {
        Failure::TimedOut
    } else {
        Failure::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Bytes, http::HeaderMap, http::StatusCode, routing::post};
    use intercom::fake::{Options, Role};
    use intercom::signature::verify_body_signature;
    use tokio::net::TcpListener;

    use super::*;
    use crate::intercom::add_workspaces;

    /// One that has the conversation `7`, and whose app is at an address.
    fn intercom(app_url: &str) -> Intercom {
        let lead = FakeContact::new("c1".to_owned(), Role::Lead, Timestamp::UNIX_EPOCH);
        let conversation = FakeConversation::new("7".to_owned(), lead);
        let fake = FakeIntercom::new(Options::new("id", secret()));
        add_workspaces(&fake, vec![conversation]);
        Intercom::new(fake, app_url, secret())
    }

    fn secret() -> ClientSecret {
        ClientSecret::parse("secret").unwrap()
    }

    /// An app that answers every canvas request alike, if its signature is right.
    async fn app(status: StatusCode, answer: &'static str) -> Intercom {
        let handler = move |headers: HeaderMap, body: Bytes| async move {
            let header = headers
                .get(BODY_SIGNATURE_HEADER)
                .map(|value| value.as_bytes());
            verify_body_signature(&secret(), &body, header).unwrap();
            (status, answer)
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/canvas/initialize", post(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
        intercom(&url)
    }

    #[tokio::test]
    async fn an_answer_comes_back_as_it_is() {
        let intercom = app(StatusCode::OK, r#"{"canvas":{}}"#).await;
        assert_eq!(
            intercom.canvas("7", None).await.unwrap(),
            json!({ "canvas": {} })
        );
    }

    #[tokio::test]
    async fn every_failure_says_what_it_was() {
        let cases = [
            (
                app(StatusCode::UNAUTHORIZED, "").await,
                "7",
                "the app's endpoint answered 401 instead of 200",
            ),
            (
                app(StatusCode::OK, "<html>").await,
                "7",
                "the app's endpoint answered something that is not JSON",
            ),
            (
                app(StatusCode::OK, "{}").await,
                "8",
                "no conversation has this id",
            ),
            (
                intercom("http://127.0.0.1:1"),
                "7",
                "the app's endpoint cannot be reached",
            ),
        ];
        for (intercom, id, reason) in cases {
            assert_eq!(
                intercom.canvas(id, None).await.unwrap_err().to_string(),
                reason
            );
        }
    }
}
