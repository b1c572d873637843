//! What a conversation began with.

use serde::Deserialize;

use super::{Attachment, Author};
use crate::lenient;

/// The first message of a conversation, which is none of its parts. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Source {
    /// Of the message.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// By what way it came: `conversation`, `email`, `whatsapp`, … Any text.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    /// Who began: `customer_initiated`, `admin_initiated`, `operator_initiated`, `automated`,
    /// `campaigns_initiated`.
    #[serde(deserialize_with = "lenient::text")]
    pub delivered_as: Option<String>,
    /// Of an e-mail. HTML or plain, as [`Source::body`].
    #[serde(deserialize_with = "lenient::body")]
    pub subject: Option<String>,
    /// HTML or plain, as Intercom's version has it: [`crate::html::plain_text`] reads both.
    #[serde(deserialize_with = "lenient::body")]
    pub body: Option<String>,
    /// Who wrote it.
    #[serde(deserialize_with = "lenient::object")]
    pub author: Option<Author>,
    /// In their order.
    #[serde(deserialize_with = "lenient::list")]
    pub attachments: Vec<Attachment>,
    /// The page that it was sent from; e-mails and bots have none.
    #[serde(deserialize_with = "lenient::text")]
    pub url: Option<String>,
    /// Whether its words were taken back: whoever has a copy takes them back as well.
    #[serde(deserialize_with = "lenient::flag")]
    pub redacted: bool,
}
