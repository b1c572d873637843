//! A teammate, as Intercom keeps them.

use serde::Deserialize;

use crate::contact::NoId;
use crate::lenient;

/// A teammate. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Admin {
    /// Unique in the workspace.
    pub id: String,
    /// As written in Intercom. Whoever takes it for a proof of identity wants [`Admin::verified_email`].
    pub email: Option<String>,
    /// Whether the admin has shown that the e-mail is theirs; not, when Intercom does not say: only `GET /me`
    /// does.
    pub email_verified: bool,
    /// As written in Intercom.
    pub name: Option<String>,
    /// Whether they may write to contacts: without a seat Intercom refuses messages and replies of theirs.
    pub has_inbox_seat: bool,
}

impl Admin {
    /// The e-mail, if it is known to be theirs. With an unverified one anybody could pass for anybody.
    #[must_use]
    pub fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified)
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "lenient::flag")]
    email_verified: bool,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient::flag")]
    has_inbox_seat: bool,
}

impl TryFrom<Wire> for Admin {
    type Error = NoId;

    fn try_from(wire: Wire) -> Result<Self, NoId> {
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            email: wire.email,
            email_verified: wire.email_verified,
            name: wire.name,
            has_inbox_seat: wire.has_inbox_seat,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_admin_has_a_seat_and_a_verified_address_only_where_that_is_said() {
        for (sent, seat, email) in [
            (
                json!({ "id": 1, "email": "a@b.c", "has_inbox_seat": true }),
                true,
                None,
            ),
            (
                json!({ "id": "1", "email": "a@b.c", "email_verified": true, "has_inbox_seat": null }),
                false,
                Some("a@b.c"),
            ),
        ] {
            let admin = Admin::deserialize(&sent).ok().unwrap();
            assert_eq!(admin.id, "1");
            assert_eq!(admin.has_inbox_seat, seat, "{sent}");
            assert_eq!(admin.verified_email(), email, "{sent}");
        }
    }
}
