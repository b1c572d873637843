//! The little Markdown that a text component draws: bold and links.

use serde::{Serialize, Serializer};

use super::{Line, line::visible};
use crate::HttpsUrl;

/// The content of a [`super::Text`]: plain runs, bold runs and links, joined without a space.
///
/// Intercom documents no escape character, so foreign text is made harmless instead: the characters that mean
/// something become look-alikes that mean nothing. A recorded page's title can neither add a link nor turn
/// bold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markdown {
    source: String,
    /// Characters that are seen: all but the markup and the links' addresses.
    visible: usize,
}

impl Markdown {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds plain text; foreign text is welcome.
    #[must_use]
    pub fn plain(mut self, text: &str) -> Self {
        self.push(text);
        self
    }

    /// Adds bold text; foreign text is welcome.
    #[must_use]
    pub fn bold(mut self, text: &str) -> Self {
        self.source.push_str("**");
        self.push(Line::from(text).as_str());
        self.source.push_str("**");
        self
    }

    /// Adds a link; a foreign label is welcome.
    #[must_use]
    pub fn link(mut self, label: &str, url: &HttpsUrl) -> Self {
        self.source.push('[');
        self.push(Line::from(label).as_str());
        self.source.push_str("](");
        for c in url.as_str().chars() {
            match c {
                '(' => self.source.push_str("%28"),
                ')' => self.source.push_str("%29"),
                '*' => self.source.push_str("%2A"),
                other => self.source.push(other),
            }
        }
        self.source.push(')');
        self
    }

    /// How many characters are seen.
    pub(super) fn visible_chars(&self) -> usize {
        self.visible
    }

    /// Whether there is nothing to see.
    pub(super) fn is_blank(&self) -> bool {
        self.source.trim().is_empty()
    }

    fn push(&mut self, text: &str) {
        for c in harmless(text) {
            self.source.push(c);
            self.visible += 1;
        }
    }
}

impl Serialize for Markdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl From<&str> for Markdown {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Markdown {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// The text on one line, without a character that means anything to a Markdown renderer.
fn harmless(text: &str) -> impl Iterator<Item = char> {
    visible(text).take(Line::MAX_CHARS).map(|c| match c {
        '[' => '(',
        ']' => ')',
        '*' => '∗',
        '\\' => '⧵',
        '`' => '\'',
        '<' => '‹',
        '>' => '›',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_markup_is_drawn() {
        let url = HttpsUrl::parse("https://example.com/a(b)?c=*").unwrap();
        let text = Markdown::new()
            .plain("Live now on ")
            .bold("Cart")
            .plain(", ")
            .link("watch", &url);
        assert_eq!(
            text.source,
            "Live now on **Cart**, [watch](https://example.com/a%28b%29?c=%2A)"
        );
    }

    #[test]
    fn foreign_text_cannot_add_markup() {
        let foreign = "[Log in](https://evil.example) **now** <https://evil.example> \\[x]";
        let drawn = "(Log in)(https://evil.example) ∗∗now∗∗ ‹https://evil.example› ⧵(x)";
        assert_eq!(Markdown::from(foreign).source, drawn);
        assert_eq!(Markdown::new().plain(foreign).source, drawn);
        assert_eq!(Markdown::new().bold(foreign).source, format!("**{drawn}**"));
    }
}
