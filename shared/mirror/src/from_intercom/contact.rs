//! Contacts.

use intercom::contact;
use intercom::request::Role;

use crate::Contact;
use crate::from_intercom::ids;

/// A contact. Whether it is there at all, `archived` and `deleted` of what was said tell.
#[must_use]
pub fn contact(said: &contact::Contact) -> Contact {
    Contact {
        id: said.id.clone(),
        is_user: said.role == Role::User,
        external_id: said.external_id.clone(),
        email: said.email.clone(),
        name: said.name.clone(),
        phone: said.phone.clone(),
        created_at: said.created_at,
        signed_up_at: said.signed_up_at,
        updated_at: said.updated_at,
        last_seen_at: said.last_seen_at,
        last_replied_at: said.last_replied_at,
        last_contacted_at: said.last_contacted_at,
        unsubscribed_from_emails: said.unsubscribed_from_emails,
        has_hard_bounced: said.has_hard_bounced,
        marked_email_as_spam: said.marked_email_as_spam,
        owner_id: said.owner_id.clone(),
        tags: ids(said.tags.as_ref()),
        segments: ids(said.segments.as_ref()),
        custom_attributes: said.custom_attributes.clone(),
        browser: said.client.browser.clone(),
        os: said.client.os.clone(),
        city: said.client.city.clone(),
        country: said.client.country.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    #[test]
    fn leads_and_users_are_told_apart() {
        for (role, is_user) in [("user", true), ("lead", false), ("visitor", false)] {
            let sent = json!({
                "id": "5f", "role": role, "external_id": "u-1", "email": "a@b.example", "name": "Ada",
                "tags": { "data": [{ "id": "1" }], "total_count": 1, "has_more": false },
                "unsubscribed_from_emails": true, "location": { "city": "Dublin", "country": "Ireland" },
            });
            let contact = super::contact(&from_value(sent).ok().unwrap());
            assert_eq!(contact.is_user, is_user, "{role}");
            assert_eq!(contact.external_id.as_deref(), Some("u-1"));
            assert_eq!(
                (contact.tags, contact.segments),
                (vec!["1".to_owned()], Vec::new())
            );
            assert_eq!(contact.city.as_deref(), Some("Dublin"));
            assert!(contact.unsubscribed_from_emails && !contact.has_hard_bounced);
        }
    }
}
