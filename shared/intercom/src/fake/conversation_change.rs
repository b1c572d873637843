//! What happens to a conversation, and what Intercom notifies of then.

use jiff::{SignedDuration, Timestamp};

use super::conversation::FakeState;
use super::directory::Directory;
use super::notification::Notification;
use super::{FakeConversation, FakePart, Refused, Writer};

/// What happens to a conversation.
#[derive(Debug, Clone)]
pub enum ConversationChange {
    /// The contact writes.
    ContactReplies(String),
    /// An admin writes to the contact.
    AdminReplies {
        /// Who.
        admin: String,
        /// What.
        text: String,
        /// With these files.
        attachments: Vec<String>,
        /// By this app.
        app: Option<String>,
    },
    /// An admin writes to teammates.
    AdminNotes {
        /// Who.
        admin: String,
        /// What.
        text: String,
        /// By this app.
        app: Option<String>,
    },
    /// Fin answers.
    AiReplies(String),
    /// A bot keeps house, which Intercom tells of as if it had answered.
    BotKeepsHouse,
    /// An admin closes it.
    Close(String),
    /// An admin opens it.
    Open(String),
    /// An admin puts it off.
    Snooze(String),
    /// An admin gives it to an admin, or to nobody.
    Assign {
        /// Who.
        admin: String,
        /// To whom.
        to: Option<String>,
    },
    /// It becomes more important, or less.
    Prioritize(String),
    /// The contact says how content they are.
    Rate(u8, String),
    /// The words of this part are taken back.
    Redact(String),
    /// It is deleted for good.
    Delete,
}

impl ConversationChange {
    /// Does it; what Intercom notifies of.
    ///
    /// # Errors
    /// When there is no such conversation.
    pub fn apply(
        self,
        workspace: &str,
        directory: &mut Directory,
        id: &str,
        now: Timestamp,
    ) -> Result<Notification, Refused> {
        let before = directory.conversation(id).ok_or(Refused::Gone)?;
        // As with contacts: of two changes in one second nobody could say which came first.
        let now = now.max(before.updated_at() + SignedDuration::from_secs(1));
        if matches!(self, Self::Delete) {
            directory.delete_conversation(id, now);
            return Ok(Notification::conversation_deleted(workspace, id, now));
        }
        let part_id = directory.next_id(now);
        let conversation = directory.conversation_mut(id).ok_or(Refused::Gone)?;
        let (topic, part) = self.on(conversation, &part_id, now)?;
        conversation.changed_at = Some(now);
        if topic != "conversation_part.redacted" {
            conversation.parts.extend(part.clone());
        }
        let parts: Vec<FakePart> = part.into_iter().collect();
        Ok(Notification::conversation(
            workspace,
            topic,
            conversation,
            &parts,
            now,
        ))
    }

    /// Changes all but the parts: what happened, and the part that tells of it.
    fn on(
        self,
        conversation: &mut FakeConversation,
        id: &str,
        now: Timestamp,
    ) -> Result<(&'static str, Option<FakePart>), Refused> {
        let part = |kind: &str, author: Writer, body: Option<&str>| {
            FakePart::new(id, kind, author, body, now)
        };
        Ok(match self {
            Self::ContactReplies(text) => {
                conversation.state = FakeState::Open;
                let part = part("comment", Writer::Contact, Some(&text));
                ("conversation.user.replied", Some(part))
            }
            Self::AdminReplies {
                admin,
                text,
                attachments,
                app,
            } => {
                let part = FakePart {
                    attachments,
                    app_package_code: app,
                    ..part("comment", Writer::Admin(admin), Some(&text))
                };
                ("conversation.admin.replied", Some(part))
            }
            Self::AdminNotes { admin, text, app } => {
                let part = FakePart {
                    app_package_code: app,
                    ..part("note", Writer::Admin(admin), Some(&text))
                };
                ("conversation.admin.noted", Some(part))
            }
            Self::AiReplies(text) => {
                let part = part("comment", Writer::Ai, Some(&text));
                ("conversation.operator.replied", Some(part))
            }
            Self::BotKeepsHouse => {
                let kind = "channel_and_reply_time_expectation";
                let part = part(kind, Writer::Bot, Some("They will be back soon"));
                ("conversation.operator.replied", Some(part))
            }
            Self::Close(admin) => {
                conversation.state = FakeState::Closed;
                let part = part("close", Writer::Admin(admin), None);
                ("conversation.admin.closed", Some(part))
            }
            Self::Open(admin) => {
                conversation.state = FakeState::Open;
                let part = part("open", Writer::Admin(admin), None);
                ("conversation.admin.opened", Some(part))
            }
            Self::Snooze(admin) => {
                conversation.state = FakeState::Snoozed;
                let part = part("snoozed", Writer::Admin(admin), None);
                ("conversation.admin.snoozed", Some(part))
            }
            Self::Assign { admin, to } => {
                conversation.admin_assignee = to;
                let part = part("assignment", Writer::Admin(admin), None);
                ("conversation.admin.assigned", Some(part))
            }
            Self::Prioritize(priority) => {
                conversation.priority = priority;
                let part = part("priority_changed", Writer::Bot, None);
                ("conversation.priority.updated", Some(part))
            }
            Self::Rate(rating, remark) => {
                conversation.rating = Some((rating, remark));
                ("conversation.rating.added", None)
            }
            Self::Redact(part) => {
                let mut parts = conversation.parts.iter_mut();
                let part = parts.find(|each| each.id == part).ok_or(Refused::Gone)?;
                part.redacted = true;
                part.body = Some("This message was deleted".to_owned());
                ("conversation_part.redacted", Some(part.clone()))
            }
            Self::Delete => ("conversation.deleted", None),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::canvas::tests::conversation;
    use crate::webhook::{MirroredNotification, MirroredTopic};

    #[test]
    fn every_change_notifies_of_a_topic_that_the_app_reads() {
        let text = str::to_owned;
        for (change, topic) in [
            (
                ConversationChange::ContactReplies(text("Hi")),
                MirroredTopic::ConversationUserReplied,
            ),
            (
                ConversationChange::AdminReplies {
                    admin: text("1"),
                    text: text("Hi"),
                    attachments: vec![],
                    app: None,
                },
                MirroredTopic::ConversationAdminReplied,
            ),
            (
                ConversationChange::AdminNotes {
                    admin: text("1"),
                    text: text("Psst"),
                    app: None,
                },
                MirroredTopic::ConversationAdminNoted,
            ),
            (
                ConversationChange::AiReplies(text("Hi")),
                MirroredTopic::ConversationOperatorReplied,
            ),
            (
                ConversationChange::BotKeepsHouse,
                MirroredTopic::ConversationOperatorReplied,
            ),
            (
                ConversationChange::Close(text("1")),
                MirroredTopic::ConversationAdminClosed,
            ),
            (
                ConversationChange::Open(text("1")),
                MirroredTopic::ConversationAdminOpened,
            ),
            (
                ConversationChange::Snooze(text("1")),
                MirroredTopic::ConversationAdminSnoozed,
            ),
            (
                ConversationChange::Assign {
                    admin: text("1"),
                    to: None,
                },
                MirroredTopic::ConversationAdminAssigned,
            ),
            (
                ConversationChange::Prioritize(text("high")),
                MirroredTopic::ConversationPriorityUpdated,
            ),
            (
                ConversationChange::Rate(5, text("Great")),
                MirroredTopic::ConversationRatingAdded,
            ),
            (
                ConversationChange::Delete,
                MirroredTopic::ConversationDeleted,
            ),
        ] {
            let mut directory = Directory::new(vec![conversation()]);
            let done = change.apply("local", &mut directory, "7", Timestamp::UNIX_EPOCH);
            let body = done.unwrap().envelope([0; 16]).to_string();
            let read = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
            assert_eq!(read.topic, topic);
        }
    }

    #[test]
    fn words_that_are_taken_back_are_gone() {
        let mut directory = Directory::new(vec![conversation()]);
        let reply = ConversationChange::ContactReplies("secret".to_owned());
        reply
            .apply("local", &mut directory, "7", Timestamp::UNIX_EPOCH)
            .unwrap();
        let part = directory.conversation("7").unwrap().parts[0].id.clone();
        let redact = ConversationChange::Redact(part);
        let told = redact
            .apply("local", &mut directory, "7", Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!(told.topic, "conversation_part.redacted");
        let parts = &directory.conversation("7").unwrap().parts;
        assert!(parts.len() == 1 && parts[0].redacted);
        assert_ne!(parts[0].body.as_deref(), Some("secret"));
    }
}
