//! The list of the workers: which function deals with which of Intercom's topics.

use intercom::webhook::Topic;

/// Declares the workers, each with the name of its function, the variable of its queue, and its topics; of a
/// topic it says as well what has happened, in an admin's words.
macro_rules! workers {
    ($($(#[$documentation:meta])+ $worker:ident = $function:literal, $variable:literal: $($topic:ident $happened:literal)|+;)+) => {
        /// A function that deals with the notifications of a topic, or of two that undo or resemble each
        /// other.
        ///
        /// Each has its own queue, so that a flood of one topic, or a bug in its rule, keeps no other one
        /// waiting.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Worker {
            $($(#[$documentation])+ $worker,)+
        }

        impl Worker {
            /// All of them, in the order of their declaration.
            pub const ALL: [Self; [$($function),+].len()] = [$(Self::$worker),+];

            /// The worker that deals with a topic.
            #[must_use]
            pub fn of(topic: Topic) -> Self {
                match topic {
                    $($(Topic::$topic)|+ => Self::$worker,)+
                }
            }

            /// What has happened when Intercom tells of a topic, in an admin's words.
            #[must_use]
            pub fn happened(topic: Topic) -> &'static str {
                match topic {
                    $($(Topic::$topic => $happened,)+)+
                }
            }

            /// The name of its program, its function and, where there is one of each, its queue.
            #[must_use]
            pub fn function_name(self) -> &'static str {
                match self {
                    $(Self::$worker => $function,)+
                }
            }

            /// The environment variable that holds the URL of its queue, for whoever leaves work there.
            #[must_use]
            pub fn queue_variable(self) -> &'static str {
                match self {
                    $(Self::$worker => $variable,)+
                }
            }
        }
    };
}

workers! {
    /// A conversation has begun, whoever began it.
    ConversationCreated = "webhook-conversation-created", "CONVERSATION_CREATED_QUEUE":
        ConversationUserCreated "A contact began a conversation"
        | ConversationAdminSingleCreated "A teammate began a conversation";
    /// A lead has given an e-mail address.
    LeadAddedEmail = "webhook-lead-added-email", "LEAD_ADDED_EMAIL_QUEUE":
        LeadAddedEmail "A lead gave an email address";
    /// A visitor has become a lead.
    LeadCreated = "webhook-lead-created", "LEAD_CREATED_QUEUE":
        LeadCreated "A visitor became a lead";
    /// A lead has become a user.
    LeadSignedUp = "webhook-lead-signed-up", "LEAD_SIGNED_UP_QUEUE":
        LeadSignedUp "A lead signed up";
    /// A lead was merged into a user.
    ContactMerged = "webhook-contact-merged", "CONTACT_MERGED_QUEUE":
        ContactMerged "A lead was merged into a user";
    /// A contact has another e-mail address.
    ContactEmailUpdated = "webhook-contact-email-updated", "CONTACT_EMAIL_UPDATED_QUEUE":
        ContactEmailUpdated "A contact's email address changed";
    /// A contact is gone for good.
    ContactDeleted = "webhook-contact-deleted", "CONTACT_DELETED_QUEUE":
        ContactDeleted "A contact was deleted";
    /// A contact was put away, or brought back.
    ContactArchived = "webhook-contact-archived", "CONTACT_ARCHIVED_QUEUE":
        ContactArchived "A contact was archived"
        | ContactUnarchived "A contact was brought back from the archive";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queues_variable_is_named_after_its_function() {
        for worker in Worker::ALL {
            let name = worker.function_name().strip_prefix("webhook-").unwrap();
            let variable = format!("{}_QUEUE", name.to_uppercase().replace('-', "_"));
            assert_eq!(worker.queue_variable(), variable);
        }
    }

    #[test]
    fn all_of_them_are_listed_in_order_and_have_a_topic() {
        for (position, worker) in Worker::ALL.into_iter().enumerate() {
            assert_eq!(worker as usize, position, "{worker:?}");
            let topics = Topic::ALL.map(Worker::of);
            assert!(
                topics.contains(&worker),
                "{worker:?} has no topic in Topic::ALL, shared/intercom/src/webhook/topic.rs"
            );
        }
    }
}
