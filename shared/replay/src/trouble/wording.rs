//! How a browser words an error that nobody caught, and how it is told from one that the page's code logged.
//!
//! rrweb's console plugin writes both as a line of the level `error`. Our recorder says which it is. Where
//! none says it, the words do: Chromium begins with `Uncaught`. Firefox and Safari write what Chromium writes
//! behind that: one line that begins with the error's name. A page seldom logs such a line, and in a browser
//! that is known to say `Uncaught` it is the page's own.

use serde::{Deserialize, Serialize};

use crate::event::LogLine;
use crate::privacy;

/// What is known of the wording so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Wording {
    /// Whether the browser begins with `Uncaught`, as Chromium does.
    says_uncaught: bool,
    /// What the plugin could not read of the error that the next line is about.
    unreadable: String,
}

/// Stands where what was thrown has no words of its own.
const NO_WORDS: &str = "Something was thrown that is no error";

impl Wording {
    pub(super) fn browser(&mut self, user_agent: &str) {
        self.says_uncaught |= ["Chrome/", "Chromium/"]
            .iter()
            .any(|name| user_agent.contains(name));
    }

    /// Whether a warning is of the console plugin, not of the page: that it stops after so many lines, or
    /// that what was thrown is no `Error`. The error itself follows.
    pub(super) fn takes_recorders_own(&mut self, line: &LogLine<'_>) -> bool {
        let Some(first) = line.arguments.first() else {
            return false;
        };
        if first.contains("[console-record-plugin]") {
            let thrown = line.arguments.get(1).map_or("", |thrown| thrown);
            self.unreadable = privacy::message(&words(thrown));
            return true;
        }
        first.contains("The number of log records reached the threshold")
    }

    /// The words of what was thrown, if nobody caught it; `text` is the whole line.
    pub(super) fn thrown(&mut self, line: &LogLine<'_>, text: &str) -> Option<String> {
        let unreadable = std::mem::take(&mut self.unreadable);
        let thrown = match (line.thrown, self.words_of_uncaught(line, text)) {
            (Some(false), _) => return None,
            (_, Some(thrown)) => thrown,
            (Some(true), None) => text,
            (None, None) => return None,
        };
        Some(match thrown.trim() {
            "" | "[object Object]" if !unreadable.is_empty() => unreadable,
            "" => NO_WORDS.to_owned(),
            _ => thrown.to_owned(),
        })
    }

    fn words_of_uncaught<'t>(&mut self, line: &LogLine<'_>, text: &'t str) -> Option<&'t str> {
        if let Some(thrown) = text.strip_prefix("Uncaught ") {
            return Some(match thrown.strip_prefix("(in promise)") {
                // rrweb's own words, in every browser.
                Some(rejected) => rejected.trim_start(),
                None => {
                    self.says_uncaught = true;
                    thrown
                }
            });
        }
        if let Some(thrown) = text.strip_prefix("uncaught exception: ") {
            return Some(thrown); // Firefox, of what is no `Error`.
        }
        let is_alone = line.arguments.len() == 1 && !line.is_breadcrumb && !text.contains('\n');
        // Every browser says no more of an error in another site's script.
        let is_of_elsewhere = text == "Script error.";
        let is_worded = is_of_elsewhere || !self.says_uncaught && begins_with_errors_name(text);
        (is_alone && is_worded).then_some(text)
    }
}

/// `TypeError: x is not a function`, `AbortError: gone`, `Error`.
fn begins_with_errors_name(text: &str) -> bool {
    let (name, rest) = match text.find(':') {
        Some(colon) => text.split_at(colon),
        None => (text, ": "),
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.');
    (name.ends_with("Error") || name.ends_with("Exception"))
        && name.bytes().all(is_name)
        && rest.starts_with(": ")
}

/// What a JSON text says: strings without their quotes.
pub(super) fn words(argument: &str) -> String {
    // Most of what is no string is told by its first sign.
    let is_string = argument.trim_start().starts_with('"');
    let string = is_string.then(|| serde_json::from_str(argument).ok());
    string.flatten().unwrap_or_else(|| argument.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Level;

    fn error(arguments: &[&str]) -> LogLine<'static> {
        let json = |text: &&str| serde_json::to_string(text).unwrap().into();
        LogLine {
            level: Level::Error,
            arguments: arguments.iter().map(json).collect(),
            ..LogLine::default()
        }
    }

    fn thrown_as(wording: &mut Wording, line: &LogLine<'_>) -> Option<String> {
        let text: Vec<String> = line.arguments.iter().map(|text| words(text)).collect();
        wording.thrown(line, &text.join(" "))
    }

    #[test]
    fn every_browsers_words_for_what_nobody_caught_are_understood() {
        for (line, thrown) in [
            (
                &["Uncaught TypeError: a is null"][..],
                Some("TypeError: a is null"),
            ),
            (&["Uncaught (in promise) Error: no"], Some("Error: no")),
            (&["Uncaught (in promise)", "{}"], Some("{}")),
            (
                &["TypeError: cart.total is not a function"],
                Some("TypeError: cart.total is not a function"),
            ),
            (&["NotFoundError: gone"], Some("NotFoundError: gone")),
            (&["Error"], Some("Error")),
            (&["uncaught exception: gone"], Some("gone")),
            (&["Script error."], Some("Script error.")),
            (
                &["TypeError: a is null\n    at b (https://a.example/b.js:1:2)"],
                None,
            ),
            (&["TypeError: a is null", "17"], None),
            (&["Stock check failed: Error: 404"], None),
            (&["Errors: 4"], None),
            (&["An Error: no"], None),
            (&["Stock check failed"], None),
            (&[], None),
        ] {
            let found = thrown_as(&mut Wording::default(), &error(line));
            assert_eq!(found.as_deref(), thrown, "{line:?}");
        }
    }

    #[test]
    fn where_the_browser_says_uncaught_other_words_are_the_pages_own() {
        let logged = error(&["TypeError: a is null"]);
        let mut by_its_words = Wording::default();
        assert!(thrown_as(&mut by_its_words, &error(&["Uncaught Error: no"])).is_some());
        assert_eq!(thrown_as(&mut by_its_words, &logged), None);
        let mut by_its_name = Wording::default();
        by_its_name.browser("Mozilla/5.0 AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36");
        assert_eq!(thrown_as(&mut by_its_name, &logged), None);
        let mut firefox = Wording::default();
        firefox.browser("Mozilla/5.0 Gecko/20100101 Firefox/153.0");
        assert!(thrown_as(&mut firefox, &error(&["Uncaught (in promise) Error: no"])).is_some());
        assert!(thrown_as(&mut firefox, &logged).is_some());
    }

    #[test]
    fn what_the_recorder_says_decides_whatever_the_words() {
        for (words, thrown, expected) in [
            ("Uncaught TypeError: a", Some(false), None),
            ("TypeError: a", Some(false), None),
            ("gone", Some(true), Some("gone")),
            ("Uncaught gone", Some(true), Some("gone")),
        ] {
            let line = LogLine {
                thrown,
                ..error(&[words])
            };
            let found = thrown_as(&mut Wording::default(), &line);
            assert_eq!(found.as_deref(), expected, "{words} {thrown:?}");
        }
    }

    #[test]
    fn what_is_no_error_has_the_words_that_the_plugin_could_not_read() {
        let note = |thrown: &[&str]| {
            let mut arguments = vec!["[console-record-plugin]: Failed to parse error object:"];
            arguments.extend(thrown);
            error(&arguments)
        };
        for (noted, line, expected) in [
            (
                Some(&["AbortError: gone"][..]),
                "Uncaught ",
                "AbortError: gone",
            ),
            (
                Some(&["{\"code\":3}"]),
                "Uncaught [object Object]",
                "{\"code\":3}",
            ),
            (Some(&["AbortError: gone"]), "Uncaught gone", "gone"),
            (Some(&[]), "Uncaught ", NO_WORDS),
            (None, "Uncaught ", NO_WORDS),
            (None, "Uncaught [object Object]", "[object Object]"),
        ] {
            let mut wording = Wording::default();
            if let Some(noted) = noted {
                assert!(wording.takes_recorders_own(&note(noted)));
            }
            let found = thrown_as(&mut wording, &error(&[line]));
            assert_eq!(found.as_deref(), Some(expected), "{noted:?} {line}");
            // It was said of this one, not of the next.
            let next = thrown_as(&mut wording, &error(&["Uncaught "]));
            assert_eq!(next.as_deref(), Some(NO_WORDS));
        }
    }
}
