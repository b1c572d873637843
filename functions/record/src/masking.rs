//! What is stored of a chunk that another recorder has sent: not what somebody typed.
//!
//! Our recorder says in the address that it is ours (`recorder=recapt`). Anybody may write that, and nothing
//! depends on it that could not be in the recording all the same: see [`replay::Sender`].

use api::Error;
use identity::SessionId;
use jiff::Timestamp;
use lambda_http::Request;
use platform::http::ApiError;
use replay::{Editables, Masked, Sender};
use store::Grant;

use crate::{State, events};

/// How many chunks are asked, one after another. Nearly every one that another recorder sends tells.
const LOOKED_BACK: usize = 60;

/// Who sends, as the address says.
pub(crate) fn sender(request: &Request) -> Sender {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    match pairs.any(|(name, value)| name == "recorder" && value == "recapt") {
        true => Sender::Ours,
        false => Sender::Other,
    }
}

/// A chunk as it may be stored.
pub(crate) struct Storable<'a> {
    pub(crate) masked: Masked<'a>,
    /// Whether it changes where somebody may type, or tells it anew.
    tells_editables: bool,
    /// Whether it came before what it changes: what is typed into fields is masked, and what is typed into
    /// the page itself when it is shown.
    pub(crate) is_unsure: bool,
}

impl Storable<'_> {
    /// Where something may be typed at its end; `None` where that is as it was before, or not known.
    pub(crate) fn editables(&self) -> Option<&Editables> {
        self.tells_editables.then_some(&self.masked.editables)
    }
}

/// Masks a chunk. Where it changes a page of which it does not hold the snapshot, the chunks before are
/// asked where somebody may type. Texts are not masked for want of an answer: however the chunks of a
/// recording arrive, its summary is the same.
pub(crate) async fn mask<'a>(
    state: &State,
    grant: &Grant,
    chunk: (&SessionId, u32),
    sender: Sender,
    payload: &'a [u8],
    now: Timestamp,
) -> Result<Storable<'a>, Error> {
    let (session, seq) = chunk;
    let is_followed = sender == Sender::Other;
    let before = match is_followed {
        true => Editables::ANYWHERE,
        false => Editables::default(),
    };
    let masked = apply(payload, sender, &before)?;
    if !is_followed || !masked.relied_on_before {
        return Ok(Storable {
            tells_editables: is_followed && masked.is_told,
            is_unsure: false,
            masked,
        });
    }
    // Boxed: chunks of our recorder do not ask.
    let before = Box::pin(editables_before(state, grant, session, seq, now)).await?;
    let is_unsure = before.is_none();
    let tells_editables = !is_unsure || !masked.editables.is_anywhere();
    Ok(Storable {
        masked: apply(payload, sender, &before.unwrap_or_default())?,
        tells_editables,
        is_unsure,
    })
}

/// Where somebody may type at the end of the chunks before, by the nearest one that tells; `None` when none
/// of them does, or one has not come yet.
async fn editables_before(
    state: &State,
    grant: &Grant,
    session: &SessionId,
    seq: u32,
    now: Timestamp,
) -> Result<Option<Editables>, Error> {
    let sessions = state.store.of(&grant.organization).sessions();
    for before in (0..seq).rev().take(LOOKED_BACK) {
        let Some(chunk) = sessions.chunk(session, before, now).await? else {
            return Ok(None);
        };
        // What an unsure one has changed is not known.
        if chunk.editables.is_some() || chunk.is_unsure {
            return Ok(chunk.editables);
        }
    }
    Ok(None)
}

fn apply<'a>(
    payload: &'a [u8],
    sender: Sender,
    before: &Editables,
) -> Result<Masked<'a>, ApiError> {
    replay::mask(payload, sender, before).map_err(events::refused)
}
