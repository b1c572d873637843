//! What is sealed with the token keys. No two purposes have the same name, so nothing that was sealed for one
//! opens for another.

use table::Purpose;

/// A workspace's token.
pub(crate) const TOKEN: Purpose = Purpose::new("token");
/// An organization's write key, to be shown again.
pub(crate) const WRITE_KEY: Purpose = Purpose::new("write key");
/// A new secret key on its way to the settings page.
pub(crate) const FIRST_SECRET_KEY: Purpose = Purpose::new("first secret key");
