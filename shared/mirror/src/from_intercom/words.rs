//! Teammates, tags, segments.

use intercom::{admin, named};

use crate::{Admin, Named};

/// A teammate. One without a name is called by the e-mail.
#[must_use]
pub fn admin(said: &admin::Admin) -> Admin {
    let name = said.name.as_ref().or(said.email.as_ref());
    Admin {
        id: said.id.clone(),
        name: name.cloned().unwrap_or_default(),
        has_inbox_seat: said.has_inbox_seat,
    }
}

/// A tag.
#[must_use]
pub fn tag(said: &named::Tag) -> Named {
    Named {
        id: said.id.clone(),
        name: said.name.clone(),
    }
}

/// A segment.
#[must_use]
pub fn segment(said: &named::Segment) -> Named {
    Named {
        id: said.id.clone(),
        name: said.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    #[test]
    fn words_have_an_id_and_a_name() {
        for (sent, name, seat) in [
            (
                json!({ "id": "1", "name": "Ada", "email": "a@b.example", "has_inbox_seat": true }),
                "Ada",
                true,
            ),
            (
                json!({ "id": 1, "email": "a@b.example" }),
                "a@b.example",
                false,
            ),
        ] {
            let admin = super::admin(&from_value(sent).ok().unwrap());
            assert_eq!((admin.id.as_str(), admin.name.as_str()), ("1", name));
            assert_eq!(admin.has_inbox_seat, seat);
        }
        let sent = json!({ "id": "7", "name": "VIP" });
        assert_eq!(super::tag(&from_value(sent.clone()).unwrap()).name, "VIP");
        assert_eq!(super::segment(&from_value(sent).unwrap()).id, "7");
    }
}
