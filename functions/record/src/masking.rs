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

/// Who sends, as the address says.
pub(crate) fn sender(request: &Request) -> Sender {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    match pairs.any(|(name, value)| name == "recorder" && value == "recapt") {
        true => Sender::Ours,
        false => Sender::Other,
    }
}

/// The chunk as it may be stored. Where it changes texts of which it does not tell whether somebody may type
/// there, the chunk before is asked; when that has not come yet, such texts are stars.
pub(crate) async fn mask<'a>(
    state: &State,
    grant: &Grant,
    chunk: (&SessionId, u32),
    sender: Sender,
    payload: &'a [u8],
    now: Timestamp,
) -> Result<Masked<'a>, Error> {
    let (session, seq) = chunk;
    let before = match (sender, seq.checked_sub(1)) {
        (Sender::Other, Some(before)) => before,
        _ => return Ok(masked(payload, sender, &Editables::default())?),
    };
    let with_all = masked(payload, sender, &Editables::ANYWHERE)?;
    if !with_all.relied_on_before {
        return Ok(with_all);
    }
    let sessions = state.store.of(&grant.organization).sessions();
    // Boxed: hardly any chunk asks.
    let before = Box::pin(sessions.chunk(session, before, now)).await?;
    Ok(match before.and_then(|before| before.editables) {
        Some(editables) => masked(payload, sender, &editables)?,
        None => with_all,
    })
}

fn masked<'a>(
    payload: &'a [u8],
    sender: Sender,
    before: &Editables,
) -> Result<Masked<'a>, ApiError> {
    replay::mask(payload, sender, before).map_err(events::refused)
}
