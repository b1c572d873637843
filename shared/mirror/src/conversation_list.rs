//! The list of conversations by their last change.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Read, item, parse};

use crate::companies::LAST;
use crate::conversation::Conversation;
use crate::record::Order;
use crate::rows;
use crate::{Conversations, Error};

/// Longest page of the list.
const MAX_PAGE: usize = 100;

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

    pub(crate) async fn list_it(
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
}

pub(crate) fn changed_at(conversation: &Conversation) -> Timestamp {
    let changed = conversation.updated_at.or(conversation.created_at);
    changed.unwrap_or(Timestamp::UNIX_EPOCH)
}
