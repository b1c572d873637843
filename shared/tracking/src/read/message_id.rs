//! By which a repeat of an event is known.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Longest id that is taken as it is, bytes. Clients' own have at most 70.
const MAX_BYTES: usize = 200;
/// Begins ids that no client made.
const DERIVED: &str = "derived-";

/// Within which a request without any time is taken for a repeat of the same bytes: clients try again for
/// less.
const REPEATED_WITHIN_SECONDS: i64 = 3_600;

/// The client's own id, or one made of the event's bytes: clients that make none send a repeat with the very
/// same bytes. An id that nobody could use as a key stands for itself by its digest.
pub(super) fn of(said: Option<String>, event: &str) -> String {
    match said {
        Some(id) if id.len() <= MAX_BYTES && !id.contains(char::is_control) => id,
        Some(id) => derived(&id),
        None => derived(event),
    }
}

/// The same of an event that does not say when it was: somebody who does the same again next week is no
/// repeat. Its request's own time tells them apart, else the hour in which it came.
pub(super) fn of_undated(
    said: Option<String>,
    event: &str,
    sent_at: Option<Timestamp>,
    received_at: Timestamp,
) -> String {
    if said.is_some() {
        return of(said, event);
    }
    let moment = match sent_at {
        Some(sent_at) => sent_at.as_millisecond(),
        None => received_at.as_second().div_euclid(REPEATED_WITHIN_SECONDS),
    };
    derived(&format!("{moment} {event}"))
}

/// 128 bits of a digest: they do not collide by accident.
fn derived(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    format!("{DERIVED}{}", hex::encode(&digest[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_event_has_the_same_id_and_another_has_another() {
        let said = |id: &str| Some(id.to_owned());
        assert_eq!(of(said("m-1"), "{}"), "m-1");
        assert_eq!(of(None, "{}"), of(None, "{}"));
        assert_ne!(of(None, "{}"), of(None, "{ }"));
        let long = "x".repeat(MAX_BYTES + 1);
        for id in ["a\nb", long.as_str()] {
            assert!(of(said(id), "{}").starts_with(DERIVED));
            assert_eq!(of(said(id), "{}"), of(said(id), "{ }"));
        }
    }

    #[test]
    fn an_event_without_any_time_is_a_repeat_within_the_hour_and_none_next_week() {
        let at = |text: &str| format!("2026-11-{text}Z").parse::<Timestamp>().unwrap();
        let received = |text: &str| of_undated(None, "{}", None, at(text));
        assert_eq!(received("20T10:00:01"), received("20T10:59:00"));
        assert_ne!(received("20T10:00:01"), received("27T10:00:01"));
        let sent = |text: &str| of_undated(None, "{}", Some(at(text)), at("28T10:00:00"));
        assert_eq!(sent("20T10:00:01"), sent("20T10:00:01"));
        assert_ne!(sent("20T10:00:01"), sent("20T10:00:02"));
        let said = of_undated(Some("m-1".to_owned()), "{}", None, at("20T10:00:01"));
        assert_eq!(said, "m-1");
    }
}
