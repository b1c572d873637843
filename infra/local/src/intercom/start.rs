//! Starting a conversation from the Inbox page, as whoever a recorder has identified.

use identity::Alias;
use intercom::fake::{
    Author, Browser, Directory, FakeContact, FakeConversation, Message, Role, Standing,
};
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
    /// Anybody whom Intercom knows already, by its own id.
    ContactId(String),
}

/// Why nobody could write like that.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error(transparent)]
    Writer(#[from] identity::Error),
    #[error("a page is an address such as https://shop.example/cart")]
    Page,
    #[error("Intercom knows nobody with this id")]
    Nobody,
}

impl Start {
    /// A conversation that the writer begins now, with ids made of `number`. Whoever is in the directory
    /// begins it as who they are there.
    pub(super) fn begin(
        self,
        directory: &Directory,
        number: i64,
        now: Timestamp,
    ) -> Result<FakeConversation, Problem> {
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
            Writer::ContactId(id) => {
                let known = directory.contact(&id).cloned();
                known.filter(is_present).ok_or(Problem::Nobody)?
            }
        };
        let known = already_known(directory, &known).unwrap_or(known);
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

/// The same person, if Intercom knows them: by external id, else by e-mail.
fn already_known(directory: &Directory, writer: &FakeContact) -> Option<FakeContact> {
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let contacts = || {
        let contacts = directory.every_contact().filter(|it| is_present(it));
        contacts.filter(|contact| contact.role == writer.role)
    };
    let by_id = contacts().find(|contact| same(&contact.external_id, &writer.external_id));
    let by_email = || contacts().find(|contact| same(&contact.email, &writer.email));
    by_id.or_else(by_email).cloned()
}

fn is_present(contact: &FakeContact) -> bool {
    contact.standing == Standing::Present
}

fn is_page(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Knows Ada, by all her names.
    fn directory() -> Directory {
        let mut directory = Directory::default();
        let ada = FakeContact::new("c-1".to_owned(), Role::User, Timestamp::UNIX_EPOCH);
        directory.add_contact(FakeContact {
            email: Some("ada@b.example".to_owned()),
            external_id: Some("cus_1".to_owned()),
            ..ada
        });
        directory
    }

    #[test]
    fn whoever_is_known_writes_as_who_they_are() {
        for writer in [
            json!({ "email": "ada@b.example" }),
            json!({ "user_id": "cus_1" }),
            json!({ "contact_id": "c-1" }),
        ] {
            assert_eq!(begin(writer).unwrap().contact.id, "c-1");
        }
    }

    fn begin(start: serde_json::Value) -> Result<FakeConversation, Problem> {
        let start: Start = serde_json::from_value(start).unwrap();
        start.begin(&directory(), 7, Timestamp::UNIX_EPOCH)
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
            json!({ "contact_id": "c-2" }),
            json!({ "visitor_id": "0b7e", "page": "the cart" }),
            json!({ "visitor_id": "0b7e", "page": "javascript:alert(1)" }),
        ] {
            assert!(begin(start).is_err());
        }
    }
}
