//! Conversations, one by one: read with their parts, replied to, begun.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::HeaderMap;
use serde_json::{Value, json};

use super::contacts::{known, minor_version};
use super::declined::Declined;
use super::numbered::Numbered;
use super::{changed, fields, looked, with_rate_limit};
use crate::fake::{
    Author, ConversationChange, Directory, FakeConversation, FakeIntercom, FakeSource, Message,
    Notification, Role, Workspace, Writer, model,
};

/// Most parts that are answered: the newest.
const SHOWN_PARTS: usize = 500;

pub(super) fn routes() -> Router<FakeIntercom> {
    Router::new()
        .route("/conversations/deleted", get(deleted))
        .route("/conversations/{id}", get(read))
        .route("/conversations/{id}/reply", post(reply))
        .route("/messages", post(message))
}

type Intercom = State<FakeIntercom>;

async fn read(State(intercom): Intercom, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let may_read_tickets = intercom.options().may_read_tickets;
    looked(&intercom, &headers, |_, directory| {
        let conversation = directory.conversation(&id);
        let conversation = conversation.filter(|each| may_read_tickets || !each.is_ticket);
        Ok(in_full(conversation.ok_or_else(no_conversation)?))
    })
}

fn in_full(conversation: &FakeConversation) -> Value {
    let parts = conversation.every_part();
    let newest = parts.len().saturating_sub(SHOWN_PARTS);
    let shown = parts.get(newest..).unwrap_or_default();
    model::conversation_with(conversation, shown, parts.len())
}

fn no_conversation() -> Declined {
    Declined::new(404, "not_found", "Resource Not Found")
}

async fn deleted(
    State(intercom): Intercom,
    Query(asked): Query<Numbered>,
    headers: HeaderMap,
) -> Response {
    let options = intercom.options();
    if !options.tells_of_deleted || minor_version(&headers).is_none_or(|minor| minor < 16) {
        return with_rate_limit(&intercom, &headers, |_| {
            let said = "The requested resource does not exist in this version";
            Declined::new(400, "intercom_version_invalid", said).into_response()
        });
    }
    looked(&intercom, &headers, |_, directory| {
        let latest = directory.deleted_conversations().iter().rev();
        let all = latest.map(
            |(id, at)| json!({ "id": id, "deleted_at": at.as_second(), "metrics_retained": true }),
        );
        asked.page(all.collect(), "conversations", 20, options)
    })
}

async fn reply(
    State(intercom): Intercom,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let app = Some(intercom.options().client_id.clone());
    let mut told = None;
    let response = changed(&intercom, &headers, |workspace, directory, now| {
        let body = fields(&body)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        if directory.conversation(&id).is_none() {
            return Err(no_conversation());
        }
        if text("type") != "admin" {
            return Err(Declined::invalid("type must be admin here"));
        }
        let admin = seated(workspace, directory, body.get("admin_id"))?;
        let attachments: Vec<String> = match body.get("attachment_urls") {
            Some(urls) => serde_json::from_value(urls.clone())
                .map_err(|_| Declined::invalid("attachment_urls are texts"))?,
            None => Vec::new(),
        };
        if attachments.len() > 10 {
            return Err(Declined::invalid("at most 10 attachment_urls"));
        }
        if text("body").is_empty() && attachments.is_empty() {
            return Err(Declined::new(
                400,
                "parameter_not_found",
                "body is required",
            ));
        }
        let text_of_body = text("body").to_owned();
        let change = match text("message_type") {
            "comment" => ConversationChange::AdminReplies {
                admin,
                text: text_of_body,
                attachments,
                app,
            },
            "note" => ConversationChange::AdminNotes {
                admin,
                text: text_of_body,
                app,
            },
            _ => return Err(Declined::invalid("message_type is unknown")),
        };
        let is_comment = matches!(change, ConversationChange::AdminReplies { .. });
        let notification = change.apply(&workspace.id, directory, &id, now);
        told = Some(notification.map_err(|_| no_conversation())?);
        let conversation = directory.conversation(&id).ok_or_else(no_conversation)?;
        let answer = in_full(conversation);
        if is_comment {
            let contact = conversation.contact.id.clone();
            directory.update(&contact, |each| each.last_contacted_at = Some(now));
        }
        Ok(answer)
    });
    if let Some(told) = told {
        intercom.notify(told);
    }
    response
}

async fn message(State(intercom): Intercom, headers: HeaderMap, body: Bytes) -> Response {
    let mut told = None;
    let response = changed(&intercom, &headers, |workspace, directory, now| {
        let body = fields(&body)?;
        let field = |name: &str| body.get(name).cloned().unwrap_or_default();
        let text = |name: &str| field(name).as_str().unwrap_or_default().to_owned();
        let is_email = match text("message_type").as_str() {
            "inapp" | "in_app" => false,
            "email" => true,
            _ => return Err(Declined::invalid("message_type is unknown")),
        };
        if text("body").is_empty() {
            return Err(Declined::new(
                400,
                "parameter_not_found",
                "No body supplied",
            ));
        }
        if is_email && text("subject").is_empty() {
            let said = "No subject supplied for email message";
            return Err(Declined::new(422, "parameter_not_found", said));
        }
        let admin = seated(workspace, directory, field("from").get("id"))?;
        let to = field("to");
        let id = to["id"].as_str().unwrap_or_default();
        let contact = known(directory, id, &headers)?.clone();
        let role = match contact.role {
            Role::User => "user",
            Role::Lead => "lead",
        };
        if to["type"] != role {
            return Err(Declined::no_contact());
        }
        if is_email && contact.unsubscribed_from_emails {
            let said = "This user is unsubscribed from emails";
            return Err(Declined::new(403, "action_forbidden", said));
        }
        let message_id = directory.next_number().to_string();
        let mut answer = json!({
            "type": "admin_message", "id": message_id, "created_at": now.as_second(), "subject": text("subject"),
            "body": text("body"), "message_type": text("message_type"),
        });
        if field("create_conversation_without_contact_reply") == true {
            let conversation = FakeConversation {
                messages: vec![Message {
                    from: Author::Teammate,
                    text: text("body"),
                    at: now,
                }],
                source: FakeSource {
                    kind: if is_email { "email" } else { "conversation" }.to_owned(),
                    delivered_as: "admin_initiated".to_owned(),
                    subject: text("subject"),
                    author: Writer::Admin(admin),
                    redacted: false,
                },
                ..FakeConversation::new(directory.next_id(now), contact)
            };
            answer["conversation_id"] = json!(conversation.id);
            told = Some(Notification::begun_by_admin(&workspace.id, &conversation));
            directory.add_conversation(conversation);
        }
        directory.update(id, |each| each.last_contacted_at = Some(now));
        Ok(answer)
    });
    if let Some(told) = told {
        intercom.notify(told);
    }
    response
}

/// The teammate who writes: without a seat in the Inbox nobody can.
fn seated(
    workspace: &Workspace,
    directory: &Directory,
    id: Option<&Value>,
) -> Result<String, Declined> {
    let id = match id {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    };
    if id == workspace.admin.id {
        return Ok(id);
    }
    match directory.admins().iter().find(|admin| admin.id == id) {
        Some(admin) if admin.has_inbox_seat => Ok(id),
        Some(_) => {
            let said = "Admin does not have an inbox seat";
            Err(Declined::new(403, "action_forbidden", said))
        }
        None => Err(Declined::new(404, "admin_not_found", "Admin Not Found")),
    }
}
