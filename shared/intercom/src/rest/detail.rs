//! What a refusal is about, where Intercom says it in its message alone.

use http::header::LINK;
use http::{HeaderMap, StatusCode};

use super::error_body::Said;

/// What a caller can act upon. Read from messages, of which nothing else is kept: they quote e-mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Such a contact is there already (409).
    Taken {
        /// Its id at Intercom.
        contact: String,
        /// It was put away: no search finds it, and only [`super::Client::unarchive_contact`] makes it
        /// usable.
        archived: bool,
    },
    /// The contact was merged into another one (410, from version 2.16 on; before that it is a plain 404).
    Merged {
        /// The id of the other one.
        into: String,
    },
    /// The contact is being deleted for good and does not come back.
    NotRestorable,
    /// A custom attribute is in the way (400).
    Attribute {
        /// Its name, as it was sent. It is the workspace's own word, and nothing for a log.
        name: String,
        /// The workspace does not know it; else it knows it and refuses the value.
        unknown: bool,
    },
    /// A field of Intercom's own has a value that it refuses (400).
    Field {
        /// Its name, as it was sent.
        name: &'static str,
    },
    /// Whoever was a user was to become a lead (400), which Intercom never does.
    NotALead,
    /// The workspace's plan does not include this (402, 403 `api_plan_restricted`).
    Plan,
    /// The workspace lets only chosen addresses use its API (403), and ours is not among them.
    IpAllowlist,
    /// The app may not do this (403): it lacks a permission of the Developer Hub.
    Scope,
}

/// Longest id of a contact, bytes: Intercom promises at most 128 characters.
const MAX_ID_BYTES: usize = 128;

/// Longest name of an attribute, bytes: 190 characters.
const MAX_NAME_BYTES: usize = 760;

impl Detail {
    pub(super) fn read(status: StatusCode, headers: &HeaderMap, said: &Said) -> Option<Self> {
        let code = said.code.as_deref().unwrap_or_default();
        let message = said.message.as_deref().unwrap_or_default();
        let lower = message.to_ascii_lowercase();
        if lower.contains("not restorable") || code == "not_restorable" {
            return Some(Self::NotRestorable);
        }
        match status {
            StatusCode::CONFLICT => Some(Self::Taken {
                contact: id_in(message)?,
                archived: lower.contains("archived"),
            }),
            StatusCode::GONE => Some(Self::Merged {
                into: canonical(headers)?,
            }),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                if lower.contains("converted to a lead") {
                    return Some(Self::NotALead);
                }
                let unknown = lower.contains("does not exist") || lower.contains("doesn't exist");
                let field = said.field.as_deref();
                let attribute = attribute_in(message, field);
                let attribute = attribute.map(|name| Self::Attribute { name, unknown });
                attribute.or_else(|| {
                    let name = own_field(field.unwrap_or_default()).or_else(|| own_field(&lower));
                    name.map(|name| Self::Field { name })
                })
            }
            StatusCode::PAYMENT_REQUIRED => Some(Self::Plan),
            _ if code == "api_plan_restricted" => Some(Self::Plan),
            StatusCode::FORBIDDEN if is_about_the_address(&lower) => Some(Self::IpAllowlist),
            StatusCode::FORBIDDEN if code.starts_with("token_") => None,
            StatusCode::FORBIDDEN => Some(Self::Scope),
            _ => None,
        }
    }
}

/// "Your IP address is not on the allowlist for API access".
fn is_about_the_address(message: &str) -> bool {
    message.contains("ip address")
        || ["allowlist", "allow list", "whitelist"]
            .iter()
            .any(|word| message.contains(word))
}

/// As in "A contact matching those details already exists with id=6064d5c43910cc082d903f6c": what stands
/// behind `id=` or `id:` and is such an id as Intercom makes them; else such a word anywhere, the last one,
/// since a site's own ids may look the same and are quoted first; else whatever stands behind `id=`.
fn id_in(message: &str) -> Option<String> {
    let is_made = |word: &&str| word.len() == 24 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let is_end = |char: char| !is_of_id(char);
    let named = || {
        let signs = message.match_indices(['=', ':']);
        signs.filter_map(|(at, _)| {
            let before = message[..at].strip_suffix("id")?;
            let after = message[at + 1..].trim_start_matches([' ', '"', '\'']);
            let word = after.split(is_end).next()?;
            (!before.ends_with(is_of_id) && !word.is_empty()).then_some(word)
        })
    };
    let made = named().find(is_made);
    let made = made.or_else(|| message.split(is_end).rfind(is_made));
    id(made.or_else(|| named().next())?)
}

fn is_of_id(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '-' || char == '_'
}

/// As in `</contacts/6064d5c43910cc082d903f6c>; rel="canonical"`, with or without a host.
fn canonical(headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all(LINK).iter();
    let links = links.filter_map(|header| header.to_str().ok());
    let mut links = links.flat_map(|header| header.split(','));
    let link = links.find(|link| link.to_ascii_lowercase().contains("canonical"))?;
    let (_, after) = link.split_once('<')?;
    let (target, _) = after.split_once('>')?;
    let path = target.split(['?', '#']).next()?;
    id(path.trim_end_matches('/').rsplit('/').next()?)
}

fn id(text: &str) -> Option<String> {
    let fits = (1..=MAX_ID_BYTES).contains(&text.len()) && text.chars().all(is_of_id);
    fits.then(|| text.to_owned())
}

/// As in "Custom attribute 'plan tier' does not exist"; else the field that the error names, as in
/// `custom_attributes.plan tier`.
fn attribute_in(message: &str, field: Option<&str>) -> Option<String> {
    let quoted = message.split_once("ttribute '").and_then(|(_, after)| {
        // A name may hold an apostrophe: the last one that a space or the end follows closes it.
        let after = after
            .rsplit_once("' ")
            .map_or_else(|| after.trim_end_matches(['.', '\'']), |(name, _)| name);
        (!after.is_empty()).then_some(after)
    });
    let field = || field?.strip_prefix("custom_attributes.");
    let name = quoted.or_else(field)?;
    (1..=MAX_NAME_BYTES)
        .contains(&name.len())
        .then(|| name.to_owned())
}

/// Fields of contacts and companies that can be left out.
const OWN_FIELDS: [&str; 13] = [
    "email",
    "phone",
    "name",
    "avatar",
    "signed_up_at",
    "last_seen_at",
    "unsubscribed_from_emails",
    "plan",
    "size",
    "website",
    "industry",
    "monthly_spend",
    "remote_created_at",
];

/// The field that a text begins with, as in "Email is invalid".
fn own_field(text: &str) -> Option<&'static str> {
    let first = text.split(|char: char| !is_of_id(char)).next()?;
    OWN_FIELDS.into_iter().find(|field| *field == first)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn detail(status: u16, code: &str, message: &str) -> Option<Detail> {
        let said = Said {
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            ..Said::default()
        };
        let status = StatusCode::from_u16(status).unwrap();
        Detail::read(status, &HeaderMap::new(), &said)
    }

    fn taken(contact: &str, archived: bool) -> Detail {
        let contact = contact.to_owned();
        Detail::Taken { contact, archived }
    }

    fn attribute(name: &str, unknown: bool) -> Detail {
        let name = name.to_owned();
        Detail::Attribute { name, unknown }
    }

    #[test]
    fn every_message_that_was_seen_is_understood() {
        let id = "6064d5c43910cc082d903f6c";
        let exists = format!("A contact matching those details already exists with id={id}");
        let archived =
            format!("An archived contact matching those details already exists with id={id}");
        let not_restorable = "User has been marked for permanent deletion and is not restorable.";
        let not_a_lead = "Contact with user role can't be converted to a lead";
        let address = "Your IP address is not on the allowlist for API access";
        for (status, code, message, expected) in [
            (409, "conflict", exists.as_str(), Some(taken(id, false))),
            (409, "conflict", &archived, Some(taken(id, true))),
            (
                409,
                "conflict",
                "id=6064d5c4, sorry.",
                Some(taken("6064d5c4", false)),
            ),
            (
                409,
                "conflict",
                "Taken by contact 6064d5c43910cc082d903f6c (email_id=7, paid=8).",
                Some(taken(id, false)),
            ),
            (
                409,
                "conflict",
                "external_id=507f1f77bcf86cd799439011 is taken, id=6064d5c43910cc082d903f6c",
                Some(taken(id, false)),
            ),
            (
                409,
                "conflict",
                "paid=8, id: c-1; parent id=c-2",
                Some(taken("c-1", false)),
            ),
            (409, "conflict", "several users match", None),
            (409, "conflict", "id=", None),
            (
                400,
                "bad_request",
                not_restorable,
                Some(Detail::NotRestorable),
            ),
            (
                422,
                "not_restorable",
                "blocked",
                Some(Detail::NotRestorable),
            ),
            (400, "client_error", not_a_lead, Some(Detail::NotALead)),
            (
                400,
                "parameter_invalid",
                "Custom attribute 'plan tier' does not exist",
                Some(attribute("plan tier", true)),
            ),
            (
                400,
                "parameter_invalid",
                "Custom attribute 'boss's name' does not exist",
                Some(attribute("boss's name", true)),
            ),
            (
                400,
                "parameter_invalid",
                "Custom attribute 'size' is not one of the options",
                Some(attribute("size", false)),
            ),
            (
                400,
                "parameter_invalid",
                "Email is invalid",
                Some(Detail::Field { name: "email" }),
            ),
            (400, "parameter_invalid", "the email is invalid", None),
            (402, "payment_required", "", Some(Detail::Plan)),
            (
                403,
                "api_plan_restricted",
                "Active subscription needed.",
                Some(Detail::Plan),
            ),
            (403, "forbidden", address, Some(Detail::IpAllowlist)),
            (403, "action_forbidden", "no access", Some(Detail::Scope)),
            (403, "token_blocked", "blocked", None),
            (401, "unauthorized", "Access Token Invalid", None),
            (404, "not_found", "User Not Found", None),
        ] {
            assert_eq!(
                detail(status, code, message),
                expected,
                "{status} {message}"
            );
        }
    }

    #[test]
    fn the_field_names_the_attribute_where_the_message_does_not() {
        let said = Said {
            field: Some("custom_attributes.plan".to_owned()),
            ..Said::default()
        };
        let read = Detail::read(StatusCode::BAD_REQUEST, &HeaderMap::new(), &said);
        assert_eq!(read, Some(attribute("plan", false)));
    }

    #[test]
    fn the_field_may_be_one_of_intercoms_own() {
        let said = Said {
            field: Some("phone".to_owned()),
            message: Some("has too few digits".to_owned()),
            ..Said::default()
        };
        let read = Detail::read(StatusCode::BAD_REQUEST, &HeaderMap::new(), &said);
        assert_eq!(read, Some(Detail::Field { name: "phone" }));
    }

    #[test]
    fn a_merged_contact_is_followed_by_its_link() {
        let merged = |link: &'static str| {
            let headers = HeaderMap::from_iter([(LINK, HeaderValue::from_static(link))]);
            match Detail::read(StatusCode::GONE, &headers, &Said::default()) {
                Some(Detail::Merged { into }) => Some(into),
                _ => None,
            }
        };
        for (link, into) in [
            (r#"</contacts/6064d5c4>; rel="canonical""#, Some("6064d5c4")),
            (
                r#"<https://api.intercom.io/contacts/6064d5c4>; rel=canonical"#,
                Some("6064d5c4"),
            ),
            (
                r#"</next>; rel="next", </contacts/6064d5c4/>; rel="canonical""#,
                Some("6064d5c4"),
            ),
            (r#"</contacts/a%40b.c>; rel="canonical""#, None),
            (r#"</contacts/6064d5c4>; rel="next""#, None),
            ("<>; rel=canonical", None),
            ("canonical", None),
        ] {
            assert_eq!(merged(link).as_deref(), into, "{link}");
        }
    }
}
