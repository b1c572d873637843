//! The texts of a page's nodes: short, many, and gone with their nodes.
//!
//! They stand one after another in one allocation. What is forgotten leaves a hole; once half of it is
//! holes, the rest moves together.

use crate::definitions::MAX_LABEL_CHARS;
use crate::json::RawStr;

/// All texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    all: String,
    /// Bytes of holes.
    holes: usize,
}

/// Where a text stands; one of no bytes is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Text {
    start: [u8; 4],
    len: u8,
}

/// Scrubbing may shorten a text: more is kept than is shown.
const MAX_BYTES: usize = MAX_LABEL_CHARS * 2;

/// Room for the texts of a small page.
const LEAST_BYTES: usize = 512;

/// So many bytes of holes are not worth moving anything.
const MAX_HOLES: usize = 4 << 10;

impl Texts {
    /// Keeps what is worth keeping of a text.
    pub(super) fn add(&mut self, text: RawStr<'_>) -> Text {
        let free = self.all.capacity() - self.all.len();
        if free < MAX_BYTES && text.raw().len() > free {
            // A quarter more, not twice as much: most pages come whole.
            self.all.reserve_exact(self.all.len() / 4 + LEAST_BYTES);
        }
        let start = self.all.len();
        shorten(text, &mut self.all);
        Text {
            start: (start as u32).to_le_bytes(),
            len: (self.all.len() - start) as u8,
        }
    }

    /// Keeps a text as it is; `None` if it is longer than any that was shortened.
    pub(super) fn restore(&mut self, text: &str) -> Option<Text> {
        let len = u8::try_from(text.len()).ok()?;
        let start = (self.all.len() as u32).to_le_bytes();
        self.all.push_str(text);
        Some(Text { start, len })
    }

    pub(super) fn get(&self, text: Text) -> Option<&str> {
        let start = u32::from_le_bytes(text.start) as usize;
        let text = self.all.get(start..start + usize::from(text.len))?;
        (!text.is_empty()).then_some(text)
    }

    /// The node of this text is gone, or has another one.
    pub(super) fn forget(&mut self, text: Text) {
        self.holes += usize::from(text.len);
    }

    pub(super) fn is_wasteful(&self) -> bool {
        self.holes > MAX_HOLES && self.holes > self.all.len() / 2
    }

    /// Moves all texts together.
    pub(super) fn tidy<'t>(&mut self, texts: impl Iterator<Item = &'t mut Text>) {
        let mut all = String::with_capacity(self.all.len() - self.holes.min(self.all.len()));
        for text in texts {
            let start = all.len() as u32;
            all.push_str(self.get(*text).unwrap_or_default());
            text.start = start.to_le_bytes();
        }
        *self = Self { all, holes: 0 };
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.holes = 0;
    }

    pub(super) fn reserve(&mut self, bytes: usize) {
        self.all.reserve_exact(bytes);
    }

    /// Gives back most of what is reserved.
    pub(super) fn shrink(&mut self) {
        self.all
            .shrink_to(self.all.len() + self.all.len() / 8 + LEAST_BYTES);
    }
}

/// Appends what is kept of a text: its beginning, white space folded. Shortening that again changes
/// nothing.
pub(crate) fn shorten(text: RawStr<'_>, into: &mut String) {
    let raw = text.raw();
    if raw.bytes().all(|byte| byte.is_ascii_whitespace()) {
        return;
    }
    let text = text.decode();
    if text.len() <= MAX_BYTES && is_folded(&text) {
        return into.push_str(&text);
    }
    let start = into.len();
    for word in text.split_whitespace() {
        if into.len() > start {
            into.push(' ');
        }
        into.push_str(word);
        if into.len() - start > MAX_BYTES {
            into.truncate(into.floor_char_boundary(start + MAX_BYTES));
            into.truncate(into.trim_end().len());
            break;
        }
    }
}

/// Whether the only white space is single spaces between words.
fn is_folded(text: &str) -> bool {
    let mut after_space = true;
    for byte in text.bytes() {
        let is_space = byte == b' ';
        if (is_space && after_space) || byte < b' ' || !byte.is_ascii() {
            return false;
        }
        after_space = is_space;
    }
    !after_space
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shortened(text: &str) -> String {
        let mut short = String::new();
        shorten(RawStr::plain(text), &mut short);
        short
    }

    #[test]
    fn white_space_is_folded_and_the_beginning_kept() {
        for (text, kept) in [
            ("", ""),
            (" \n\t ", ""),
            ("\u{a0}", ""),
            ("Pay now", "Pay now"),
            (" Pay\n  now ", "Pay now"),
            ("Prüfen  !", "Prüfen !"),
        ] {
            assert_eq!(shortened(text), kept, "{text:?}");
        }
        assert_eq!(shortened(&"x".repeat(500)).len(), MAX_BYTES);
    }

    proptest! {
        #[test]
        fn shortening_again_changes_nothing(text in "([a-z] |[é\\\\n ]|\u{a0}|.){0,150}") {
            let once = shortened(&text);
            prop_assert!(once.len() <= MAX_BYTES);
            prop_assert_eq!(shortened(&once), once);
        }

        #[test]
        fn texts_outlive_what_goes_around_them(
            steps in prop::collection::vec((any::<prop::sample::Index>(), "[a-z]{0,130}"), 1..300),
        ) {
            let mut texts = Texts::default();
            let mut kept = vec![(Text::default(), String::new()); 40];
            for (place, text) in steps {
                let place = place.index(kept.len());
                texts.forget(kept[place].0);
                kept[place] = (texts.add(RawStr::plain(&text)), shortened(&text));
                if texts.is_wasteful() {
                    texts.tidy(kept.iter_mut().map(|(text, _)| text));
                }
                for (text, expected) in &kept {
                    prop_assert_eq!(texts.get(*text).unwrap_or_default(), expected);
                }
            }
            prop_assert!(texts.all.len() <= 2 * 40 * MAX_BYTES + MAX_HOLES + LEAST_BYTES);
        }
    }
}
