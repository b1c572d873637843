//! Stars for what was typed, as our recorder makes them (shared/web/recorder/src/privacy/mask.ts).

/// Longest row of stars: more tells nothing.
const MOST_STARS: usize = 4_096;

/// Stars that say that something stands there, and about how much; `None` for what is masked already, by
/// whichever recorder, and for nothing.
pub(super) fn typed(text: &str) -> Option<String> {
    if text.chars().all(is_mask) {
        return None;
    }
    let units = text.chars().map(char::len_utf16).sum::<usize>();
    Some("*".repeat(units.next_multiple_of(4).min(MOST_STARS)))
}

/// What masked text is made of: white space shows where words were.
fn is_mask(character: char) -> bool {
    matches!(character, '*' | '•' | '●' | '█') || character.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_becomes_stars_and_stars_stay() {
        for (text, stars) in [
            ("k", Some("****")),
            ("kestrel-9471", Some("************")),
            ("kestrel-9471-", Some("****************")),
            ("𝄞𝄞𝄞", Some("********")),
            ("a b", Some("****")),
            ("***a", Some("****")),
            ("", None),
            (" \n", None),
            ("***", None),
            ("*** ** ****", None),
            ("••••", None),
        ] {
            assert_eq!(typed(text).as_deref(), stars, "{text:?}");
        }
        assert_eq!(
            typed(&"x".repeat(9_999)).map(|stars| stars.len()),
            Some(MOST_STARS)
        );
    }
}
