//! What somebody is called, the same on every page.

use identity::AliasKind;
use pages::words;

/// The name of whom a page or a row is about: the e-mail address rather than the site's own id.
pub(super) fn name<'a>(email: Option<&'a str>, user_id: Option<&'a str>) -> &'a str {
    email.or(user_id).unwrap_or("Anonymous visitor")
}

/// An alias as pages show it.
pub(super) struct ShownAlias {
    pub(super) label: &'static str,
    pub(super) value: String,
    /// Whether whoever has the public write key may have said it.
    pub(super) is_claimed: bool,
}

impl ShownAlias {
    pub(super) fn new(kind: AliasKind, value: &str, is_claimed: bool) -> Self {
        Self {
            label: words::alias_label(kind),
            value: value.to_owned(),
            // A browser's id proves nothing, and says nothing of who it is.
            is_claimed: is_claimed && matches!(kind, AliasKind::UserId | AliasKind::Email),
        }
    }
}
