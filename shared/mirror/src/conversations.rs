//! Conversations: put, shown on time lines, taken away.

use std::collections::BTreeSet;

use jiff::Timestamp;
use table::Read;

use crate::as_of::AsOf;
use crate::conversation::{Conversation, Part, Side};
use crate::conversation_list::changed_at;
use crate::moment::{Moment, MomentKind, What};
use crate::record::{Absence, Nothing, Put};
use crate::rows;
use crate::{Error, WorkspaceMirror};

/// Most contacts whose time lines show a conversation.
const MAX_CONTACTS: usize = 50;

/// The conversations of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Conversations<'m, 'a>(pub(crate) &'m WorkspaceMirror<'a>);

impl Conversations<'_, '_> {
    /// Puts what Intercom says of a conversation, with all parts or some; it is there until `expires`
    /// (seconds since 1970). A part that was told of before stays.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: all of it may be repeated. This goes for
    /// everything here.
    pub async fn put(
        self,
        (conversation, parts): (&Conversation, &[Part]),
        as_of: AsOf,
        expires: i64,
        now: Timestamp,
    ) -> Result<Put, Error> {
        let id = rows::of_id(&conversation.id);
        let key = self.0.keys.conversation(&id);
        let before = self
            .0
            .read::<Conversation>("read a conversation", &key, Read::Consistent, now)
            .await?;
        let said = (conversation, Nothing {});
        let put = self
            .0
            .put("mirror a conversation", &key, as_of, said, Some(expires))
            .await?;
        if put == Put::Older && before.is_none() {
            // It is gone for good, or there is a newer word that we read too early: nothing of it is to
            // stand.
            return Ok(put);
        }
        self.put_parts(&id, parts, as_of, expires).await?;
        if put != Put::Newer {
            return Ok(put);
        }
        let before = before.map(|stored| stored.content);
        self.list_it(&id, conversation, before.as_ref(), expires)
            .await?;
        self.show(conversation, before.as_ref(), parts, as_of, (expires, now))
            .await?;
        Ok(put)
    }

    /// Shows a conversation on the time lines of those who take part.
    async fn show(
        self,
        conversation: &Conversation,
        before: Option<&Conversation>,
        parts: &[Part],
        as_of: AsOf,
        (expires, now): (i64, Timestamp),
    ) -> Result<(), Error> {
        let at = began_at(conversation);
        let source = parts.iter().find(|part| part.is_source());
        let source = match source {
            Some(part) => Some(part.clone()),
            None => self.source(&conversation.id, now).await?,
        };
        let what = What::Conversation {
            title: title(conversation, source.as_ref()),
            state: conversation.state,
            begun_by: source.map_or(Side::Contact, |part| part.author.side),
            updated_at: conversation.updated_at,
        };
        for contact in conversation.contacts.iter().take(MAX_CONTACTS) {
            let moment = Moment {
                at,
                id: conversation.id.clone(),
                contact: contact.clone(),
                what: what.clone(),
            };
            self.0.moments().put(&moment, as_of, expires, now).await?;
        }
        let there: BTreeSet<_> = conversation.contacts.iter().collect();
        for contact in before.iter().flat_map(|before| &before.contacts) {
            if !there.contains(contact) {
                let moment = (MomentKind::Conversation, at, &*conversation.id);
                self.0
                    .moments()
                    .take_away(moment, contact, as_of, now)
                    .await?;
            }
        }
        Ok(())
    }

    /// Says that a conversation is not there any more.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn take_away(
        self,
        conversation: &str,
        as_of: AsOf,
        absence: Absence,
        now: Timestamp,
    ) -> Result<Put, Error> {
        let id = rows::of_id(conversation);
        let key = self.0.keys.conversation(&id);
        let before = self
            .0
            .read::<Conversation>("read a conversation", &key, Read::Consistent, now)
            .await?;
        let away = "take a conversation away";
        let put = self.0.take_away(away, &key, as_of, absence).await?;
        if put != Put::Newer {
            return Ok(put);
        }
        if let Some(before) = before {
            let before = before.content;
            for contact in &before.contacts {
                let moment = (MomentKind::Conversation, began_at(&before), &*before.id);
                self.0
                    .moments()
                    .take_away(moment, contact, as_of, now)
                    .await?;
            }
            let listed = self.0.keys.listed_conversation(changed_at(&before), &id);
            self.0.delete(away, &[listed]).await?;
        }
        self.delete_parts(&id).await?;
        Ok(put)
    }

    /// Reads a conversation.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn get(
        self,
        conversation: &str,
        now: Timestamp,
    ) -> Result<Option<Conversation>, Error> {
        let key = self.0.keys.conversation(&rows::of_id(conversation));
        let stored = self
            .0
            .read("read a conversation", &key, Read::Eventual, now);
        Ok(stored.await?.map(|stored| stored.content))
    }

    /// Erases what one contact said and was told: a conversation of theirs alone as a whole, of others' what
    /// they wrote.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn erase_contact(
        self,
        conversation: &str,
        contact: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(there) = self.get(conversation, now).await? else {
            return Ok(());
        };
        let is_alone = there.contacts.iter().all(|other| other == contact);
        if is_alone {
            let erased = Absence::Erased;
            self.take_away(conversation, AsOf::at(now), erased, now)
                .await?;
            return Ok(());
        }
        let id = rows::of_id(conversation);
        for part in self.parts(conversation, now).await? {
            if part.author.id.as_deref() == Some(contact) {
                let key = self.0.keys.part(&id, &part);
                self.0
                    .take_away("erase a part", &key, AsOf::at(now), Absence::Erased)
                    .await?;
            }
        }
        Ok(())
    }
}

fn began_at(conversation: &Conversation) -> Timestamp {
    conversation.created_at.unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Its title; else how it begins.
fn title(conversation: &Conversation, source: Option<&Part>) -> Option<String> {
    const LONGEST: usize = 120;
    let title = conversation.title.as_deref();
    let title = title.or_else(|| source?.body.as_deref())?;
    Some(title.chars().take(LONGEST).collect())
}
