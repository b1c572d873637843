//! What was said in a conversation.

use intercom::conversation::{self, Side as SaidBy};
use intercom::html::plain_text;
use jiff::Timestamp;

use crate::{Attachment, Part, PartAuthor, Side};

/// The kind of a first message, which Intercom does not call a part.
const SOURCE: &str = "source";

/// A part, if somebody said something in it. One whose words were taken back is kept without them, so that
/// they are taken back here as well.
pub(super) fn part(said: &conversation::Part) -> Option<Part> {
    if !said.is_message() && !said.redacted {
        return None;
    }
    Some(Part {
        id: said.id.clone(),
        kind: said.kind.clone(),
        body: body(said.body.as_deref(), said.redacted),
        is_cut: false,
        created_at: said.created_at,
        updated_at: said.updated_at,
        author: author(&said.author),
        is_note: said.is_note(),
        is_redacted: said.redacted,
        attachments: attachments(&said.attachments, said.redacted),
    })
}

/// The first message; `None` when nothing was said in it.
pub(super) fn source(
    said: &conversation::Source,
    conversation: &str,
    created_at: Option<Timestamp>,
) -> Option<Part> {
    let words = said.body.as_deref().or(said.subject.as_deref());
    if words.is_none() && said.attachments.is_empty() && !said.redacted {
        return None;
    }
    let id = said.id.clone();
    Some(Part {
        id: id.unwrap_or_else(|| format!("{conversation}-{SOURCE}")),
        kind: SOURCE.to_owned(),
        body: body(words, said.redacted),
        created_at,
        author: said.author.as_ref().map(author).unwrap_or_default(),
        is_redacted: said.redacted,
        attachments: attachments(&said.attachments, said.redacted),
        ..Part::default()
    })
}

fn body(body: Option<&str>, redacted: bool) -> Option<String> {
    let body = body.filter(|_| !redacted)?;
    Some(plain_text(body).into_owned())
}

/// Who said it. Bots that keep house are no AI: only what Fin answers is.
fn author(said: &conversation::Author) -> PartAuthor {
    let side = match said.side {
        SaidBy::Contact(_) => Side::Contact,
        _ if said.is_ai() => Side::Ai,
        SaidBy::Workspace if !said.is_bot => Side::Admin,
        SaidBy::Workspace | SaidBy::Unknown => Side::Bot,
    };
    PartAuthor {
        side,
        id: said.id.clone(),
        name: said.name.clone(),
    }
}

fn attachments(said: &[conversation::Attachment], redacted: bool) -> Vec<Attachment> {
    if redacted {
        return Vec::new();
    }
    let kept = said.iter().map(|file| Attachment {
        name: file.name.clone().unwrap_or_default(),
        content_type: file.content_type.clone(),
        size: file.filesize,
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;

    fn read(sent: Value) -> Option<Part> {
        part(&from_value(sent).ok().unwrap())
    }

    #[test]
    fn who_said_it_and_whether_it_is_a_note() {
        let user = json!({ "type": "user", "id": "5f" });
        let admin = json!({ "type": "admin", "id": "1" });
        let team = json!({ "type": "team", "id": "2" });
        let bot = json!({ "type": "bot", "id": "3" });
        let fin = json!({ "type": "bot", "id": "3", "from_ai_agent": true });
        for (kind, body, author, expected) in [
            ("comment", "Hi", &user, Some((Side::Contact, false))),
            ("comment", "<p>Hi</p>", &admin, Some((Side::Admin, false))),
            ("comment", "Hi", &team, Some((Side::Admin, false))),
            ("note", "Psst", &admin, Some((Side::Admin, true))),
            ("note_and_reopen", "Psst", &admin, Some((Side::Admin, true))),
            (
                "assignment",
                "I am on it",
                &admin,
                Some((Side::Admin, false)),
            ),
            ("close", "Bye", &admin, Some((Side::Admin, false))),
            ("comment", "Choose one", &bot, Some((Side::Bot, false))),
            ("comment", "It is so", &fin, Some((Side::Ai, false))),
            ("assignment", "", &admin, None),
            ("snoozed", "zzz", &admin, None),
            ("channel_and_reply_time_expectation", "Soon", &bot, None),
            ("operator_workflow_event", "x", &bot, None),
        ] {
            let sent = json!({ "id": "p", "part_type": kind, "body": body, "author": author });
            let part = read(sent);
            let shown = part.as_ref().map(|part| (part.author.side, part.is_note));
            assert_eq!(shown, expected, "{kind} {author}");
        }
    }

    #[test]
    fn bodies_are_text() {
        let sent = json!({ "id": "p", "part_type": "comment", "body": "<p>Tom &amp; Ada</p>" });
        assert_eq!(read(sent).unwrap().body.as_deref(), Some("Tom & Ada"));
    }

    #[test]
    fn what_was_taken_back_has_no_words_and_no_files() {
        for body in [json!("This message was deleted"), Value::Null] {
            let sent = json!({
                "id": "p", "part_type": "comment", "body": body, "redacted": true, "updated_at": 1_795_176_000,
                "attachments": [{ "name": "id.png" }],
            });
            let part = read(sent).unwrap();
            assert!(part.is_redacted && part.body.is_none() && part.attachments.is_empty());
            assert!(part.updated_at.is_some());
        }
    }
}
