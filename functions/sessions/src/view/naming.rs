//! What somebody is called, the same on every page.

/// The name of whom a page or a row is about: the e-mail address rather than the site's own id.
pub(super) fn name<'a>(email: Option<&'a str>, user_id: Option<&'a str>) -> &'a str {
    email.or(user_id).unwrap_or("Anonymous visitor")
}
