//! An event that waits, as it stands in its row.

use identity::SourceId;
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Sealed, Sealer, random_nonce};

use crate::event::{EventType, Trust};
use crate::lane::Lane;
use crate::message::MessageKey;
use crate::{Error, OrganizationOutbox};

/// An event that waits or is kept, apart from its row's key.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PendingRow {
    pub(crate) message_id: String,
    pub(crate) source: SourceId,
    pub(crate) event_type: EventType,
    pub(crate) trust: Trust,
    #[serde(with = "millisecond::required")]
    pub(crate) timestamp: Timestamp,
    /// Where it stood in its request.
    #[serde(default)]
    pub(crate) position: u16,
    #[serde(with = "millisecond::required")]
    pub(crate) received_at: Timestamp,
    /// Whether somebody has asked for it once more: then what became of it before does not count.
    #[serde(default)]
    pub(crate) is_resent: bool,
    pub(crate) sealed: Sealed,
    pub(crate) expires: i64,
}

impl OrganizationOutbox<'_> {
    pub(crate) fn seal(
        &self,
        lane: &Lane,
        of: (&MessageKey, &SourceId),
        body: &[u8],
    ) -> Result<Sealed, Error> {
        let sealed = self.sealer(lane, of).seal_bytes(random_nonce()?, body)?;
        Ok(Sealed(sealed))
    }

    /// An event's own bytes.
    pub(crate) fn open(&self, lane: &Lane, row: &PendingRow) -> Result<Vec<u8>, Error> {
        let message = MessageKey::of(&row.message_id);
        let sealer = self.sealer(lane, (&message, &row.source));
        Ok(sealer.open_bytes(&row.sealed.0)?)
    }

    /// Seals for an event's place, which is the same whether it waits or is kept.
    fn sealer(&self, lane: &Lane, (message, source): (&MessageKey, &SourceId)) -> Sealer {
        let place = format!("{}/event/{lane}/{message}/{source}", self.organization);
        Sealer::new(&self.key, "tracked event", place)
    }
}
