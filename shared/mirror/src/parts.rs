//! The parts of conversations.

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use crate::as_of::AsOf;
use crate::companies::LAST;
use crate::conversation::Part;
use crate::record::{Nothing, Order};
use crate::rows::{self, PART};
use crate::{Conversations, Error};

/// Most parts that are kept of a conversation.
pub const MAX_PARTS: usize = 2_000;

/// Longest text of a part, bytes: a row has 400 kB, and what is sealed in it is compressed at first.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Parts written at the same time.
const CONCURRENT_PARTS: usize = 16;

impl Conversations<'_, '_> {
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

    pub(crate) async fn put_parts(
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

    /// The first message, if it is known.
    pub(crate) async fn source(
        self,
        conversation: &str,
        now: Timestamp,
    ) -> Result<Option<Part>, Error> {
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

    pub(crate) async fn delete_parts(self, conversation: &str) -> Result<(), Error> {
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
