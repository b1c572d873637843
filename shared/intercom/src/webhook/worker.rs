//! Who deals with a topic.

/// A function that deals with the notifications of a topic, or of two that undo or resemble each other.
///
/// Each has its own queue, so that a flood of one topic, or a bug in its rule, keeps no other one waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Worker {
    /// A conversation has begun, whoever began it.
    ConversationCreated,
    /// A lead has given an e-mail address.
    LeadAddedEmail,
    /// A visitor has become a lead.
    LeadCreated,
    /// A lead has become a user.
    LeadSignedUp,
    /// A lead was merged into a user.
    ContactMerged,
    /// A contact has another e-mail address.
    ContactEmailUpdated,
    /// A contact is gone for good.
    ContactDeleted,
    /// A contact was put away, or brought back.
    ContactArchived,
}

impl Worker {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 8] = [
        Self::ConversationCreated,
        Self::LeadAddedEmail,
        Self::LeadCreated,
        Self::LeadSignedUp,
        Self::ContactMerged,
        Self::ContactEmailUpdated,
        Self::ContactDeleted,
        Self::ContactArchived,
    ];

    /// The name of its package, its function and, where there is one of each, its queue.
    #[must_use]
    pub fn function_name(self) -> &'static str {
        match self {
            Self::ConversationCreated => "webhook-conversation-created",
            Self::LeadAddedEmail => "webhook-lead-added-email",
            Self::LeadCreated => "webhook-lead-created",
            Self::LeadSignedUp => "webhook-lead-signed-up",
            Self::ContactMerged => "webhook-contact-merged",
            Self::ContactEmailUpdated => "webhook-contact-email-updated",
            Self::ContactDeleted => "webhook-contact-deleted",
            Self::ContactArchived => "webhook-contact-archived",
        }
    }

    /// The environment variable that holds the URL of its queue, for whoever leaves work there.
    #[must_use]
    pub fn queue_variable(self) -> &'static str {
        match self {
            Self::ConversationCreated => "CONVERSATION_CREATED_QUEUE_URL",
            Self::LeadAddedEmail => "LEAD_ADDED_EMAIL_QUEUE_URL",
            Self::LeadCreated => "LEAD_CREATED_QUEUE_URL",
            Self::LeadSignedUp => "LEAD_SIGNED_UP_QUEUE_URL",
            Self::ContactMerged => "CONTACT_MERGED_QUEUE_URL",
            Self::ContactEmailUpdated => "CONTACT_EMAIL_UPDATED_QUEUE_URL",
            Self::ContactDeleted => "CONTACT_DELETED_QUEUE_URL",
            Self::ContactArchived => "CONTACT_ARCHIVED_QUEUE_URL",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::Topic;

    #[test]
    fn a_queues_variable_is_named_after_its_function() {
        for worker in Worker::ALL {
            let name = worker.function_name().strip_prefix("webhook-").unwrap();
            let variable = format!("{}_QUEUE_URL", name.to_uppercase().replace('-', "_"));
            assert_eq!(worker.queue_variable(), variable);
        }
    }

    #[test]
    fn all_of_them_are_listed_in_order_and_have_a_topic() {
        for (position, worker) in Worker::ALL.into_iter().enumerate() {
            assert_eq!(worker as usize, position, "{worker:?}");
            let topics = Topic::ALL.map(Topic::worker);
            assert!(topics.contains(&worker), "{worker:?}");
        }
    }
}
