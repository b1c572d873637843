//! What was said, and to whom.

use intercom::conversation;
use mirror::from_intercom::{self, Exclusion};
use mirror::{Absence, AsOf, Conversation, Part, Put};

use super::Copying;
use crate::Error;

/// Most parts that Intercom gives with a conversation, the newest.
const MOST_PARTS: u64 = 500;

impl Copying<'_> {
    /// What a notification says of a conversation, with the parts that are new. Of one that is not known, and
    /// has others, Intercom is asked.
    pub(super) async fn conversation(
        &self,
        said: &conversation::Conversation,
        is_new: bool,
    ) -> Result<(), Error> {
        let now = self.now();
        let standing = self.mirror.conversations().get(&said.id, now).await?;
        let shown = said.parts.len() as u64;
        let has_all = is_new || said.parts_counted.is_some_and(|counted| counted <= shown);
        // A delivery before this one may have put the conversation, and not all that was read with it.
        if !has_all && (standing.is_none() || self.is_repeat) {
            return self.conversation_again(&said.id).await;
        }
        let read = from_intercom::conversation(said);
        let (mut conversation, parts) = match read {
            Ok(read) => read,
            // Whether somebody has answered, the new parts alone do not say.
            Err(Exclusion::GeneratedEmail) if !has_all => {
                return self.conversation_again(&said.id).await;
            }
            Err(_) => {
                let as_of = AsOf::new(said.updated_at, self.happened_at);
                return self.conversation_away(&said.id, as_of).await;
            }
        };
        count(&mut conversation, said, standing.as_ref());
        let as_of = AsOf::new(conversation.updated_at, self.happened_at);
        match self
            .put_conversation((&conversation, &parts), as_of)
            .await?
        {
            Put::Tied => self.conversation_again(&said.id).await,
            Put::Newer
                if !self
                    .knows_contacts(&conversation, standing.as_ref())
                    .await? =>
            {
                // Who takes part may have become part of somebody else since.
                self.conversation_again(&said.id).await
            }
            Put::Newer | Put::Older => Ok(()),
        }
    }

    /// Reads a conversation at Intercom.
    pub(super) async fn conversation_again(&self, id: &str) -> Result<(), Error> {
        let Some(access) = self.access().await? else {
            return Ok(());
        };
        let read_at = self.asks_at();
        let intercom = &self.state.intercom;
        let call = intercom.conversation(access.region, &access.token, id);
        let Some(read) = self.ask(call, |done| done.rate_limit).await? else {
            return Ok(());
        };
        let Some(said) = read.value else {
            return Box::pin(self.conversation_away(id, AsOf::at(read_at))).await;
        };
        let as_of = AsOf::new(said.updated_at, read_at);
        let Ok((conversation, parts)) = from_intercom::conversation(&said) else {
            return Box::pin(self.conversation_away(id, as_of)).await;
        };
        let put = self
            .put_conversation((&conversation, &parts), as_of)
            .await?;
        if put != Put::Older && !self.choices.companies_and_users {
            Box::pin(self.read_contacts(&conversation)).await?;
        }
        Ok(())
    }

    /// Reads whoever takes part and is not mirrored: without companies, that is who is.
    async fn read_contacts(&self, conversation: &Conversation) -> Result<(), Error> {
        for contact in &conversation.contacts {
            let known = self.mirror.contacts().get(contact, self.now()).await?;
            if known.is_none() || self.is_repeat {
                self.contact_again(contact).await?;
            }
        }
        Ok(())
    }

    async fn put_conversation(
        &self,
        (conversation, parts): (&Conversation, &[Part]),
        as_of: AsOf,
    ) -> Result<Put, Error> {
        let changed_at = conversation.updated_at.or(conversation.created_at);
        let changed_at = changed_at.unwrap_or(self.happened_at);
        let Some(until) = self.kept_until(changed_at) else {
            return Ok(Put::Older);
        };
        let conversations = self.mirror.conversations();
        let put = conversations.put((conversation, parts), as_of, until, self.now());
        Ok(Box::pin(put).await?)
    }

    /// Whether everybody who takes part did before, or is mirrored.
    async fn knows_contacts(
        &self,
        conversation: &Conversation,
        standing: Option<&Conversation>,
    ) -> Result<bool, Error> {
        let now = self.now();
        for contact in &conversation.contacts {
            let took_part = standing.is_some_and(|standing| standing.contacts.contains(contact));
            if !took_part && self.mirror.contacts().get(contact, now).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn conversation_away(&self, id: &str, as_of: AsOf) -> Result<(), Error> {
        let conversations = self.mirror.conversations();
        let away = conversations.take_away(id, as_of, Absence::Away, self.now());
        away.await?;
        Ok(())
    }

    /// A conversation is gone for good.
    pub(super) async fn conversation_gone(&self, id: &str) -> Result<(), Error> {
        let as_of = AsOf::at(self.happened_at);
        let conversations = self.mirror.conversations();
        let gone = conversations.take_away(id, as_of, Absence::Deleted, self.now());
        gone.await?;
        Ok(())
    }
}

/// How many parts there are, and how many Intercom does not give: a notification has the new ones alone.
fn count(
    conversation: &mut Conversation,
    said: &conversation::Conversation,
    standing: Option<&Conversation>,
) {
    let known = standing.and_then(|standing| standing.parts_total);
    let shown = Some(said.parts.len() as u64);
    conversation.parts_total = said.parts_counted.or(known).max(shown);
    let total = conversation.parts_total.unwrap_or_default();
    conversation.parts_missing = total.saturating_sub(MOST_PARTS);
}
