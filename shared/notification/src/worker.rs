//! The list of the workers: which function deals with which of Intercom's topics.

use intercom::webhook::{MirroredTopic, Topic};

/// Declares the workers, each with the name of its function, the variable of its queue, and its topics; of a
/// topic it says as well what has happened, in an admin's words. Those of `identity` deal with what tells who
/// somebody is, those of `mirror` with what is copied besides.
macro_rules! workers {
    (
        identity { $($(#[$documentation:meta])+ $worker:ident = $function:literal, $variable:literal: $($topic:ident $happened:literal)|+;)+ }
        mirror { $($(#[$mirror_documentation:meta])+ $mirror:ident = $mirror_function:literal, $mirror_variable:literal: $($mirrored:ident $mirrored_happened:literal)|+;)+ }
    ) => {
        /// A function that deals with the notifications of a topic, or of some that undo or resemble each
        /// other.
        ///
        /// Each has its own queue, so that a flood of one topic, or a bug in its rule, keeps no other one
        /// waiting.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Worker {
            $($(#[$documentation])+ $worker,)+
            $($(#[$mirror_documentation])+ $mirror,)+
        }

        impl Worker {
            /// All of them, in the order of their declaration.
            pub const ALL: [Self; [$($function,)+ $($mirror_function),+].len()] =
                [$(Self::$worker,)+ $(Self::$mirror),+];

            /// The worker that deals with a topic.
            #[must_use]
            pub fn of(topic: Topic) -> Self {
                match topic {
                    $($(Topic::$topic)|+ => Self::$worker,)+
                }
            }

            /// The worker that deals with a topic of what is copied.
            #[must_use]
            pub fn of_mirrored(topic: MirroredTopic) -> Self {
                match topic {
                    $($(MirroredTopic::$mirrored)|+ => Self::$mirror,)+
                }
            }

            /// What has happened when Intercom tells of a topic, in an admin's words.
            #[must_use]
            pub fn happened(topic: Topic) -> &'static str {
                match topic {
                    $($(Topic::$topic => $happened,)+)+
                }
            }

            /// The same of a topic of what is copied.
            #[must_use]
            pub fn happened_mirrored(topic: MirroredTopic) -> &'static str {
                match topic {
                    $($(MirroredTopic::$mirrored => $mirrored_happened,)+)+
                }
            }

            /// The name of its program, its function and, where there is one of each, its queue.
            #[must_use]
            pub fn function_name(self) -> &'static str {
                match self {
                    $(Self::$worker => $function,)+
                    $(Self::$mirror => $mirror_function,)+
                }
            }

            /// The environment variable that holds the URL of its queue, for whoever leaves work there.
            #[must_use]
            pub fn queue_variable(self) -> &'static str {
                match self {
                    $(Self::$worker => $variable,)+
                    $(Self::$mirror => $mirror_variable,)+
                }
            }
        }
    };
}

impl Worker {
    /// The worker that deals with a topic, by any of its names; `None` when nobody does.
    #[must_use]
    pub fn named(topic: &str) -> Option<Self> {
        let mirrored = || MirroredTopic::parse(topic).map(Self::of_mirrored);
        Topic::parse(topic).map(Self::of).or_else(mirrored)
    }

    /// What has happened when Intercom tells of a topic with this name; `None` when nobody deals with it.
    #[must_use]
    pub fn what_happened(topic: &str) -> Option<&'static str> {
        let mirrored = || MirroredTopic::parse(topic).map(Self::happened_mirrored);
        Topic::parse(topic).map(Self::happened).or_else(mirrored)
    }
}

workers! {
    identity {
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
    mirror {
        /// A company came to be, or changed.
        CompanyUpdated = "webhook-company-updated", "COMPANY_UPDATED_QUEUE":
            CompanyCreated "A company came to be"
            | CompanyUpdated "A company changed";
        /// A company is gone for good.
        CompanyDeleted = "webhook-company-deleted", "COMPANY_DELETED_QUEUE":
            CompanyDeleted "A company was deleted";
        /// A contact joined a company, or left it.
        CompanyContactAttached = "webhook-company-contact-attached", "COMPANY_CONTACT_ATTACHED_QUEUE":
            CompanyContactAttached "A contact joined a company"
            | CompanyContactDetached "A contact left a company";
        /// A user came to be, or a contact changed.
        ContactUpdated = "webhook-contact-updated", "CONTACT_UPDATED_QUEUE":
            UserCreated "A user came to be"
            | UserUpdated "A user changed"
            | LeadUpdated "A lead changed";
        /// A contact got a tag, or lost it.
        ContactTagged = "webhook-contact-tagged", "CONTACT_TAGGED_QUEUE":
            UserTagCreated "A user was tagged"
            | UserTagDeleted "A user lost a tag"
            | LeadTagCreated "A lead was tagged"
            | LeadTagDeleted "A lead lost a tag";
        /// A contact wants e-mails, or no longer.
        ContactSubscribed = "webhook-contact-subscribed", "CONTACT_SUBSCRIBED_QUEUE":
            ContactSubscribed "A contact subscribed to emails"
            | ContactUnsubscribed "A contact unsubscribed from emails"
            | GranularSubscribe "A contact subscribed to a type of emails"
            | GranularUnsubscribe "A contact unsubscribed from a type of emails";
        /// Somebody said something in a conversation.
        ConversationReplied = "webhook-conversation-replied", "CONVERSATION_REPLIED_QUEUE":
            ConversationUserReplied "A contact replied"
            | ConversationAdminReplied "A teammate replied"
            | ConversationAdminNoted "A teammate wrote a note"
            | ConversationOperatorReplied "Fin or a bot replied";
        /// A conversation stands elsewhere: closed, assigned, rated.
        ConversationStateChanged = "webhook-conversation-state-changed", "CONVERSATION_STATE_CHANGED_QUEUE":
            ConversationAdminAssigned "A conversation was assigned"
            | ConversationAdminOpenAssigned "A conversation was assigned and opened"
            | ConversationAdminClosed "A conversation was closed"
            | ConversationAdminOpened "A conversation was opened"
            | ConversationAdminSnoozed "A conversation was snoozed"
            | ConversationAdminUnsnoozed "A conversation was unsnoozed"
            | ConversationRead "A contact read a conversation"
            | ConversationRatingAdded "A contact rated a conversation"
            | ConversationPriorityUpdated "A conversation got another priority"
            | ConversationCompanyUpdated "A conversation belongs to another company";
        /// Something that was said is not there any more, or was tagged.
        ConversationPartChanged = "webhook-conversation-part-changed", "CONVERSATION_PART_CHANGED_QUEUE":
            PartRedacted "Part of a conversation was redacted"
            | PartTagCreated "Part of a conversation was tagged";
        /// A conversation is gone for good.
        ConversationDeleted = "webhook-conversation-deleted", "CONVERSATION_DELETED_QUEUE":
            ConversationDeleted "A conversation was deleted";
        /// A contact joined a conversation, or left it.
        ConversationContactAttached = "webhook-conversation-contact-attached", "CONVERSATION_CONTACT_ATTACHED_QUEUE":
            ConversationContactAttached "A contact joined a conversation"
            | ConversationContactDetached "A contact left a conversation";
        /// A contact did something.
        EventCreated = "webhook-event-created", "EVENT_CREATED_QUEUE":
            EventCreated "A contact did something";
    }
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
            let mirrored = MirroredTopic::ALL.map(Worker::of_mirrored);
            assert!(
                topics.contains(&worker) || mirrored.contains(&worker),
                "{worker:?} has no topic in Topic::ALL or MirroredTopic::ALL, shared/intercom/src/webhook"
            );
        }
    }
}
