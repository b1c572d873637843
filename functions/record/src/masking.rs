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
    let before = Box::pin(told_before(state, grant, session, seq, now)).await?;
    Ok(Storable {
        tells_editables: !before.is_unsure || masked.is_told,
        masked: apply(payload, sender, &before.editables.unwrap_or_default())?,
        is_unsure: before.is_unsure,
    })
}

/// Where somebody may type at the end of the chunks before.
#[derive(Default)]
struct Before {
    /// As the nearest chunk says that tells; `None` when none of them does.
    editables: Option<Editables>,
    /// Whether that may have changed since: a chunk has not come yet, or was itself unsure.
    is_unsure: bool,
}

async fn told_before(
    state: &State,
    grant: &Grant,
    session: &SessionId,
    seq: u32,
    now: Timestamp,
) -> Result<Before, Error> {
    let sessions = state.store.of(&grant.organization).sessions();
    let mut before = Before::default();
    for seq in (0..seq).rev().take(LOOKED_BACK) {
        let Some(chunk) = sessions.chunk(session, seq, now).await? else {
            break;
        };
        if chunk.editables.is_some() {
            before.editables = chunk.editables;
            return Ok(before);
        }
        before.is_unsure |= chunk.is_unsure;
    }
    before.is_unsure = true;
    Ok(before)
}

fn apply<'a>(
    payload: &'a [u8],
    sender: Sender,
    before: &Editables,
) -> Result<Masked<'a>, ApiError> {
    replay::mask(payload, sender, before).map_err(events::refused)
}
