//! Canvas requests: the bodies, the signature, and what Intercom makes of the answers.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Contact, Conversation, WORKSPACE, start::Writer};

/// How long Intercom waits for a canvas, as other integrations report it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pretend Intercom. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Intercom {
    conversations: Arc<RwLock<Vec<Conversation>>>,
    canvas_url: String,
    client_secret: ClientSecret,
    client: reqwest::Client,
}

/// What somebody did in the canvas on screen: the fields that a submit adds to an initialize.
#[derive(Debug, Deserialize)]
pub(super) struct Submit {
    component_id: String,
    input_values: Map<String, Value>,
    current_canvas: Value,
}

/// Why there is no canvas to draw. Intercom itself shows one sentence for all of these.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("no conversation has this id")]
    NoSuchConversation,
    #[error("the canvas endpoint did not answer within {} seconds", PATIENCE.as_secs())]
    TimedOut,
    #[error("the canvas endpoint cannot be reached")]
    Unreachable,
    #[error("the canvas endpoint answered {0} instead of 200")]
    Status(u16),
    #[error("the canvas endpoint answered something that is not JSON")]
    NotJson,
}

impl Intercom {
    /// An Intercom whose app lives at `app_url`, an address without a slash at its end.
    pub(crate) fn new(
        conversations: Vec<Conversation>,
        app_url: &str,
        client_secret: ClientSecret,
    ) -> Self {
        Self {
            conversations: Arc::new(RwLock::new(conversations)),
            canvas_url: format!("{app_url}/canvas"),
            client_secret,
            client: reqwest::Client::new(),
        }
    }

    /// The open conversations, the latest one first.
    pub(super) fn conversations(&self) -> Vec<Conversation> {
        let conversations = self.conversations.read();
        conversations
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Begins a conversation, which lasts as long as this process.
    ///
    /// # Errors
    /// When the writer is nobody.
    pub(super) fn begin(
        &self,
        writer: Writer,
        now: Timestamp,
    ) -> Result<Conversation, identity::Error> {
        let conversations = self.conversations.write();
        let mut conversations = conversations.unwrap_or_else(PoisonError::into_inner);
        let begun = writer.begin((conversations.len() + 1).to_string(), now)?;
        conversations.insert(0, begun.clone());
        Ok(begun)
    }

    /// Asks the app for its canvas beside a conversation: the first one, or the one that follows a submit.
    /// Gives the whole answer, such as `{"canvas": …}`.
    pub(super) async fn canvas(
        &self,
        conversation_id: &str,
        submit: Option<Submit>,
    ) -> Result<Value, Failure> {
        let mut conversations = self.conversations().into_iter();
        let conversation = conversations
            .find(|each| each.id == conversation_id)
            .ok_or(Failure::NoSuchConversation)?;

        let mut body = initialize(&conversation);
        let mut route = "initialize";
        if let Some(submit) = submit {
            route = "submit";
            body["component_id"] = json!(submit.component_id);
            body["input_values"] = json!(submit.input_values);
            body["current_canvas"] = submit.current_canvas;
        }
        self.post(route, body.to_string()).await
    }

    async fn post(&self, route: &str, body: String) -> Result<Value, Failure> {
        let response = self
            .client
            .post(format!("{}/{route}", self.canvas_url))
            .header("content-type", "application/json")
            .header(
                BODY_SIGNATURE_HEADER,
                sign_body(&self.client_secret, body.as_bytes()),
            )
            .timeout(PATIENCE)
            .body(body)
            .send()
            .await
            .map_err(failure)?;
        match response.status().as_u16() {
            200 => response.json().await.map_err(|error| {
                if error.is_decode() {
                    Failure::NotJson
                } else {
                    failure(error)
                }
            }),
            other => Err(Failure::Status(other)),
        }
    }
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_timeout() {
        Failure::TimedOut
    } else {
        Failure::Unreachable
    }
}

/// The body of an initialize, with the fields of Intercom's own samples.
fn initialize(conversation: &Conversation) -> Value {
    let created_at = conversation.created_at().as_second();
    let updated_at = conversation.updated_at().as_second();
    let contact = contact(&conversation.contact);
    let first = conversation
        .messages
        .first()
        .map_or("", |message| message.text.as_str());
    json!({
        "workspace_id": WORKSPACE,
        "workspace_region": "US",
        "admin": {
            "type": "admin", "id": "1", "name": "Teammate", "email": "teammate@example.com", "job_title": null,
            "away_mode_enabled": false, "away_mode_reassign": false, "avatar": { "image_url": null }, "team_ids": []
        },
        "conversation": {
            "type": "conversation", "id": conversation.id, "title": conversation.title,
            "created_at": created_at, "updated_at": updated_at, "waiting_since": updated_at,
            "state": "open", "open": true, "read": true, "priority": "not_priority", "admin_assignee_id": null,
            "source": {
                "type": "conversation", "id": format!("{}1", conversation.id), "delivered_as": "customer_initiated",
                "subject": "", "body": first, "url": null, "attachments": [],
                "author": {
                    "type": conversation.contact.role, "id": conversation.contact.id,
                    "name": conversation.contact.name, "email": conversation.contact.email
                }
            },
            "contacts": {
                "type": "contact.list",
                "contacts": [{
                    "type": "contact", "id": conversation.contact.id, "external_id": conversation.contact.external_id
                }]
            },
            "tags": { "type": "tag.list", "tags": [] }
        },
        "contact": contact
    })
}

fn contact(contact: &Contact) -> Value {
    json!({
        "type": "contact", "id": contact.id, "workspace_id": WORKSPACE, "external_id": contact.external_id,
        "role": contact.role, "email": contact.email, "phone": null, "name": contact.name, "avatar": null,
        "owner_id": null, "social_profiles": { "type": "list", "data": [] }, "has_hard_bounced": false,
        "marked_email_as_spam": false, "unsubscribed_from_emails": false, "language_override": null,
        "location": { "type": "location", "country": null, "region": null, "city": null }, "custom_attributes": {},
        "tags": { "type": "list", "data": [], "total_count": 0, "has_more": false },
        "notes": { "type": "list", "data": [], "total_count": 0, "has_more": false },
        "companies": { "type": "list", "data": [], "total_count": 0, "has_more": false }
    })
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Bytes, http::HeaderMap, http::StatusCode, routing::post};
    use intercom::{
        request::{CanvasRequest, Role as ParsedRole},
        signature::verify_body_signature,
    };
    use jiff::Timestamp;
    use tokio::net::TcpListener;

    use super::*;
    use crate::intercom::{Author, Message, Role};

    fn conversation() -> Conversation {
        Conversation {
            id: "7".to_owned(),
            title: "Wishlist".to_owned(),
            contact: Contact {
                id: "c1".to_owned(),
                role: Role::Lead,
                name: None,
                email: None,
                external_id: Some("visitor-1".to_owned()),
            },
            messages: vec![Message {
                from: Author::Contact,
                text: "Hi".to_owned(),
                at: Timestamp::from_second(1_800_000_000).unwrap(),
            }],
        }
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
        Intercom::new(vec![conversation()], &url, secret())
    }

    #[test]
    fn an_initialize_says_what_the_canvas_has_to_know() {
        let body = initialize(&conversation()).to_string();
        let parsed = CanvasRequest::parse(body.as_bytes()).unwrap();
        let contact = parsed.contact.unwrap();
        assert_eq!(parsed.workspace_id.as_deref(), Some(WORKSPACE));
        assert_eq!(contact.role, ParsedRole::Lead);
        assert_eq!(contact.external_id.as_deref(), Some("visitor-1"));
        assert_eq!(
            parsed.conversation.unwrap().created_at.unwrap().as_second(),
            1_800_000_000
        );
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
                "the canvas endpoint answered 401 instead of 200",
            ),
            (
                app(StatusCode::OK, "<html>").await,
                "7",
                "the canvas endpoint answered something that is not JSON",
            ),
            (
                app(StatusCode::OK, "{}").await,
                "8",
                "no conversation has this id",
            ),
            (
                Intercom::new(vec![conversation()], "http://127.0.0.1:1", secret()),
                "7",
                "the canvas endpoint cannot be reached",
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
