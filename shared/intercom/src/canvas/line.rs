//! One line of plain text.

use serde::Serialize;

/// One line of plain text: titles, labels, values.
///
/// Intercom draws no line breaks and refuses a required text that is empty, so white space is collapsed,
/// invisible characters are dropped and nothing at all becomes a dash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Line(String);

impl Line {
    /// Longest line, characters: a whole [`crate::HttpsUrl`] fits, and a page of foreign text does not.
    pub const MAX_CHARS: usize = 2_048;

    /// Stands where there is no text.
    pub(super) const NOTHING: &str = "–";

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        let visible: String = visible(text).take(Self::MAX_CHARS).collect();
        let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        Self(if line.is_empty() {
            Self::NOTHING.to_owned()
        } else {
            line
        })
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// The characters of a text that a line may show: line breaks and control characters as spaces, and without
/// those that draw nothing but change how their neighbours are drawn. With the latter (zero-width characters,
/// bidirectional controls) a recorded page could make a line read as something else; see Unicode TR 36.
pub(super) fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|c| match c {
        '\u{2028}' | '\u{2029}' => Some(' '),
        _ if c.is_control() => Some(' '),
        '\u{00AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}' => None,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => None,
        _ => Some(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_visible_bounded_and_never_empty() {
        let long = "é".repeat(Line::MAX_CHARS + 1);
        let cut = "é".repeat(Line::MAX_CHARS);
        let cases = [
            ("Add to cart", "Add to cart"),
            ("  two\r\n lines\u{2028}three\t", "two lines three"),
            ("", "–"),
            (" \u{200B}\u{0} ", "–"),
            ("gnp.\u{202E}exe", "gnp.exe"),
            (&long, &cut),
        ];
        for (text, line) in cases {
            assert_eq!(Line::from(text).as_str(), line, "{text:?}");
        }
    }
}
