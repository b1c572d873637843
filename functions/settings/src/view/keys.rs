//! The organization's keys: what they are for, and which of them are good for how long.

use jiff::Timestamp;
use store::{KEY_OVERLAP, KeyScope, KeySummary};

use super::PostForm;
use super::dates::Dates;

/// The keys of one scope.
pub(super) struct KeyLine {
    pub(super) name: &'static str,
    pub(super) purpose: &'static str,
    /// As the form names it.
    pub(super) scope: &'static str,
    pub(super) current: Option<Key>,
    /// Good for a while yet.
    pub(super) ending: Vec<Key>,
    /// When the current one ends if it is replaced now.
    pub(super) works_until: String,
    pub(super) replaces: String,
    pub(super) form: PostForm,
}

/// One key.
pub(super) struct Key {
    /// All of the public key, the end of others.
    pub(super) text: String,
    pub(super) since: String,
}

impl KeyLine {
    pub(super) fn new(
        scope: KeyScope,
        keys: &[KeySummary],
        dates: &Dates,
        form: PostForm,
        now: Timestamp,
    ) -> Self {
        let (name, purpose, word) = match scope {
            KeyScope::Write => (
                "Write key",
                "Public: it stands in the recorder of your site, and may only add recordings.",
                "write",
            ),
            KeyScope::Secret => (
                "Secret key",
                "For your own backend: it may read sessions too. Shown once, when it is made.",
                "secret",
            ),
            KeyScope::Source => (
                "Source key",
                "For an analytics client: it may only add tracked events. Shown once, when it is made.",
                "source",
            ),
        };
        let current = current(keys, scope);
        let ending = of_scope(keys, scope).filter(|key| key.expires_at.is_some());
        Self {
            name,
            purpose,
            scope: word,
            current: current.map(|key| Key::new(key, dates)),
            ending: ending.map(|key| Key::ending(key, dates)).collect(),
            works_until: dates.write(now + KEY_OVERLAP),
            replaces: key_name(keys, scope),
            form,
        }
    }
}

impl Key {
    fn new(key: &KeySummary, dates: &Dates) -> Self {
        Self {
            text: match &key.text {
                Some(text) => text.expose().to_owned(),
                None => masked(key),
            },
            since: match key.created_at {
                Some(at) => format!("Made on {}", dates.write(at)),
                None => "Set by the server's configuration".to_owned(),
            },
        }
    }

    fn ending(key: &KeySummary, dates: &Dates) -> Self {
        let at = key.expires_at.map(|at| dates.write(at));
        Self {
            text: masked(key),
            since: format!("stops working on {}", at.unwrap_or_default()),
        }
    }
}

/// Enough of a key to tell it from another.
pub(crate) fn masked(key: &KeySummary) -> String {
    let text = key.text.as_ref().map(|text| text.expose());
    let end = |text: &str| {
        let start = text.char_indices().rev().nth(3);
        start.map(|(start, _)| text[start..].to_owned())
    };
    let last4 = key.last4.clone().or_else(|| end(text?));
    format!("••••••••{}", last4.unwrap_or_default())
}

/// What a form calls the key that it replaces: as good as unique among the keys of an organization, and no
/// secret.
pub(crate) fn key_name(keys: &[KeySummary], scope: KeyScope) -> String {
    let Some(key) = current(keys, scope) else {
        return "none".to_owned();
    };
    let created_at = key.created_at.map_or(0, |at| at.as_millisecond());
    let last4 = key.last4.as_deref().unwrap_or_default();
    format!("{created_at}-{last4}")
}

/// When the last of the keys ends that were replaced.
pub(super) fn ends_at(keys: &[KeySummary], scope: KeyScope) -> Option<Timestamp> {
    of_scope(keys, scope).filter_map(|key| key.expires_at).max()
}

/// The write key itself, when it was made here.
pub(super) fn readable(keys: &[KeySummary]) -> Option<&str> {
    let text = current(keys, KeyScope::Write)?.text.as_ref()?;
    Some(text.expose())
}

fn current(keys: &[KeySummary], scope: KeyScope) -> Option<&KeySummary> {
    of_scope(keys, scope).find(|key| key.expires_at.is_none())
}

fn of_scope(keys: &[KeySummary], scope: KeyScope) -> impl Iterator<Item = &KeySummary> {
    keys.iter().filter(move |key| key.scope == scope)
}
