//! What a notification is about.

/// A topic that the app subscribes to, in Intercom's Developer Hub.
///
/// Intercom has many more; whatever is not here is acknowledged and forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A contact has begun a conversation.
    ConversationUserCreated,
    /// A teammate has begun a conversation with one contact.
    ConversationAdminSingleCreated,
    /// A lead has given an e-mail address.
    LeadAddedEmail,
    /// A visitor has become a lead.
    LeadCreated,
    /// A lead has become a user.
    LeadSignedUp,
    /// A lead was merged into a user: the item is the user.
    ContactMerged,
    /// A contact has another e-mail address.
    ContactEmailUpdated,
    /// A contact is gone for good.
    ContactDeleted,
    /// A contact was put away.
    ContactArchived,
    /// A contact was brought back.
    ContactUnarchived,
}

impl Topic {
    /// All of them: what to subscribe to.
    pub const ALL: [Self; 10] = [
        Self::ConversationUserCreated,
        Self::ConversationAdminSingleCreated,
        Self::LeadAddedEmail,
        Self::LeadCreated,
        Self::LeadSignedUp,
        Self::ContactMerged,
        Self::ContactEmailUpdated,
        Self::ContactDeleted,
        Self::ContactArchived,
        Self::ContactUnarchived,
    ];

    /// Reads a topic's name: today's, or the one that it has for apps up to API version 2.5. `None` for all
    /// others.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|topic| topic.names().contains(&name))
    }

    /// Today's name (API version 2.15), which [`Topic::parse`] reads back.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.names()[0]
    }

    /// Today's name, and after it the older ones.
    ///
    /// Up to 2.4 only leads were called contacts, so `contact.created` tells of a lead.
    /// `conversation.created` never was a topic's name, but texts use it for a conversation that a contact
    /// began.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::ConversationUserCreated => &["conversation.user.created", "conversation.created"],
            Self::ConversationAdminSingleCreated => &["conversation.admin.single.created"],
            Self::LeadAddedEmail => &["contact.lead.added_email", "contact.added_email"],
            Self::LeadCreated => &["contact.lead.created", "contact.created"],
            Self::LeadSignedUp => &["contact.lead.signed_up", "contact.signed_up"],
            Self::ContactMerged => &["contact.merged"],
            Self::ContactEmailUpdated => &["contact.email.updated", "user.email.updated"],
            Self::ContactDeleted => &["contact.deleted", "user.deleted"],
            Self::ContactArchived => &["contact.archived", "contact.archive"],
            Self::ContactUnarchived => &["contact.unarchive"],
        }
    }

    /// Whether it tells of a conversation; the others tell of a contact.
    #[must_use]
    pub(super) fn is_about_conversations(self) -> bool {
        matches!(
            self,
            Self::ConversationUserCreated | Self::ConversationAdminSingleCreated
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_read_back_from_its_name() {
        for topic in Topic::ALL {
            assert_eq!(Topic::parse(topic.as_str()), Some(topic));
        }
    }

    #[test]
    fn older_names_mean_what_they_meant() {
        for (name, topic) in [
            ("conversation.created", Topic::ConversationUserCreated),
            ("contact.created", Topic::LeadCreated),
            ("contact.added_email", Topic::LeadAddedEmail),
            ("contact.signed_up", Topic::LeadSignedUp),
            ("contact.archive", Topic::ContactArchived),
            ("user.email.updated", Topic::ContactEmailUpdated),
            ("user.deleted", Topic::ContactDeleted),
        ] {
            assert_eq!(Topic::parse(name), Some(topic), "{name}");
        }
    }

    #[test]
    fn other_topics_are_not_ours() {
        for name in [
            "",
            "ping",
            "user.created",
            "contact.user.created",
            "contact.lead.updated",
            "conversation.user.replied",
            "Contact.Merged",
            "contact.merged ",
        ] {
            assert_eq!(Topic::parse(name), None, "{name:?}");
        }
    }
}
