//! Whom an event is about.

use identity::Alias;

use crate::{Call, Fields, Json, TrackedEvent};

/// Where clients say the site's own id besides `userId`.
const USER_IDS: [&str; 3] = ["userId", "user_id", "id"];
/// Longest id that Intercom takes, bytes.
const MAX_ID_BYTES: usize = 255;

/// Puts ids and the address in order: what stands for nobody is left out (`"undefined"`, `"null"`, …), since
/// it would make one person of many.
pub(super) fn name(event: &mut TrackedEvent) {
    let said_of_person = match event.call {
        Call::Identify => &event.traits,
        _ => &event.context.traits,
    };
    let id = event.user_id.take().and_then(|id| user_id(&id));
    event.user_id = id.or_else(|| {
        let said = said_of_person.first_of(&USER_IDS)?.to_text()?;
        user_id(&said)
    });
    event.previous_id = event.previous_id.take().and_then(|id| user_id(&id));
    event.group_id = event.group_id.take().and_then(|id| user_id(&id));
    let is_browser = |id: &String| Alias::anonymous_id(id).is_ok();
    event.anonymous_id = event.anonymous_id.take().filter(is_browser);
    event.email = address(said_of_person)
        .or_else(|| {
            // With a user id, an address among the properties may be anybody's: whom one has invited, say.
            let is_theirs = event.user_id.is_none() && event.call != Call::Group;
            is_theirs.then(|| address(&event.properties)).flatten()
        })
        .or_else(|| {
            let id = event.user_id.as_deref()?;
            is_deliverable(id).then(|| id.to_owned())
        });
}

/// An id that somebody has given to somebody, or to a company.
fn user_id(text: &str) -> Option<String> {
    let id = Alias::user_id(text).ok()?.into_value();
    Some(id).filter(|id| id.len() <= MAX_ID_BYTES)
}

/// The address that somebody is said to have, as it was typed.
fn address(fields: &Fields) -> Option<String> {
    let text = fields.get("email").and_then(Json::as_text)?.trim();
    Alias::email(text).ok().map(|_| text.to_owned())
}

/// Whether a user id is an address as well. Stricter than [`Alias::email`]: ids have an `@` for other
/// reasons.
fn is_deliverable(id: &str) -> bool {
    let domain = id.split_once('@').map(|(_, domain)| domain);
    let has_dot = domain.is_some_and(|domain| {
        !domain.contains('@')
            && domain.split('.').count() > 1
            && !domain.split('.').any(str::is_empty)
    });
    has_dot && Alias::email(id).is_ok()
}
