//! A contact as Intercom keeps it: what webhooks tell of it, and what the REST API answers.

use jiff::Timestamp;
use serde::Deserialize;

use crate::lenient;
use crate::request::{Role, role};

/// A person known to a workspace: a lead or a user. No `Debug`: it is personal data.
///
/// Only the id is always there. The notification of a deleted contact holds hardly more.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Contact {
    /// Unique in the workspace.
    pub id: String,
    /// What the workspace itself calls a user; the visitor id of a lead.
    pub external_id: Option<String>,
    /// Tells the two meanings of `external_id` apart.
    pub role: Role,
    /// As written in Intercom; nobody verified it.
    pub email: Option<String>,
    /// When anything about it was last changed.
    pub updated_at: Option<Timestamp>,
    /// When they were last seen at the workspace's site.
    pub last_seen_at: Option<Timestamp>,
    /// Whether it was put away.
    pub archived: bool,
    /// Whether it is gone for good.
    pub deleted: bool,
    /// The contact that was merged into this one, when Intercom names it: it did not always.
    pub merged_from: Option<String>,
    /// The session that the site's own script says it is in, from the custom attributes `recapt_session_id`
    /// or `recapt_session_url`. A hint: whoever sits at the browser can write it.
    pub session_hint: Option<String>,
    /// The browser and system in which Intercom last saw the contact.
    pub client: ContactClient,
}

/// The browser, system, language and country of a contact, in Intercom's words.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ContactClient {
    /// As in `chrome`.
    pub browser: Option<String>,
    /// As in `156` or `156.0.1`.
    pub browser_version: Option<String>,
    /// As in `Windows 10` or `Mac OS X`.
    pub os: Option<String>,
    /// Of the browser, as in `en` or `en-US`.
    pub language: Option<String>,
    /// In English, as in `Ireland`.
    pub country: Option<String>,
}

/// A contact without an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is missing")]
pub(crate) struct NoId;

/// A contact as it is sent.
#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    external_id: Option<String>,
    #[serde(default, deserialize_with = "role")]
    role: Role,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    last_seen_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::flag")]
    archived: bool,
    #[serde(default, deserialize_with = "lenient::flag")]
    deleted: bool,
    #[serde(default, deserialize_with = "lenient::object")]
    merged_from: Option<Reference>,
    #[serde(default, deserialize_with = "lenient::object")]
    custom_attributes: Option<SessionAttributes>,
    #[serde(default, deserialize_with = "lenient::text")]
    browser: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    browser_version: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    os: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    browser_language: Option<String>,
    #[serde(default, deserialize_with = "lenient::object")]
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    country: Option<String>,
}

/// The custom attributes, of contacts and of conversations, in which a session may be named.
#[derive(Deserialize)]
pub(crate) struct SessionAttributes {
    #[serde(default, deserialize_with = "lenient::text")]
    recapt_session_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    recapt_session_url: Option<String>,
}

impl SessionAttributes {
    /// The id; without it the last part of the path of an address that leads to the session.
    pub(crate) fn session(self) -> Option<String> {
        let of_url = |url: String| {
            let path = url.split(['?', '#']).next()?;
            let id = path.trim().trim_end_matches('/').rsplit('/').next()?;
            let id = percent_encoding::percent_decode_str(id).decode_utf8();
            id.ok().filter(|id| !id.is_empty()).map(String::from)
        };
        self.recapt_session_id
            .or_else(|| self.recapt_session_url.and_then(of_url))
    }
}

impl TryFrom<Wire> for Contact {
    type Error = NoId;

    fn try_from(wire: Wire) -> Result<Self, NoId> {
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            external_id: wire.external_id,
            role: wire.role,
            email: wire.email,
            updated_at: wire.updated_at,
            last_seen_at: wire.last_seen_at,
            archived: wire.archived,
            deleted: wire.deleted,
            merged_from: wire.merged_from.and_then(|contact| contact.id),
            session_hint: wire.custom_attributes.and_then(SessionAttributes::session),
            client: ContactClient {
                browser: wire.browser,
                browser_version: wire.browser_version,
                os: wire.os,
                language: wire.browser_language,
                country: wire.location.and_then(|location| location.country),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn contact(value: &Value) -> Contact {
        Contact::deserialize(value).ok().unwrap()
    }

    #[test]
    fn a_contact_is_read_as_webhooks_and_the_api_send_it() {
        let mut sent = json!({
            "type": "contact", "id": "5ba682d2", "workspace_id": "abcd1234", "external_id": "o&#39;hara", "role": "user",
            "email": "o&#39;hara@b.c", "updated_at": "2026-11-20T12:00:00.000+00:00", "archived": false,
            "merged_from": { "type": "contact", "id": "5ba682d1" }, "custom_attributes": { "plan": "team" },
            "browser": "chrome", "browser_version": "156", "os": "Mac OS X", "browser_language": "en",
            "location": { "type": "location", "country": "Ireland", "city": null },
        });
        let read = contact(&sent);
        assert_eq!(read.id, "5ba682d2");
        assert_eq!(read.external_id.as_deref(), Some("o'hara"));
        assert_eq!(read.role, Role::User);
        assert_eq!(read.email.as_deref(), Some("o'hara@b.c"));
        assert_eq!(read.merged_from.as_deref(), Some("5ba682d1"));
        assert_eq!(read.session_hint, None);
        assert_eq!(read.client.browser.as_deref(), Some("chrome"));
        assert_eq!(read.client.browser_version.as_deref(), Some("156"));
        assert_eq!(read.client.os.as_deref(), Some("Mac OS X"));
        assert_eq!(read.client.language.as_deref(), Some("en"));
        assert_eq!(read.client.country.as_deref(), Some("Ireland"));
        assert!(!read.archived && !read.deleted);
        sent["updated_at"] = json!(1_795_176_000);
        assert!(contact(&sent) == read, "the API sends seconds");
    }

    #[test]
    fn a_lead_may_have_an_id_and_nothing_else() {
        let lead = contact(&json!({
            "id": 7, "role": "lead", "email": "", "external_id": null, "custom_attributes": null, "location": [],
            "merged_from": "5ba682d1", "browser": null, "deleted": true, "archived": "yes",
        }));
        assert_eq!((lead.id.as_str(), lead.role), ("7", Role::Lead));
        assert_eq!((lead.email, lead.external_id), (None, None));
        assert_eq!((lead.merged_from, lead.session_hint), (None, None));
        assert_eq!((lead.deleted, lead.archived), (true, false));
        assert!(lead.client == ContactClient::default());
    }

    #[test]
    fn a_contact_without_an_id_is_none() {
        for sent in [json!({}), json!({ "id": "" }), json!({ "id": null })] {
            assert!(Contact::deserialize(&sent).is_err(), "{sent}");
        }
    }

    #[test]
    fn the_session_is_named_by_id_or_by_address() {
        let hint = |attributes: Value| {
            contact(&json!({ "id": "1", "custom_attributes": attributes })).session_hint
        };
        for (attributes, session) in [
            (json!({ "recapt_session_id": "s-1" }), Some("s-1")),
            (json!({ "recapt_session_id": 17 }), Some("17")),
            (
                json!({ "recapt_session_url": "https://app.example/sessions/s-1?t=5#x" }),
                Some("s-1"),
            ),
            (
                json!({ "recapt_session_url": "https://app.example/sessions/a%3Ab/" }),
                Some("a:b"),
            ),
            (
                json!({ "recapt_session_id": "s-1", "recapt_session_url": "https://app.example/s-2" }),
                Some("s-1"),
            ),
            (
                json!({ "recapt_session_id": "", "recapt_session_url": "https://app.example/s-2" }),
                Some("s-2"),
            ),
            (json!({ "recapt_session_url": "//?s-1" }), None),
            (json!({ "recapt_session_url": "/%ff" }), None),
            (json!({ "session_id": "s-1" }), None),
        ] {
            assert_eq!(hint(attributes.clone()).as_deref(), session, "{attributes}");
        }
    }
}
