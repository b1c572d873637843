//! Conversations, one by one: what was said in them, what is gone, what is written.

use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use super::contact::found;
use super::numbered::{numbered, numbered_page};
use super::{Answer, Client, Done, Error, NumberedPage, Request, Unreadable};
use crate::contact::NoId;
use crate::conversation::Conversation;
use crate::oauth::AccessToken;
use crate::write::{MessageWrite, ReplyWrite};
use crate::{Region, lenient};

/// The first version that tells which conversations are gone.
const TELLS_OF_DELETED: &str = "2.16";

/// A conversation that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "DeletedWire")]
pub struct DeletedConversation {
    /// What it was called.
    pub id: String,
    /// Since when.
    pub deleted_at: Option<Timestamp>,
}

/// What has become of a message. No `Debug`: as [`Done`].
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    /// Of the message.
    pub id: String,
    /// The conversation that it began; Intercom promises it only where one was asked for.
    pub conversation_id: Option<String>,
    /// When.
    pub created_at: Option<Timestamp>,
}

impl Client {
    /// Reads a conversation with its newest five hundred parts, as plain text; `None` when there is none, or
    /// when it is a ticket and the app may not read tickets.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn conversation(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
    ) -> Result<Done<Option<Conversation>>, Error> {
        let request = Request::get("read a conversation", ["conversations", id]).token(token);
        let request = request.query("display_as", "plaintext");
        found(self.send(region, &request).await, Answer::json)
    }

    /// A page of the conversations that are gone. `page` counts from 1. `None` where Intercom does not tell:
    /// the workspace's version of the API may not.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn deleted_conversations(
        &self,
        region: Region,
        token: &AccessToken,
        page: u32,
    ) -> Result<Option<NumberedPage<DeletedConversation>>, Error> {
        let path = ["conversations", "deleted"];
        let request = Request::get("list the deleted conversations", path).token(token);
        let request = numbered(request, page).version(TELLS_OF_DELETED);
        match self.send(region, &request).await {
            Ok(answer) => numbered_page(&answer, &["conversations", "data"], page).map(Some),
            Err(Error::Refused { refusal, .. })
                if refusal.status == StatusCode::NOT_FOUND
                    || refusal.code.as_deref() == Some("intercom_version_invalid") =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Replies in a conversation as an admin, or writes a note in it; what it is then. It is sent once:
    /// Intercom would write it again, so after a lost answer nobody knows whether it was written.
    ///
    /// # Errors
    /// See [`Error`]; 404 when there is no such conversation.
    pub async fn reply(
        &self,
        region: Region,
        token: &AccessToken,
        conversation: &str,
        reply: &ReplyWrite,
    ) -> Result<Done<Conversation>, Error> {
        let path = ["conversations", conversation, "reply"];
        let request = Request::post("reply in a conversation", path).token(token);
        let answer = self.send(region, &request.json(&reply.body())).await?;
        Ok(answer.done(answer.json()?))
    }

    /// Begins a conversation with a contact as an admin. It is sent once, as [`Client::reply`].
    ///
    /// # Errors
    /// See [`Error`]; 404 when the contact is not there, or was made a moment ago.
    pub async fn send_message(
        &self,
        region: Region,
        token: &AccessToken,
        message: &MessageWrite,
    ) -> Result<Done<Sent>, Error> {
        let request = Request::post("send a message", ["messages"]).token(token);
        let answer = self.send(region, &request.json(&message.body())).await?;
        let sent: SentWire = answer.json()?;
        let missing = || answer.unreadable(Unreadable::Missing("the message's id"));
        Ok(answer.done(Sent {
            id: sent.id.ok_or_else(missing)?,
            conversation_id: sent.conversation_id,
            created_at: sent.created_at,
        }))
    }
}

#[derive(Deserialize)]
struct DeletedWire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    deleted_at: Option<Timestamp>,
}

impl TryFrom<DeletedWire> for DeletedConversation {
    type Error = NoId;

    fn try_from(wire: DeletedWire) -> Result<Self, Self::Error> {
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            deleted_at: wire.deleted_at,
        })
    }
}

#[derive(Deserialize)]
struct SentWire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    conversation_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    created_at: Option<Timestamp>,
}
