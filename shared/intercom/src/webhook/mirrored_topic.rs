//! What a notification of something that is mirrored is about.

macro_rules! topics {
    ($($(#[$documentation:meta])+ $topic:ident = $name:literal $(| $older:literal)*;)+) => {
        /// A topic that tells of what is mirrored, beyond those of [`super::Topic`], whose contacts and
        /// conversations are in full as well.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum MirroredTopic {
            $($(#[$documentation])+ $topic,)+
        }

        impl MirroredTopic {
            /// All of them, in the order of their declaration.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$topic),+];

            /// Reads a topic's name, today's or an older one; `None` for all others.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name $(| $older)* => Some(Self::$topic),)+
                    _ => None,
                }
            }

            /// Today's name, which [`MirroredTopic::parse`] reads back.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$topic => $name,)+
                }
            }
        }
    };
}

topics! {
    /// A company has come to be.
    CompanyCreated = "company.created";
    /// Something about a company has changed.
    CompanyUpdated = "company.updated";
    /// A company is gone.
    CompanyDeleted = "company.deleted";
    /// A contact has come to a company.
    CompanyContactAttached = "company.contact.attached";
    /// A contact has left a company.
    CompanyContactDetached = "company.contact.detached";
    /// A user has come to be.
    UserCreated = "contact.user.created" | "user.created";
    /// Something about a user has changed.
    UserUpdated = "contact.user.updated";
    /// Something about a lead has changed.
    LeadUpdated = "contact.lead.updated";
    /// A user has got a tag.
    UserTagCreated = "contact.user.tag.created" | "user.tag.created";
    /// A user has lost a tag.
    UserTagDeleted = "contact.user.tag.deleted" | "user.tag.deleted";
    /// A lead has got a tag.
    LeadTagCreated = "contact.lead.tag.created" | "contact.tag.created";
    /// A lead has lost a tag.
    LeadTagDeleted = "contact.lead.tag.deleted" | "contact.tag.deleted";
    /// A contact wants e-mails again.
    ContactSubscribed = "contact.subscribed";
    /// A contact wants no e-mails any more.
    ContactUnsubscribed = "contact.unsubscribed" | "user.unsubscribed";
    /// A contact wants e-mails of a type.
    GranularSubscribe = "granular.subscribe";
    /// A contact wants no e-mails of a type any more.
    GranularUnsubscribe = "granular.unsubscribe";
    /// A contact has answered.
    ConversationUserReplied = "conversation.user.replied";
    /// An admin has answered.
    ConversationAdminReplied = "conversation.admin.replied";
    /// An admin has written a note.
    ConversationAdminNoted = "conversation.admin.noted";
    /// An admin or a team looks after it now, or nobody.
    ConversationAdminAssigned = "conversation.admin.assigned";
    /// An admin has closed it.
    ConversationAdminClosed = "conversation.admin.closed";
    /// An admin has opened it.
    ConversationAdminOpened = "conversation.admin.opened";
    /// It was opened by being given to an admin.
    ConversationAdminOpenAssigned = "conversation.admin.open.assigned";
    /// An admin has put it off.
    ConversationAdminSnoozed = "conversation.admin.snoozed";
    /// Its time has come again.
    ConversationAdminUnsnoozed = "conversation.admin.unsnoozed";
    /// A bot has written: Fin, or one that keeps house.
    ConversationOperatorReplied = "conversation.operator.replied";
    /// The contact has read it.
    ConversationRead = "conversation.read";
    /// The contact has said how content they were.
    ConversationRatingAdded = "conversation.rating.added";
    /// It is more important, or less.
    ConversationPriorityUpdated = "conversation.priority.updated";
    /// It is about another company.
    ConversationCompanyUpdated = "conversation.company.updated";
    /// It is gone.
    ConversationDeleted = "conversation.deleted";
    /// Another contact takes part.
    ConversationContactAttached = "conversation.contact.attached";
    /// A contact does not take part any more.
    ConversationContactDetached = "conversation.contact.detached";
    /// The words of a part were taken back.
    PartRedacted = "conversation_part.redacted";
    /// A part has got a tag.
    PartTagCreated = "conversation_part.tag.created";
    /// A contact has done something.
    EventCreated = "event.created";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::Topic;

    #[test]
    fn every_topic_is_read_back_from_its_name_and_is_nobody_elses() {
        for topic in MirroredTopic::ALL {
            assert_eq!(MirroredTopic::parse(topic.as_str()), Some(topic));
            assert_eq!(Topic::parse(topic.as_str()), None, "{topic:?}");
        }
        for topic in Topic::ALL {
            assert_eq!(MirroredTopic::parse(topic.as_str()), None, "{topic:?}");
        }
    }

    #[test]
    fn older_names_mean_what_they_meant() {
        for (name, topic) in [
            ("user.created", MirroredTopic::UserCreated),
            ("contact.tag.created", MirroredTopic::LeadTagCreated),
            ("user.unsubscribed", MirroredTopic::ContactUnsubscribed),
        ] {
            assert_eq!(MirroredTopic::parse(name), Some(topic));
        }
        assert_eq!(MirroredTopic::parse("ping"), None);
    }
}
