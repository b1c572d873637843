//! What was said in a conversation, and what was done with it.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Attachment, Author};
use crate::contact::NoId;
use crate::lenient;

/// A message, a note, or something that was done. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Part {
    /// Unique in the workspace.
    pub id: String,
    /// Intercom's word for it, such as `comment`, `note` or `assignment`. New ones may come at any time.
    pub kind: String,
    /// HTML or plain, as Intercom's version has it: [`crate::html::plain_text`] reads both.
    pub body: Option<String>,
    /// When it was said or done.
    pub created_at: Option<Timestamp>,
    /// When it last changed, such as by being taken back.
    pub updated_at: Option<Timestamp>,
    /// Who said or did it.
    pub author: Author,
    /// In their order.
    pub attachments: Vec<Attachment>,
    /// Whether its words were taken back: whoever has a copy takes them back as well.
    pub redacted: bool,
    /// The app that wrote it; `None` for people. So an app knows the echo of its own words.
    pub app_package_code: Option<String>,
}

/// Kinds that may carry a message: what was said, alone or together with what was done. All others, such as
/// what bots note, are of no interest to a reader.
const CONTENT: [&str; 9] = [
    "comment",
    "note",
    "note_and_reopen",
    "note_and_unsnooze",
    "quick_reply",
    "assignment",
    "assign_and_unsnooze",
    "open",
    "close",
];

impl Part {
    /// Whether somebody said something: it is of a kind that can, and has a body or a file.
    #[must_use]
    pub fn is_message(&self) -> bool {
        let says_something = self.body.is_some() || !self.attachments.is_empty();
        says_something && CONTENT.contains(&self.kind.as_str())
    }

    /// Whether it is for teammates alone.
    #[must_use]
    pub fn is_note(&self) -> bool {
        self.kind.starts_with("note")
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    part_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::body")]
    body: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::object")]
    author: Option<Author>,
    #[serde(default, deserialize_with = "lenient::list")]
    attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "lenient::flag")]
    redacted: bool,
    #[serde(default, deserialize_with = "lenient::text")]
    app_package_code: Option<String>,
    #[serde(default, deserialize_with = "lenient::flag")]
    is_ai_answer: bool,
    #[serde(default, deserialize_with = "lenient::flag")]
    from_ai_agent: bool,
}

impl TryFrom<Wire> for Part {
    type Error = NoId;

    fn try_from(wire: Wire) -> Result<Self, NoId> {
        let mut author = wire.author.unwrap_or_default();
        // They stand with the author, and in some versions with the part.
        author.is_ai_answer |= wire.is_ai_answer;
        author.from_ai_agent |= wire.from_ai_agent;
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            kind: wire.part_type.unwrap_or_default(),
            body: wire.body,
            created_at: wire.created_at,
            updated_at: wire.updated_at,
            author,
            attachments: wire.attachments,
            redacted: wire.redacted,
            app_package_code: wire.app_package_code,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Side;
    use super::*;

    fn part(value: &Value) -> Part {
        Part::deserialize(value).ok().unwrap()
    }

    #[test]
    fn a_part_is_a_message_when_it_can_be_one_and_says_something() {
        for (kind, body, message, note) in [
            ("comment", json!("<p>Hi</p>"), true, false),
            ("comment", json!(null), false, false),
            ("comment", json!("  "), false, false),
            ("quick_reply", json!("Yes"), true, false),
            ("note", json!("Psst"), true, true),
            ("note_and_reopen", json!("Psst"), true, true),
            (
                "assignment",
                json!("<p class=\"no-margin\">I am on it</p>"),
                true,
                false,
            ),
            ("assignment", json!(null), false, false),
            ("close", json!("Bye"), true, false),
            ("snoozed", json!("zzz"), false, false),
            (
                "channel_and_reply_time_expectation",
                json!("Soon"),
                false,
                false,
            ),
            ("brand_new", json!("?"), false, false),
        ] {
            let read = part(&json!({ "id": "1", "part_type": kind, "body": body }));
            assert_eq!(
                (read.is_message(), read.is_note()),
                (message, note),
                "{kind} {body}"
            );
        }
        let file = json!({ "id": 1, "part_type": "comment", "body": null, "attachments": [{ "name": "a.png" }] });
        assert!(part(&file).is_message());
    }

    #[test]
    fn a_part_says_who_wrote_it_and_with_what() {
        let read = part(&json!({
            "type": "conversation_part", "id": 3, "part_type": "comment", "body": "[redacted]", "redacted": true,
            "created_at": 1_795_176_000, "updated_at": "1795176060", "notified_at": 1_795_176_000,
            "author": { "id": 991, "type": "bot", "name": "Fin", "email": "operator+abcd1234@intercom.io",
                        "from_ai_agent": true, "is_ai_answer": false },
            "attachments": [{ "type": "upload", "name": "a&amp;b.png", "url": "https://f.example/1?x=1",
                              "content_type": "image/png", "filesize": "17", "width": 1 }, null],
            "external_id": null, "app_package_code": "recapt",
        }));
        assert!(read.redacted && read.author.is_bot && read.author.is_ai());
        assert_eq!(read.author.side, Side::Workspace);
        assert_eq!(read.author.name.as_deref(), Some("Fin"));
        assert_eq!(read.updated_at.unwrap().as_second(), 1_795_176_060);
        assert_eq!(read.attachments.len(), 1);
        assert_eq!(read.attachments[0].name.as_deref(), Some("a&b.png"));
        assert_eq!(read.attachments[0].filesize, Some(17));
        assert_eq!(read.app_package_code.as_deref(), Some("recapt"));
    }

    #[test]
    fn a_long_body_is_cut_off_between_characters() {
        let body = format!("a{}", "é".repeat(lenient::MAX_BODY_BYTES));
        let read = part(&json!({ "id": "1", "body": body })).body.unwrap();
        assert_eq!(read.len(), lenient::MAX_BODY_BYTES - 1);
    }
}
