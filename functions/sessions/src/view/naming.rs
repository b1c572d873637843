//! What somebody is called, the same on every page.

use identity::AliasKind;

/// The name of whom a page or a row is about: the e-mail address rather than the site's own id.
pub(super) fn name<'a>(email: Option<&'a str>, user_id: Option<&'a str>) -> &'a str {
    email.or(user_id).unwrap_or("Anonymous visitor")
}

/// What an alias is labelled with.
pub(super) fn label(kind: AliasKind) -> &'static str {
    match kind {
        AliasKind::Email => "Email",
        AliasKind::UserId => "User id",
        AliasKind::AnonymousId => "Device",
        AliasKind::VisitorId => "Intercom visitor",
        AliasKind::ContactId => "Intercom contact",
    }
}
