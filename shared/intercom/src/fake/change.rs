//! What happens to a contact, and what Intercom notifies of then.

use jiff::{SignedDuration, Timestamp};

use super::contact::Standing;
use super::directory::Directory;
use super::notification::Notification;
use super::{FakeContact, Role};

/// What happens to a contact.
#[derive(Debug, Clone)]
pub enum Change {
    /// They give this e-mail address.
    Email(String),
    /// A lead becomes a user with this id at the customer's site.
    SignUp(String),
    /// A lead turns out to be the user with this contact id.
    MergeInto(String),
    /// They are put away.
    Archive,
    /// They are fetched back.
    Unarchive,
    /// They are deleted for good.
    Delete,
}

/// Why nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Nobody has this id.
    #[error("there is no such contact (any more)")]
    Gone,
    /// A user was to do what leads do.
    #[error("only a lead can do that")]
    NotALead,
    /// A lead was to be merged into somebody else than a user.
    #[error("a lead can be merged into a user only")]
    NotAUser,
}

impl Change {
    /// Does it; what Intercom notifies of.
    ///
    /// # Errors
    /// When Intercom would not do that.
    pub fn apply(
        self,
        workspace: &str,
        directory: &mut Directory,
        id: &str,
        now: Timestamp,
    ) -> Result<Notification, Refused> {
        let before = present(directory, id)?;
        // Notifications tell time in seconds: of two in the same one, nobody could say which came first.
        let now = now.max(before.updated_at + SignedDuration::from_secs(1));
        let changed = |directory: &mut Directory, topic, change: &dyn Fn(&mut FakeContact)| {
            directory.update(id, |contact| {
                change(contact);
                contact.updated_at = now;
            });
            let after = directory.contact(id).ok_or(Refused::Gone)?;
            Ok(Notification::about(workspace, topic, after, now))
        };
        match self {
            Self::Email(email) => {
                let topic = match (before.role, &before.email) {
                    (Role::Lead, None) => "contact.lead.added_email",
                    _ => "contact.email.updated",
                };
                changed(directory, topic, &|contact| {
                    contact.email = Some(email.clone());
                })
            }
            Self::SignUp(user_id) => {
                lead(&before)?;
                changed(directory, "contact.lead.signed_up", &|contact| {
                    contact.role = Role::User;
                    contact.external_id = Some(user_id.clone());
                })
            }
            Self::MergeInto(user) => {
                lead(&before)?;
                let user = present(directory, &user)?;
                if user.role != Role::User {
                    return Err(Refused::NotAUser);
                }
                let survivor = FakeContact {
                    updated_at: now,
                    ..user
                };
                directory.update(&survivor.id, |contact| contact.updated_at = now);
                directory.update(id, |contact| contact.clone_from(&survivor));
                directory.merge(id, &survivor.id);
                Ok(Notification::merged(workspace, &survivor, id, now))
            }
            Self::Archive => changed(directory, "contact.archived", &|contact| {
                contact.standing = Standing::Archived;
            }),
            Self::Unarchive => changed(directory, "contact.unarchive", &|contact| {
                contact.standing = Standing::Present;
            }),
            Self::Delete => {
                directory.update(id, |contact| {
                    contact.standing = Standing::Deleted;
                    contact.updated_at = now;
                });
                Ok(Notification::deleted(workspace, &before, now))
            }
        }
    }
}

/// The contact, unless they have been deleted.
fn present(directory: &Directory, id: &str) -> Result<FakeContact, Refused> {
    let contact = directory.contact(id).cloned();
    contact
        .filter(|contact| contact.standing != Standing::Deleted)
        .ok_or(Refused::Gone)
}

fn lead(contact: &FakeContact) -> Result<(), Refused> {
    match contact.role {
        Role::Lead => Ok(()),
        Role::User => Err(Refused::NotALead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::canvas::tests::conversation;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    /// The lead `c1` and the user `c2`.
    fn directory() -> Directory {
        let lead = conversation();
        let mut user = conversation();
        user.id = "8".to_owned();
        user.contact = FakeContact::new("c2".to_owned(), Role::User, NOW);
        Directory::new(vec![lead, user])
    }

    #[test]
    fn every_change_notifies_of_its_topic() {
        let text = str::to_owned;
        for (id, change, topic) in [
            (
                "c1",
                Change::Email(text("a@b.example")),
                "contact.lead.added_email",
            ),
            (
                "c2",
                Change::Email(text("a@b.example")),
                "contact.email.updated",
            ),
            ("c1", Change::SignUp(text("7")), "contact.lead.signed_up"),
            ("c1", Change::MergeInto(text("c2")), "contact.merged"),
            ("c1", Change::Archive, "contact.archived"),
            ("c1", Change::Unarchive, "contact.unarchive"),
            ("c2", Change::Delete, "contact.deleted"),
        ] {
            let notification = change.apply("local", &mut directory(), id, NOW).unwrap();
            assert_eq!(notification.topic, topic);
        }
    }

    #[test]
    fn a_merged_lead_is_the_user_from_then_on() {
        let mut directory = directory();
        let merge = Change::MergeInto("c2".to_owned());
        let notification = merge.apply("local", &mut directory, "c1", NOW).unwrap();
        assert_eq!(notification.item["id"], "c2");
        assert_eq!(notification.item["merged_from"]["id"], "c1");
        assert_eq!(directory.conversation("7").unwrap().contact.id, "c2");
        assert!(directory.contact("c1").is_none());
    }

    #[test]
    fn what_intercom_would_not_do_is_refused() {
        let text = str::to_owned;
        let mut directory = directory();
        Change::Delete
            .apply("local", &mut directory, "c2", NOW)
            .unwrap();
        for (id, change) in [
            ("c1", Change::MergeInto(text("c1"))),
            ("c1", Change::MergeInto(text("c2"))),
            ("c2", Change::Unarchive),
            ("c3", Change::Archive),
        ] {
            assert!(
                change
                    .clone()
                    .apply("local", &mut directory, id, NOW)
                    .is_err(),
                "{id} {change:?}"
            );
        }
    }
}
