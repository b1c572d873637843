//! A contact as Intercom keeps it: what webhooks tell of it, and what the REST API answers.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::lenient;
use crate::listed::{Listed, listed};
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
    /// As written in Intercom.
    pub name: Option<String>,
    /// As written in Intercom.
    pub phone: Option<String>,
    /// The address of a picture.
    pub avatar_url: Option<String>,
    /// When it came to be at Intercom.
    pub created_at: Option<Timestamp>,
    /// When they signed up at the workspace's site.
    pub signed_up_at: Option<Timestamp>,
    /// When anything about it was last changed.
    pub updated_at: Option<Timestamp>,
    /// When they were last seen at the workspace's site.
    pub last_seen_at: Option<Timestamp>,
    /// When they last wrote.
    pub last_replied_at: Option<Timestamp>,
    /// When the workspace last wrote to them.
    pub last_contacted_at: Option<Timestamp>,
    /// They want no e-mails.
    pub unsubscribed_from_emails: bool,
    /// An e-mail to them came back for good.
    pub has_hard_bounced: bool,
    /// They called an e-mail spam.
    pub marked_email_as_spam: bool,
    /// The admin who looks after them.
    pub owner_id: Option<String>,
    /// `None` when it is not said.
    pub tags: Option<Listed>,
    /// By Intercom's ids; `None` when it is not said.
    pub companies: Option<Listed>,
    /// `None` when it is not said, which is the rule: they are asked for.
    pub segments: Option<Listed>,
    /// What the workspace keeps about them.
    pub custom_attributes: Map<String, Value>,
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

/// The browser, system, language and place of a contact, in Intercom's words.
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
    /// As in `Leinster`.
    pub region: Option<String>,
    /// As in `Dublin`.
    pub city: Option<String>,
}

/// A record without an id.
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
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    phone: Option<String>,
    #[serde(default, deserialize_with = "avatar")]
    avatar: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    signed_up_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    last_seen_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    last_replied_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    last_contacted_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::flag")]
    unsubscribed_from_emails: bool,
    #[serde(default, deserialize_with = "lenient::flag")]
    has_hard_bounced: bool,
    #[serde(default, deserialize_with = "lenient::flag")]
    marked_email_as_spam: bool,
    #[serde(default, deserialize_with = "lenient::assignee")]
    owner_id: Option<String>,
    #[serde(default, deserialize_with = "listed")]
    tags: Option<Listed>,
    #[serde(default, deserialize_with = "listed")]
    companies: Option<Listed>,
    #[serde(default, deserialize_with = "listed")]
    segments: Option<Listed>,
    #[serde(default, deserialize_with = "lenient::flag")]
    archived: bool,
    #[serde(default, deserialize_with = "lenient::flag")]
    deleted: bool,
    #[serde(default, deserialize_with = "lenient::object")]
    merged_from: Option<Reference>,
    #[serde(default, deserialize_with = "lenient::attributes")]
    custom_attributes: Map<String, Value>,
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

#[derive(Default, Deserialize)]
struct Location {
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    country: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    region: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    city: Option<String>,
}

/// An avatar is an object with an address; older shapes are the address.
fn avatar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let url = match Value::deserialize(deserializer)? {
        Value::Object(mut avatar) => avatar.remove("image_url").unwrap_or_default(),
        other => other,
    };
    Ok(lenient::decoded_text(url).unwrap_or_default())
}

/// The custom attributes, of contacts and of conversations, in which a session may be named.
#[derive(Default, Deserialize)]
pub(crate) struct SessionAttributes {
    #[serde(default, deserialize_with = "lenient::text")]
    recapt_session_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    recapt_session_url: Option<String>,
}

impl SessionAttributes {
    /// The session that these attributes name.
    pub(crate) fn session_in(attributes: &Map<String, Value>) -> Option<String> {
        Self::deserialize(attributes).unwrap_or_default().session()
    }

    /// The id; without it the last part of the path of an address that leads to the session.
    fn session(self) -> Option<String> {
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
        let location = wire.location.unwrap_or_default();
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            external_id: wire.external_id,
            role: wire.role,
            email: wire.email,
            name: wire.name,
            phone: wire.phone,
            avatar_url: wire.avatar,
            created_at: wire.created_at,
            signed_up_at: wire.signed_up_at,
            updated_at: wire.updated_at,
            last_seen_at: wire.last_seen_at,
            last_replied_at: wire.last_replied_at,
            last_contacted_at: wire.last_contacted_at,
            unsubscribed_from_emails: wire.unsubscribed_from_emails,
            has_hard_bounced: wire.has_hard_bounced,
            marked_email_as_spam: wire.marked_email_as_spam,
            owner_id: wire.owner_id,
            tags: wire.tags,
            companies: wire.companies,
            segments: wire.segments,
            archived: wire.archived,
            deleted: wire.deleted,
            merged_from: wire.merged_from.and_then(|contact| contact.id),
            session_hint: SessionAttributes::session_in(&wire.custom_attributes),
            custom_attributes: wire.custom_attributes,
            client: ContactClient {
                browser: wire.browser,
                browser_version: wire.browser_version,
                os: wire.os,
                language: wire.browser_language,
                country: location.country,
                region: location.region,
                city: location.city,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
    fn all_that_is_mirrored_of_a_contact_is_read() {
        let read = contact(&json!({
            "id": "c1", "role": "user", "name": "Ada &amp; Bob", "phone": "+353871234567", "owner_id": 0,
            "avatar": { "type": "avatar", "image_url": "https://a.example/1.png" }, "created_at": 1_795_176_000,
            "signed_up_at": "1795176000", "last_replied_at": "2026-11-20T12:00:00Z", "last_contacted_at": null,
            "unsubscribed_from_emails": true, "has_hard_bounced": true, "marked_email_as_spam": false,
            "tags": { "type": "list", "data": [{ "id": "7" }], "total_count": 11, "has_more": true },
            "companies": { "data": [], "total_count": 0, "has_more": false },
            "location": { "country": "Ireland", "region": "Leinster", "city": "Dublin" },
            "custom_attributes": { "plan": "R&amp;D", "seats": 3, "nested": { "a": [1] } },
        }));
        assert_eq!(read.name.as_deref(), Some("Ada & Bob"));
        assert_eq!(read.phone.as_deref(), Some("+353871234567"));
        assert_eq!(read.avatar_url.as_deref(), Some("https://a.example/1.png"));
        for at in [read.created_at, read.signed_up_at, read.last_replied_at] {
            assert_eq!(at.unwrap().as_second(), 1_795_176_000);
        }
        assert_eq!((read.last_contacted_at, read.owner_id), (None, None));
        assert!(
            read.unsubscribed_from_emails && read.has_hard_bounced && !read.marked_email_as_spam
        );
        let tags = read.tags.unwrap();
        assert_eq!(
            (tags.ids, tags.total, tags.has_more),
            (vec!["7".to_owned()], 11, true)
        );
        assert_eq!(read.companies, Some(Listed::default()));
        assert_eq!(read.segments, None, "not said");
        assert_eq!(read.client.city.as_deref(), Some("Dublin"));
        assert_eq!(read.custom_attributes["plan"], "R&D");
        assert_eq!(read.custom_attributes["nested"]["a"][0], 1);
    }

    #[test]
    fn custom_attributes_are_kept_in_a_bounded_number_and_size() {
        let many = (0..1_000).map(|number| (format!("a{number:04}"), json!(number)));
        let mut many: Map<String, Value> = many.collect();
        many.insert("a".to_owned(), json!("x".repeat(3_000)));
        let read = contact(&json!({ "id": "c1", "custom_attributes": many }));
        assert_eq!(read.custom_attributes.len(), 250);
        assert!(!read.custom_attributes.contains_key("a"), "too long");
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
