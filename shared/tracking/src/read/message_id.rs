//! By which a repeat of an event is known.

use sha2::{Digest, Sha256};

/// Longest id that is taken as it is, bytes. Clients' own have at most 70.
const MAX_BYTES: usize = 200;
/// Begins ids that no client made.
const DERIVED: &str = "derived-";

/// The client's own id, or one made of the event's bytes: clients that make none send a repeat with the very
/// same bytes. An id that nobody could use as a key stands for itself by its digest.
pub(super) fn of(said: Option<String>, event: &str) -> String {
    match said {
        Some(id) if id.len() <= MAX_BYTES && !id.contains(char::is_control) => id,
        Some(id) => derived(&id),
        None => derived(event),
    }
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
}
