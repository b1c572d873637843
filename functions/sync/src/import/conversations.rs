//! Conversations and what was said in them: a search names them, and each is read for its parts.

use std::collections::BTreeSet;

use fail::fail_point;
use futures::{StreamExt, stream};
use intercom::rest::{self, Advice, Cursor, Detail};
use jiff::{SignedDuration, Timestamp};
use mirror::{Absence, AsOf, from_intercom};
use platform::metrics;
use platform::telemetry::Chain;
use store::ImportPass;

use crate::import::{Importer, Read, Stop, plan as import_plan};
use crate::plan::{self, SEARCH_DAY_MARGIN};

/// What is read one by one in a page.
const AT_ONCE: u32 = 10;

/// In the progress: no page comes after this one.
const END: &str = "end";

/// What marks somebody who takes part among what is still to be read.
const CONTACT: &str = "contact:";

/// How often one is asked for that Intercom does not give, while it gives others or a minute apart: then the
/// rest of them goes on without it, until it changes.
const MAX_TRIES: u32 = 10;

/// What is still to be read, and how often it was asked for in vain: `3~57`, or `57`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pending {
    tries: u32,
    named: String,
}

impl Pending {
    fn parse(text: &str) -> Self {
        let counted = text.split_once('~');
        let counted = counted.and_then(|(tries, named)| Some((tries.parse().ok()?, named)));
        let (tries, named) = counted.unwrap_or((0, text));
        Self {
            tries,
            named: named.to_owned(),
        }
    }

    /// After it was asked for once more; `None` when that was often enough.
    fn again(&self) -> Option<String> {
        let tries = self.tries + 1;
        (tries < MAX_TRIES).then(|| format!("{tries}~{}", self.named))
    }
}

impl Importer<'_> {
    pub(crate) async fn conversations(
        &mut self,
        pass: &ImportPass,
        since: Option<Timestamp>,
    ) -> Result<Read, Stop> {
        match pass.pending.is_empty() {
            true => self.named_conversations(pass, since).await,
            false => self.read_conversations(pass).await,
        }
    }

    /// Which conversations have changed, page by page.
    async fn named_conversations(
        &mut self,
        pass: &ImportPass,
        since: Option<Timestamp>,
    ) -> Result<Read, Stop> {
        let (state, access, now) = (self.state, self.access, self.now());
        let kept_days = self.connection.preferences.retention_days.get();
        // As of the pass's beginning, so that each of its pages asks for the same.
        let since = import_plan::conversations_since(since, kept_days, pass.started_at);
        let after = since.checked_sub(SEARCH_DAY_MARGIN).unwrap_or(since);
        let cursor = pass.cursor.as_deref();
        if cursor == Some(END) {
            return Ok(Read::all(0));
        }
        let cursor = cursor.and_then(|text| Cursor::parse(text).ok());
        let call = state.intercom.conversations_updated_after(
            access.region,
            &access.token,
            after,
            cursor.as_ref(),
        );
        let page = self.asked(call).await?;
        self.calls.heed(page.rate_limit.as_ref()).await?;
        let changed: Vec<_> = page.items.iter().map(|item| item.updated_at).collect();
        let mut pending = Vec::new();
        for said in &page.items {
            if said.updated_at.is_none_or(|at| at > since) {
                match said.is_ticket {
                    true => self.leave_out(&said.id, said.updated_at, now).await?,
                    false => pending.push(said.id.clone()),
                }
            }
        }
        let next = page.next.filter(|_| !plan::is_past(&changed, since));
        let cursor = next.map_or(END.to_owned(), |cursor| cursor.as_str().to_owned());
        Ok(Read {
            is_last: pending.is_empty() && cursor == END,
            cursor: Some(cursor),
            pending,
            ..Read::default()
        })
    }

    /// Some of those that were named, and of those who take part in them.
    async fn read_conversations(&mut self, pass: &ImportPass) -> Result<Read, Stop> {
        let wanted = u32::try_from(pass.pending.len())
            .unwrap_or(AT_ONCE)
            .min(AT_ONCE);
        let granted = self.calls.take(wanted).await? as usize;
        let (now, later) = pass.pending.split_at(granted.min(pass.pending.len()));
        let reads = now.iter().map(|text| async {
            let pending = Pending::parse(text);
            let read = self.read_named(&pending.named).await;
            (pending, read)
        });
        let reads: Vec<_> = reads.collect();
        let mut reads = stream::iter(reads).buffer_unordered(granted.max(1));
        let (mut count, mut is_any_read) = (0, false);
        let mut unknown = BTreeSet::new();
        let (mut again, mut last_error) = (Vec::new(), None);
        while let Some((pending, read)) = reads.next().await {
            match read {
                Ok((taken, contacts)) => {
                    (count, is_any_read) = (count + taken, true);
                    unknown.extend(contacts.into_iter().map(|id| format!("{CONTACT}{id}")));
                }
                Err(Stop::Intercom(error)) if is_of_one(&error) => {
                    tracing::warn!(
                        { metrics::RECONCILIATION_FAILED } = 1,
                        tries = pending.tries + 1,
                        error = %Chain(&error),
                        "Intercom did not give one of an import"
                    );
                    again.extend(pending.again());
                    last_error = Some(error);
                }
                Err(stop) => return Err(stop),
            }
        }
        drop(reads);
        let mut pending = later.to_vec();
        pending.extend(unknown.into_iter().filter(|each| !later.contains(each)));
        // Behind all others, which have their turn meanwhile.
        pending.extend(again);
        Ok(Read {
            count,
            is_last: pending.is_empty() && pass.cursor.as_deref() == Some(END),
            cursor: pass.cursor.clone(),
            pending,
            // Perhaps Intercom gives nothing at all.
            is_in_vain: !is_any_read && last_error.is_some(),
        })
    }

    /// One of what is still to be read; how many conversations that was, and who takes part and is not known.
    async fn read_named(&self, named: &str) -> Result<(u64, Vec<String>), Stop> {
        match named.strip_prefix(CONTACT) {
            Some(contact) => {
                self.read_contact(contact).await?;
                Ok((0, Vec::new()))
            }
            None => self.read_conversation(named).await,
        }
    }

    async fn read_conversation(&self, id: &str) -> Result<(u64, Vec<String>), Stop> {
        let (access, read_at) = (self.access, self.now());
        let call = self
            .state
            .intercom
            .conversation(access.region, &access.token, id);
        let said = match call.await {
            Ok(done) => done,
            Err(error) => return Err(self.calls.refused(error).await),
        };
        let Some(said) = said.value else {
            let gone = Absence::Deleted;
            let conversations = self.mirror.conversations();
            conversations
                .take_away(id, AsOf::at(read_at), gone, read_at)
                .await?;
            return Ok((0, Vec::new()));
        };
        let Ok((conversation, parts)) = from_intercom::conversation(&said) else {
            self.leave_out(id, said.updated_at, read_at).await?;
            return Ok((0, Vec::new()));
        };
        let as_of = AsOf::new(conversation.updated_at, read_at);
        let kept_days = i64::from(self.connection.preferences.retention_days.get());
        let changed = conversation.updated_at.unwrap_or(read_at);
        let expires = changed.as_second() + SignedDuration::from_hours(24 * kept_days).as_secs();
        let conversations = self.mirror.conversations();
        conversations
            .put((&conversation, &parts), as_of, expires, read_at)
            .await?;
        fail_point!(crate::steps::CONVERSATION_PUT);
        let mut unknown = Vec::new();
        for contact in conversation.contacts {
            if self
                .mirror
                .contacts()
                .get(&contact, read_at)
                .await?
                .is_none()
            {
                unknown.push(contact);
            }
        }
        Ok((1, unknown))
    }

    /// It is none of those that are copied, whatever it was before.
    async fn leave_out(
        &self,
        id: &str,
        changed_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Stop> {
        let conversations = self.mirror.conversations();
        if conversations.get(id, now).await?.is_some() {
            let as_of = AsOf::new(changed_at, now);
            conversations
                .take_away(id, as_of, Absence::Away, now)
                .await?;
        }
        Ok(())
    }
}

/// Whether an error may be about one conversation or contact: not when we are not let in at all, or the app lacks
/// the permission.
fn is_of_one(error: &rest::Error) -> bool {
    let lacks_permission = matches!(
        error,
        rest::Error::Refused { refusal, .. } if matches!(refusal.detail, Some(Detail::Plan | Detail::Scope))
    );
    !lacks_permission && !matches!(error.advice(), Advice::Reconnect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_in_vain_has_its_turn_again_but_not_for_ever() {
        let mut text = "contact:5f".to_owned();
        for tries in 0..MAX_TRIES {
            let pending = Pending::parse(&text);
            assert_eq!((pending.tries, &*pending.named), (tries, "contact:5f"));
            text = match pending.again() {
                Some(again) => again,
                None => return assert_eq!(tries, MAX_TRIES - 1),
            };
        }
        panic!("it is asked for again and again");
    }

    #[test]
    fn what_was_never_asked_for_stands_as_it_is_called() {
        for text in ["57", "a~57", "~57"] {
            let pending = Pending::parse(text);
            assert_eq!((pending.tries, &*pending.named), (0, text));
        }
    }
}
