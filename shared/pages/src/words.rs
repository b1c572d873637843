//! Words that the panel and every page have in common.

use identity::AliasKind;
use store::{Moment, MomentKind, NotRecorded};

use crate::format;

/// What an alias is called.
struct Name {
    /// In the middle of a sentence.
    in_text: &'static str,
    /// At its beginning, and as a label.
    label: &'static str,
}

fn name(kind: AliasKind) -> Name {
    let (in_text, label) = match kind {
        AliasKind::Email => ("email", "Email"),
        AliasKind::UserId => ("user ID", "User ID"),
        AliasKind::AnonymousId => ("browser", "Browser"),
        AliasKind::VisitorId => ("Messenger visitor ID", "Messenger visitor ID"),
        AliasKind::ContactId => ("Intercom contact", "Intercom contact"),
    };
    Name { in_text, label }
}

/// What an alias is labelled with.
#[must_use]
pub fn alias_label(kind: AliasKind) -> &'static str {
    name(kind).label
}

/// What an alias is called in a sentence.
#[must_use]
pub fn alias_kind(kind: AliasKind) -> &'static str {
    name(kind).in_text
}

/// `email`, `email and user ID`, `email, user ID and browser`; each once.
#[must_use]
pub fn alias_kinds(kinds: impl IntoIterator<Item = AliasKind>) -> String {
    enumeration(kinds.into_iter().map(alias_kind))
}

/// Names as in a sentence, each once: `one`, `one and two`, `one, two and three`
#[must_use]
pub fn enumeration<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    match distinct.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What happened at a moment, in words that need no sign beside them; how often is not said.
#[must_use]
pub fn moment(moment: &Moment) -> String {
    let label = &moment.label;
    match moment.kind {
        // A page's label is its address.
        MomentKind::Page => format!("Opened {}", format::page(label)),
        MomentKind::JsError => format!("JavaScript error: {label}"),
        MomentKind::ConsoleError => format!("Console error: {label}"),
        MomentKind::FailedRequest => format!("Failed request: {label}"),
        MomentKind::Idle => match moment.idle_ms() {
            Some(ms) => format!("Inactive for {}", format::duration(ms)),
            None => label.clone(),
        },
        _ => label.clone(),
    }
}

/// Stands where a number would be, had the recorder told it.
pub const NOT_RECORDED: &str = "not recorded";

/// What a session's recorder does not tell: `errors not recorded`, or which kinds of them; `None` when it
/// tells all.
#[must_use]
pub fn not_recorded(kinds: &[NotRecorded]) -> Option<String> {
    /// The console, errors, requests.
    const ALL: usize = 3;
    let name = |kind: &NotRecorded| match kind {
        NotRecorded::Console => "console",
        NotRecorded::Errors => "JS errors",
        NotRecorded::Requests => "requests",
    };
    let what = match kinds.len() {
        0 => return None,
        ALL => "errors".to_owned(),
        _ => enumeration(kinds.iter().map(name)),
    };
    Some(format!("{what} {NOT_RECORDED}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_recorder_does_not_tell_is_said_in_words() {
        use NotRecorded::{Console, Errors, Requests};
        for (kinds, said) in [
            (&[][..], None),
            (&[Requests][..], Some("requests not recorded")),
            (
                &[Console, Errors],
                Some("console and JS errors not recorded"),
            ),
            (
                &[Errors, Requests],
                Some("JS errors and requests not recorded"),
            ),
            (&[Console, Errors, Requests], Some("errors not recorded")),
        ] {
            assert_eq!(not_recorded(kinds).as_deref(), said);
        }
    }

    #[test]
    fn kinds_are_listed_as_in_a_sentence() {
        use AliasKind::{AnonymousId, Email, UserId};
        assert_eq!(alias_kinds([]), "");
        assert_eq!(alias_kinds([Email]), "email");
        assert_eq!(alias_kinds([Email, UserId, Email]), "email and user ID");
        assert_eq!(
            alias_kinds([Email, UserId, AnonymousId]),
            "email, user ID and browser"
        );
    }
}
