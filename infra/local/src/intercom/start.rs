//! Starting a conversation from the Inbox page, as whoever a recorder has identified.

use identity::Alias;
use intercom::fake::{Author, Browser, FakeContact, FakeConversation, Message, Role};
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

/// Who writes, and from where.
#[derive(Deserialize)]
pub(super) struct Start {
    #[serde(flatten)]
    writer: Writer,
    /// The page that the Messenger is open on; empty when nobody knows.
    #[serde(default)]
    page: String,
    #[serde(default)]
    browser: Browser,
    /// What they write.
    #[serde(default = "greeting")]
    text: String,
}

fn greeting() -> String {
    "Hello! What do you see of me in the panel?".to_owned()
}

/// A person by the one thing that Intercom knows of them.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Writer {
    /// A user by their e-mail address.
    Email(String),
    /// A user by the id that the customer's site gave them.
    UserId(String),
    /// A lead by the id that the Messenger gave the browser.
    VisitorId(String),
}

/// Why nobody could write like that.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error(transparent)]
    Writer(#[from] identity::Error),
    #[error("a page is an address such as https://shop.example/cart")]
    Page,
}

impl Start {
    /// A conversation that the writer begins now, with ids made of `number`.
    pub(super) fn begin(self, number: i64, now: Timestamp) -> Result<FakeConversation, Problem> {
        let page = self.page.trim();
        if !page.is_empty() && !is_page(page) {
            return Err(Problem::Page);
        }
        let text = |alias: Alias| Some(alias.value().to_owned());
        let contact = |role| FakeContact::new(format!("66f1c0de{number:016x}"), role, now);
        let known = match self.writer {
            Writer::Email(email) => FakeContact {
                email: text(Alias::email(&email)?),
                ..contact(Role::User)
            },
            Writer::UserId(id) => FakeContact {
                external_id: text(Alias::user_id(&id)?),
                ..contact(Role::User)
            },
            Writer::VisitorId(id) => FakeContact {
                external_id: text(Alias::visitor_id(&id)?),
                ..contact(Role::Lead)
            },
        };
        let writer = FakeContact {
            browser: self.browser,
            ..known
        };
        Ok(FakeConversation {
            title: "A conversation to try things with".to_owned(),
            page: (!page.is_empty()).then(|| page.to_owned()),
            messages: vec![Message {
                from: Author::Contact,
                text: self.text,
                at: now,
            }],
            ..FakeConversation::new(number.to_string(), writer)
        })
    }
}

fn is_page(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn begin(start: serde_json::Value) -> Result<FakeConversation, Problem> {
        let start: Start = serde_json::from_value(start).unwrap();
        start.begin(7, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_writer_is_the_contact_that_intercom_would_make_of_them() {
        for (writer, role, email, external_id) in [
            (
                json!({ "email": " a@b.example" }),
                Role::User,
                Some("a@b.example"),
                None,
            ),
            (
                json!({ "user_id": "cus_7" }),
                Role::User,
                None,
                Some("cus_7"),
            ),
            (
                json!({ "visitor_id": "0b7e" }),
                Role::Lead,
                None,
                Some("0b7e"),
            ),
        ] {
            let contact = begin(writer).unwrap().contact;
            let found = (
                contact.role,
                contact.email.as_deref(),
                contact.external_id.as_deref(),
            );
            assert_eq!(found, (role, email, external_id));
        }
    }

    #[test]
    fn where_somebody_writes_from_and_with_what_comes_along() {
        let start = json!({
            "visitor_id": "0b7e", "page": " https://shop.example/cart ", "browser": { "os": "Linux" },
        });
        let conversation = begin(start).unwrap();
        assert_eq!(
            conversation.page.as_deref(),
            Some("https://shop.example/cart")
        );
        assert_eq!(conversation.contact.browser.os.as_deref(), Some("Linux"));
    }

    #[test]
    fn nobody_cannot_write_and_nowhere_is_no_page() {
        for start in [
            json!({ "email": "nobody" }),
            json!({ "user_id": " " }),
            json!({ "visitor_id": "null" }),
            json!({ "visitor_id": "0b7e", "page": "the cart" }),
            json!({ "visitor_id": "0b7e", "page": "javascript:alert(1)" }),
        ] {
            assert!(begin(start).is_err());
        }
    }
}
