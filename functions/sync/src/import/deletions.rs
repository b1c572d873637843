//! Conversations that were deleted at Intercom.

use jiff::Timestamp;
use mirror::{Absence, AsOf};

use crate::import::{Importer, Read, Stop};

/// Most pages that one pass reads: whoever deletes more in an hour finds the rest with their webhooks.
const MAX_PAGES: u32 = 50;

impl Importer<'_> {
    pub(crate) async fn deletions(
        &mut self,
        cursor: Option<&str>,
        since: Option<Timestamp>,
    ) -> Result<Read, Stop> {
        let (state, access, now) = (self.state, self.access, self.now());
        let number = cursor.and_then(|text| text.parse().ok()).unwrap_or(1);
        let call = state
            .intercom
            .deleted_conversations(access.region, &access.token, number);
        let Some(page) = self.asked(call).await? else {
            return Ok(Read::all(0));
        };
        self.calls.heed(page.rate_limit.as_ref()).await?;
        let mut count = 0;
        let mut is_past = false;
        for deleted in &page.items {
            if deleted
                .deleted_at
                .zip(since)
                .is_some_and(|(at, since)| at < since)
            {
                is_past = true;
                continue;
            }
            let conversations = self.mirror.conversations();
            let as_of = AsOf::new(deleted.deleted_at, now);
            let gone = Absence::Deleted;
            conversations
                .take_away(&deleted.id, as_of, gone, now)
                .await?;
            count += 1;
        }
        // Nobody promises an order: a page of old ones alone ends it.
        let next = page
            .next
            .filter(|next| *next <= MAX_PAGES && !(is_past && count == 0));
        Ok(Read {
            count,
            is_last: next.is_none(),
            cursor: next.map(|next| next.to_string()),
            pending: Vec::new(),
            ..Read::default()
        })
    }
}
