//! Conversations and their parts, and their list by last change.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Read, item, parse};

use crate::as_of::AsOf;
use crate::companies::LAST;
use crate::conversation::{Conversation, Part, Side};
use crate::moment::{Moment, MomentKind, What};
use crate::record::{Absence, Nothing, Order, Put};
use crate::rows::{self, PART};
use crate::{Error, WorkspaceMirror};

/// Most parts that are kept of a conversation.
pub const MAX_PARTS: usize = 2_000;

/// Longest text of a part, bytes: a row has 400 kB, and what is sealed in it is compressed at first.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Most contacts whose time lines show a conversation.
const MAX_CONTACTS: usize = 50;

/// Parts written at the same time.
const CONCURRENT_PARTS: usize = 16;

/// Longest page of the list.
const MAX_PAGE: usize = 100;

/// The conversations of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Conversations<'m, 'a>(pub(crate) &'m WorkspaceMirror<'a>);

/// Where a conversation stands in the list.
#[derive(Serialize, Deserialize)]
struct Pointer {
    id: String,
    changed_ms: i64,
    expires: i64,
}

/// Where a page of the list ends: in the order of changes, so that whatever changes meanwhile comes later and
/// is not missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationPlace(String);

impl ConversationPlace {
    /// A place as it was handed out; `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const MAX_BYTES: usize = 120;
        let sort = URL_SAFE_NO_PAD.decode(text).ok()?;
        let sort = String::from_utf8(sort).ok()?;
        (sort.len() <= MAX_BYTES && sort.starts_with("AT#")).then_some(Self(sort))
    }

    /// The place as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

/// A page of the list.
#[derive(Clone, Default, PartialEq)]
pub struct ConversationPage {
    /// Those that changed first come first.
    pub conversations: Vec<Conversation>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<ConversationPlace>,
}

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

    async fn put_parts(
        self,
        conversation: &str,
        parts: &[Part],
        as_of: AsOf,
        expires: i64,
    ) -> Result<(), Error> {
        // The newest: what begins a conversation is the first of them, and is kept besides.
        let cut = parts.len().saturating_sub(MAX_PARTS);
        let kept = parts
            .iter()
            .enumerate()
            .filter(|(index, part)| *index >= cut || part.is_source());
        let writes = kept.map(|(_, part)| async move {
            let key = self.0.keys.part(conversation, part);
            let shortened = shortened(part);
            // What was taken away at Intercom is not brought back by what was read before.
            let changed_at = part.updated_at.or(part.created_at);
            let as_of = as_of.of_part(changed_at);
            let said = (shortened.as_ref().unwrap_or(part), Nothing {});
            self.0
                .put("mirror a part", &key, as_of, said, Some(expires))
                .await
        });
        stream::iter(writes.collect::<Vec<_>>())
            .buffer_unordered(CONCURRENT_PARTS)
            .try_for_each(|_| std::future::ready(Ok(())))
            .await
    }

    async fn list_it(
        self,
        id: &str,
        conversation: &Conversation,
        before: Option<&Conversation>,
        expires: i64,
    ) -> Result<(), Error> {
        let now_at = changed_at(conversation);
        let pointer = Pointer {
            id: conversation.id.clone(),
            changed_ms: now_at.as_millisecond(),
            expires,
        };
        let row = item(&self.0.keys.listed_conversation(now_at, id), &pointer)?;
        self.0
            .table
            .put_all("list a conversation", vec![row])
            .await?;
        // Should its former place stay, whoever reads the list sees that it has moved.
        let former = before.map(changed_at).filter(|former| *former < now_at);
        let former = former.map(|former| self.0.keys.listed_conversation(former, id));
        self.0
            .delete("a conversation has moved", former.as_slice())
            .await
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

    /// The first message, if it is known.
    async fn source(self, conversation: &str, now: Timestamp) -> Result<Option<Part>, Error> {
        let partition = self
            .0
            .keys
            .conversation_partition(&rows::of_id(conversation));
        let prefix = PART.prefix();
        let range = (prefix, &*format!("{prefix}{LAST}"));
        let first = self
            .0
            .items("read the first part", partition, range, Order::Ascending, 1)
            .await?;
        let Some(item) = first.into_iter().next() else {
            return Ok(None);
        };
        let stored = self.0.stored::<Part>(item, now)?;
        Ok(stored
            .map(|stored| stored.content)
            .filter(|part| part.is_source()))
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

    async fn delete_parts(self, conversation: &str) -> Result<(), Error> {
        const A_TIME: usize = 500;
        let prefix = PART.prefix();
        let to = format!("{prefix}{LAST}");
        loop {
            let partition = self.0.keys.conversation_partition(conversation);
            let range = (prefix, &*to);
            let parts = self
                .0
                .items("find parts", partition, range, Order::Ascending, A_TIME)
                .await?;
            let keys: Result<Vec<_>, _> = parts.iter().map(table::key_of).collect();
            let keys = keys?;
            if keys.is_empty() {
                return Ok(());
            }
            self.0.delete("delete parts", &keys).await?;
        }
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

    /// The parts of a conversation in the order in which they were said, the first message among them.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn parts(self, conversation: &str, now: Timestamp) -> Result<Vec<Part>, Error> {
        let partition = self
            .0
            .keys
            .conversation_partition(&rows::of_id(conversation));
        let prefix = PART.prefix();
        let range = (prefix, &*format!("{prefix}{LAST}"));
        let items = self
            .0
            .items(
                "read parts",
                partition,
                range,
                Order::Ascending,
                MAX_PARTS + 1,
            )
            .await?;
        let parts = items
            .into_iter()
            .filter_map(|item| self.0.stored::<Part>(item, now).transpose());
        let parts = parts.map(|stored| stored.map(|stored| stored.content));
        parts.collect()
    }

    /// A page of the conversations that changed at `since` or later, those that changed first in front.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn changed_since(
        self,
        since: Option<Timestamp>,
        after: Option<&ConversationPlace>,
        limit: usize,
        now: Timestamp,
    ) -> Result<ConversationPage, Error> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut from = match (after, since) {
            (Some(place), _) => format!("{}!", place.0),
            (None, since) => rows::listed_at(since.unwrap_or(Timestamp::UNIX_EPOCH)),
        };
        let mut page = ConversationPage::default();
        loop {
            let range = (&*from, &*format!("AT#{LAST}"));
            let items = self
                .0
                .items(
                    "list conversations",
                    self.0.keys.conversations(),
                    range,
                    Order::Ascending,
                    limit + 1,
                )
                .await?;
            let is_last = items.len() <= limit;
            let mut listed = BTreeMap::new();
            for item in items {
                let sort = table::key_of(&item)?.sort;
                let pointer: Pointer = parse("listed conversation", item)?;
                listed.insert(sort, pointer);
            }
            let keys: BTreeSet<_> = listed
                .values()
                .map(|pointer| {
                    self.0
                        .keys
                        .conversation(&rows::of_id(&pointer.id))
                        .partition
                })
                .collect();
            let keys: Vec<_> = keys
                .into_iter()
                .map(|partition| table::Key::new(partition, "CONVERSATION"))
                .collect();
            let read = self
                .0
                .table
                .get_all("read conversations", &keys, Read::Eventual);
            let mut items = read.await?;
            for (sort, pointer) in listed {
                if page.conversations.len() == limit {
                    page.next = Some(ConversationPlace(from.trim_end_matches('!').to_owned()));
                    return Ok(page);
                }
                from = format!("{sort}!");
                let key = self.0.keys.conversation(&rows::of_id(&pointer.id));
                let Some(item) = items.get(&key).cloned() else {
                    continue;
                };
                let stored = self.0.stored::<Conversation>(item, now)?;
                let stands_here = |conversation: &Conversation| {
                    changed_at(conversation).as_millisecond() == pointer.changed_ms
                };
                let conversation = stored.map(|stored| stored.content).filter(stands_here);
                if let Some(conversation) = conversation {
                    items.remove(&key);
                    page.conversations.push(conversation);
                }
            }
            if is_last {
                return Ok(page);
            }
        }
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

fn changed_at(conversation: &Conversation) -> Timestamp {
    let changed = conversation.updated_at.or(conversation.created_at);
    changed.unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Its title; else how it begins.
fn title(conversation: &Conversation, source: Option<&Part>) -> Option<String> {
    const LONGEST: usize = 120;
    let title = conversation.title.as_deref();
    let title = title.or_else(|| source?.body.as_deref())?;
    Some(title.chars().take(LONGEST).collect())
}

/// The same part with less text; `None` when it is short enough.
fn shortened(part: &Part) -> Option<Part> {
    let body = part
        .body
        .as_ref()
        .filter(|body| body.len() > MAX_BODY_BYTES)?;
    let mut end = MAX_BODY_BYTES;
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    Some(Part {
        body: Some(body[..end].to_owned()),
        is_cut: true,
        ..part.clone()
    })
}
