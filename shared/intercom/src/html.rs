//! Bodies of messages as plain text: Intercom sends HTML, and plain text from API version 2.15 on.

use std::borrow::Cow;

use crate::entities;

/// Longest tag between `<` and `>`, bytes; a longer one is text. An address can be long.
const LONGEST_TAG: usize = 8 * 1_024;

/// Tags that begin a line of their own.
const BLOCKS: [&str; 16] = [
    "p",
    "div",
    "br",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "blockquote",
    "table",
    "tr",
];

/// Tags that a body of Intercom's may begin with besides.
const INLINE: [&str; 11] = [
    "a", "b", "i", "u", "em", "strong", "span", "code", "img", "html", "body",
];

/// Tags whose content is no text.
const HIDDEN: [&str; 3] = ["script", "style", "head"];

/// The text of a body: tags gone, entities decoded, a line for each block.
///
/// The address stands behind a link that has another text. A body that does not begin with a tag of
/// Intercom's is plain already and stays as it is.
///
/// What comes out is text: whoever shows it on a page escapes it as any other.
#[must_use]
pub fn plain_text(body: &str) -> Cow<'_, str> {
    if !is_html(body) {
        return body.into();
    }
    let mut text = Text::default();
    let mut rest = body;
    while let Some(position) = rest.find('<') {
        let (before, from) = rest.split_at(position);
        text.say(before);
        match Tag::parse(from) {
            Some((tag, after)) => {
                rest = text.tag(&tag, after);
            }
            None => {
                text.say("<");
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    text.say(rest);
    text.finish().into()
}

fn is_html(body: &str) -> bool {
    let tag = Tag::parse(body.trim_start());
    tag.is_some_and(|(tag, _)| {
        let name = tag.name.as_str();
        [&BLOCKS[..], &INLINE, &HIDDEN]
            .iter()
            .any(|names| names.contains(&name))
    })
}

struct Tag<'a> {
    /// In lower case; empty for comments and declarations.
    name: String,
    closes: bool,
    inside: &'a str,
}

impl<'a> Tag<'a> {
    /// The tag that a text begins with, and what follows it.
    fn parse(text: &'a str) -> Option<(Self, &'a str)> {
        let inside = text.strip_prefix('<')?;
        if let Some(comment) = inside.strip_prefix("!--") {
            let (inside, after) = comment.split_once("-->")?;
            let name = String::new();
            return Some((
                Self {
                    name,
                    closes: false,
                    inside,
                },
                after,
            ));
        }
        let end = end(inside)?;
        let (inside, after) = (inside.get(..end)?, inside.get(end + 1..)?);
        let (closes, named) = match inside.strip_prefix('/') {
            Some(named) => (true, named),
            None => (false, inside),
        };
        let first = named.chars().next()?;
        if !first.is_ascii_alphabetic() && first != '!' {
            return None;
        }
        let name = named.split(|it: char| !it.is_ascii_alphanumeric()).next()?;
        let name = name.to_ascii_lowercase();
        Some((
            Self {
                name,
                closes,
                inside,
            },
            after,
        ))
    }

    /// The value of an attribute in quotes.
    fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let lower = self.inside.to_ascii_lowercase();
        for quote in ['"', '\''] {
            if let Some(position) = lower.find(&format!(" {name}={quote}")) {
                let value = self.inside.get(position + name.len() + 3..)?;
                return Some(entities::decode(value.split(quote).next()?));
            }
        }
        None
    }
}

/// Where a tag ends: at the first `>` that stands in no quotes.
fn end(inside: &str) -> Option<usize> {
    let mut quote = None;
    for (position, byte) in inside.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(position),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[derive(Default)]
struct Text {
    written: String,
    /// Where the text of an open link begins, and its address.
    link: Option<(usize, String)>,
}

impl Text {
    fn say(&mut self, html: &str) {
        let said = entities::decode(html);
        for character in said.chars() {
            // Only `<br>` and blocks make lines.
            let character = if character.is_whitespace() {
                ' '
            } else {
                character
            };
            let begins = self.written.is_empty() || self.written.ends_with(['\n', ' ']);
            if character != ' ' || !begins {
                self.written.push(character);
            }
        }
    }

    /// Takes a tag; what follows it.
    fn tag<'a>(&mut self, tag: &Tag<'_>, after: &'a str) -> &'a str {
        match (tag.name.as_str(), tag.closes) {
            ("a", false) => {
                let address = tag.attribute("href").unwrap_or_default();
                self.link = Some((self.written.len(), address.into_owned()));
            }
            ("a", true) => self.end_link(),
            ("img", _) => self.say("[image] "),
            (name, closes) if BLOCKS.contains(&name) => {
                self.line();
                if name == "li" && !closes {
                    self.written.push_str("- ");
                }
            }
            (name, false) if HIDDEN.contains(&name) => return hidden(name, after),
            _ => {}
        }
        after
    }

    fn line(&mut self) {
        let end = self.written.trim_end_matches(' ').len();
        self.written.truncate(end);
        if !self.written.is_empty() && !self.written.ends_with('\n') {
            self.written.push('\n');
        }
    }

    fn end_link(&mut self) {
        let Some((start, address)) = self.link.take() else {
            return;
        };
        let label = self.written.get(start..).unwrap_or_default().trim();
        let leads = ["http://", "https://", "mailto:"]
            .iter()
            .any(|it| address.starts_with(it));
        if leads && !label.is_empty() && label != address {
            self.written.push_str(" (");
            self.written.push_str(&address);
            self.written.push(')');
        }
    }

    fn finish(self) -> String {
        self.written.trim().to_owned()
    }
}

/// What follows the end of an element whose content is no text.
fn hidden<'a>(name: &str, after: &'a str) -> &'a str {
    let end = after.to_ascii_lowercase().find(&format!("</{name}"));
    let rest = end.and_then(|end| after.get(end..)).unwrap_or_default();
    rest.split_once('>').map_or("", |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn html_becomes_lines_of_text() {
        for (body, text) in [
            ("<p>Hi there</p>", "Hi there"),
            (
                "<p class=\"no-margin\">One</p>\n<p>Two<br>Three</p>",
                "One\nTwo\nThree",
            ),
            ("<p>5 &lt; 6 &amp; 7</p>", "5 < 6 & 7"),
            ("<p>a < b</p>", "a < b"),
            ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
            (
                "<p>See <a href=\"https://a.example/?x=1&amp;y=2\">this</a>.</p>",
                "See this (https://a.example/?x=1&y=2).",
            ),
            (
                "<p><a href=\"https://a.example\">https://a.example</a></p>",
                "https://a.example",
            ),
            ("<p><a href=\"javascript:alert(1)\">this</a></p>", "this"),
            (
                "<div class=\"intercom-container\"><img src=\"https://a.example/1.png\"></div>",
                "[image]",
            ),
            ("<p>a</p><script>alert('<p>b</p>')</script><p>c</p>", "a\nc"),
            ("<p>a<!-- <b> --> c</p>", "a c"),
            ("<p title=\"a>b\">c</p>", "c"),
            ("<p>&lt;script&gt;</p>", "<script>"),
            ("<p></p>", ""),
        ] {
            assert_eq!(plain_text(body), text, "{body}");
        }
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for body in [
            "",
            "Hi\n\n there",
            "5 < 6",
            "I use <b>bold</b>",
            "&amp;",
            "<3 you",
            "<T> is a type",
            "<p",
            "<",
        ] {
            assert_eq!(plain_text(body), body);
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read(body in "(<p>)?[<>/a-c \"'=&;!\\-é]{0,60}") {
            let text = plain_text(&body);
            prop_assert!(text.len() <= body.len() + "[image] ".len() * body.len());
        }
    }
}
