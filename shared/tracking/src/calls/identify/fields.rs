//! The fields that Intercom has for people.

use crate::notes::Notes;
use crate::{Fields, Json, SourceSettings, TrackedEvent, date};

/// Most companies that one identify tells of. Nobody belongs to more than a few.
pub(super) const MAX_COMPANIES: usize = 20;

/// Longest address of a picture, bytes: what browsers and servers take.
const MAX_ADDRESS_BYTES: usize = 2_048;

const SIGNED_UP: [&str; 7] = [
    "createdAt",
    "created_at",
    "created",
    "signedUpAt",
    "signed_up_at",
    "remoteCreatedAt",
    "remote_created_at",
];
const LAST_SEEN: [&str; 4] = [
    "lastRequestAt",
    "last_request_at",
    "lastSeenAt",
    "last_seen_at",
];
const UNSUBSCRIBED: [&str; 2] = ["unsubscribedFromEmails", "unsubscribed_from_emails"];

/// Whether a trait is something else than a custom attribute.
pub(super) fn is_field(key: &str) -> bool {
    matches!(
        key,
        "email" | "phone" | "name" | "avatar" | "company" | "companies"
            // Who it is says the contact itself.
            | "id" | "userId" | "user_id" | "external_id" | "externalId" | "anonymousId" | "anonymous_id"
            // Proofs of identity are for the Messenger, and nobody's business afterwards.
            | "user_hash" | "userHash" | "intercom_user_jwt"
    ) || SIGNED_UP.contains(&key)
        || LAST_SEEN.contains(&key)
        || UNSUBSCRIBED.contains(&key)
}

/// The whole name, or first and last name together, or one of them.
pub(super) fn name(traits: &Fields, notes: &mut Notes) -> Option<String> {
    let mut text = |keys: &[&str]| notes.text(traits, keys);
    text(&["name"]).or_else(|| {
        let first = text(&["firstName", "first_name", "firstname"]);
        let last = text(&["lastName", "last_name", "lastname"]);
        match (first, last) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (first, last) => first.or(last),
        }
    })
}

/// Intercom wants E.164. Spaces, brackets and dashes are taken out, and `00` is `+`. What has no five digits
/// is no number, and neither is what does not say its country: Intercom may refuse the contact for it.
pub(super) fn phone(traits: &Fields, notes: &mut Notes) -> Option<String> {
    let text = traits.get("phone")?.to_text()?;
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '-' | '.' | '/' | '\u{a0}');
    let number: String = text.chars().filter(|c| !is_between(*c)).take(32).collect();
    let number = match number.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => number,
    };
    let digits = number.strip_prefix('+').unwrap_or_default();
    if (5..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some(number);
    }
    notes.fields.push("phone");
    None
}

/// The address of a picture.
pub(super) fn avatar(traits: &Fields, notes: &mut Notes) -> Option<String> {
    let address = traits
        .first_of(&["avatar"])?
        .as_text()
        .unwrap_or_default()
        .trim();
    let is_address = address.starts_with("https://") || address.starts_with("http://");
    if is_address && address.len() <= MAX_ADDRESS_BYTES {
        return Some(address.to_owned());
    }
    notes.fields.push("avatar");
    None
}

/// The person's e-mail address. What was said and is none is warned of.
pub(super) fn email(event: &TrackedEvent, notes: &mut Notes) -> Option<String> {
    if event.email.is_none() && event.traits.first_of(&["email"]).is_some() {
        notes.fields.push("email");
    }
    event.email.clone()
}

pub(super) fn signed_up_at(traits: &Fields, notes: &mut Notes) -> Option<i64> {
    notes.seconds(traits, &SIGNED_UP)
}

/// When they were last there: as said, else when they were identified. Somebody who was not there
/// (`context.active` is false: a program says it) was not seen.
pub(super) fn last_seen_at(
    event: &TrackedEvent,
    settings: &SourceSettings,
    notes: &mut Notes,
) -> Option<i64> {
    if event.context.active == Some(false) {
        return None;
    }
    let said = notes.seconds(&event.traits, &LAST_SEEN);
    let now = settings
        .update_last_seen
        .then(|| date::whole_seconds(event.timestamp));
    said.or(now)
}

/// What is meant for Intercom alone goes before what is said to all.
pub(super) fn unsubscribed_from_emails(event: &TrackedEvent) -> Option<bool> {
    let said = |fields: &Fields| fields.first_of(&UNSUBSCRIBED).and_then(Json::as_flag);
    let context = &event.context;
    let for_intercom = event.destinations.options().and_then(said);
    for_intercom
        .or_else(|| said(&context.intercom))
        .or(context.unsubscribed)
        .or_else(|| said(&event.traits))
}
