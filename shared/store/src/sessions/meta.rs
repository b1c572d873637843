//! A session's `META` row: whose it is and how far it is summarized.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{AliasName, OrganizationKey, PersonId, SessionId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::Deserialize;
use table::{Item, Read, parse};

use crate::Error;
use crate::problems::brought::Brought;
use crate::sessions::checkpoint::Checkpoint;
use crate::sessions::cipher::Cipher;
use crate::sessions::gap::Gap;
use crate::sessions::listing::ListedRow;
use crate::sessions::object_path::ObjectPath;
use crate::sessions::share_id::SessionLink;
use crate::sessions::{Sessions, rows};

/// The row. Every attribute is written by somebody else than the others and may not be there yet.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Meta {
    /// When it was first heard of, by our clock; `None` in rows that were there before that was written.
    #[serde(with = "millisecond::optional")]
    pub(crate) began_at: Option<Timestamp>,
    /// The owner: changes when the session is named, or its names are verified.
    pub(crate) person: Option<PersonId>,
    /// Owners that it had before: a run that began then may still list it with them.
    pub(crate) former: BTreeSet<PersonId>,
    /// Place in the owner's list, milliseconds since 1970; set by the first summary.
    pub(crate) sort_at: Option<u64>,
    /// When the row of the index that shows the session expires, seconds since 1970; 0 while there is none.
    pub(crate) indexed_until: i64,
    /// The first chunk that no summary covers.
    pub(crate) next_seq: u32,
    /// Counts the summaries saved.
    pub(crate) version: u64,
    /// Path of the analyzer's state after the chunks before `next_seq`: in rows that were there before there
    /// were checkpoints.
    pub(crate) state: Option<ObjectPath>,
    pub(crate) checkpoint: Option<Checkpoint>,
    /// Numbers that were given up on.
    pub(crate) skipped: Vec<Gap>,
    #[serde(with = "millisecond::optional")]
    pub(crate) last_run_at: Option<Timestamp>,
    /// Since when a message that asks for a run at once is under way; `None` when the last one has been
    /// worked on.
    #[serde(with = "millisecond::optional")]
    pub(crate) pending_since: Option<Timestamp>,
    /// When a message that asks for a run later will be delivered; `None` when the last one has been worked
    /// on.
    #[serde(with = "millisecond::optional")]
    pub(crate) wake_at: Option<Timestamp>,
    /// Whether the last run found chunks beyond a gap: what fills it cannot wait.
    pub(crate) has_gap: bool,
    #[serde(with = "millisecond::optional")]
    pub(crate) last_chunk_at: Option<Timestamp>,
    pub(crate) retention_days: u32,
    /// The link that opens it, or did.
    pub(crate) share: Option<SessionLink>,
    /// Set once it is erased: from then on the row is a tombstone.
    #[serde(with = "millisecond::optional")]
    pub(crate) erased_at: Option<Timestamp>,
    /// The problems that it has brought.
    pub(crate) brought: Brought,
    /// The summary, while it stands in nobody's list.
    pub(crate) unlisted: Option<ListedRow>,
    /// The aliases it was identified by, sealed.
    #[serde(skip)]
    pub(crate) aliases: Vec<Vec<u8>>,
    /// Those of them that are verified, sealed.
    #[serde(skip)]
    pub(crate) verified: Vec<Vec<u8>>,
    pub(crate) expires: i64,
}

/// What a session was identified by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SessionNames {
    pub(crate) verified: BTreeSet<AliasName>,
    pub(crate) claimed: BTreeSet<AliasName>,
}

impl SessionNames {
    /// All of them, whoever said them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &AliasName> {
        self.verified.iter().chain(&self.claimed)
    }
}

impl Meta {
    /// Whether a write of this moment was the first of the session. Two writes in one millisecond are both.
    pub(crate) fn is_begun_at(&self, now: Timestamp) -> bool {
        let began = self.began_at.map(Timestamp::as_millisecond);
        began == Some(now.as_millisecond())
    }

    /// The last state that was kept.
    pub(crate) fn checkpoint(&self) -> Option<Checkpoint> {
        let former = || {
            let state = self.state.clone()?;
            let next_seq = self.next_seq;
            Some(Checkpoint { next_seq, state })
        };
        self.checkpoint.clone().or_else(former)
    }

    /// Whether the session is gone, or about to be: nothing may be added to it.
    pub(crate) fn is_erased(&self) -> bool {
        self.erased_at.is_some()
    }

    /// What it was identified by, each with whether it is verified.
    pub(crate) fn names(
        &self,
        cipher: &Cipher,
        key: &OrganizationKey,
    ) -> Result<SessionNames, Error> {
        let mut names = SessionNames::default();
        for sealed in &self.aliases {
            let (kind, value) = cipher.open(sealed)?;
            let name = AliasName::new(kind, &key.hash_value(kind, &value));
            match self.verified.contains(sealed) {
                true => names.verified.insert(name),
                false => names.claimed.insert(name),
            };
        }
        Ok(names)
    }

    pub(crate) fn parse(mut item: Item) -> Result<Self, Error> {
        let mut sealed = |attribute| match item.remove(attribute) {
            Some(AttributeValue::Bs(blobs)) => {
                blobs.into_iter().map(|blob| blob.into_inner()).collect()
            }
            _ => Vec::new(),
        };
        let (aliases, verified) = (sealed("aliases"), sealed("verified"));
        Ok(Self {
            aliases,
            verified,
            ..parse("session", item)?
        })
    }
}

impl Sessions<'_> {
    /// The row, as of every write that was answered.
    pub(crate) async fn meta(self, session: &SessionId) -> Result<Option<Meta>, Error> {
        let key = rows::meta(self.scope.organization, session);
        let item = self
            .scope
            .table
            .get("read a session", &key, Read::Consistent)
            .await?;
        item.map(Meta::parse).transpose()
    }
}
