//! Requests of the page, as recorders tell them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::Body;
use super::plugin::{MAX_ITEMS, decoded};
use crate::error::Fault;
use crate::json::{Cursor, Kind};
use crate::told::Told;

/// One request of the page that has ended.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Request<'a> {
    #[serde(borrow)]
    pub(crate) url: Cow<'a, str>,
    pub(crate) method: Option<Cow<'a, str>>,
    pub(crate) status: Option<u16>,
    /// `fetch` or `XMLHttpRequest`: the only ones whose status must be known.
    pub(crate) from_script: bool,
    pub(crate) duration_ms: f64,
    /// The event stands where the request began, not where it ended.
    pub(crate) stands_at_start: bool,
    /// Milliseconds since 1970; of a request that lasts longer than its event says, later than the
    /// event.
    pub(crate) started_at: i64,
    pub(crate) ended_at: i64,
    /// Whether the recorder tells how long it took: of the end of a stream it may not know when that began.
    pub(crate) is_timed: bool,
    /// Sent and forgotten: the page waits for no answer.
    pub(crate) beacon: bool,
    /// The page itself, or loaded with it before the recorder started.
    pub(crate) initial: bool,
    /// The page gave it up, or its answer is none of the page's business.
    pub(crate) dismissed: bool,
    /// Its recorder makes the status 0 of whatever it could not see: refused, given up, or well.
    pub(crate) indistinct: bool,
}

/// What became of a request, as far as it says so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing that failed.
    Fine,
    /// Refused by the server: 400 and up.
    Refused,
    /// Its script got no answer.
    Unanswered,
    /// Its script got no answer, or one that its recorder could not see.
    Unseen,
}

impl Request<'_> {
    /// Dates it by its event.
    pub(super) fn place(&mut self, at: i64) {
        let lasted = self.duration_ms.clamp(0.0, 1e9) as i64;
        (self.started_at, self.ended_at) = match self.stands_at_start {
            true => (at, at + lasted),
            false => (at - lasted, at),
        };
    }

    /// What became of it. A status that is missing means nothing for images and the like from elsewhere, and
    /// for beacons: browsers hide it.
    pub(crate) fn outcome(&self) -> Outcome {
        match self.status {
            Some(status) if status >= 400 => Outcome::Refused,
            Some(status) if status != 0 => Outcome::Fine,
            _ if self.dismissed || !self.from_script => Outcome::Fine,
            _ if self.indistinct => Outcome::Unseen,
            _ => Outcome::Unanswered,
        }
    }

    /// Hash of what it asks: its method and address, with all numbers alike, and the names in its query.
    pub(crate) fn kind(&self) -> u32 {
        let url = self.url.split('#').next().unwrap_or_default();
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let mut words = self.method.as_deref().unwrap_or_default().to_owned();
        for part in address.split(|character: char| character.is_ascii_digit()) {
            if !part.is_empty() {
                words.push(' ');
                words.push_str(part);
            }
        }
        for parameter in query.split('&') {
            let name = parameter.split('=').next().unwrap_or_default();
            words.push('?');
            words.extend(name.chars().filter(|character| !character.is_ascii_digit()));
        }
        xxh3_64(words.as_bytes()) as u32
    }

    /// Whether it may count as failed.
    pub(crate) fn may_have_failed(&self) -> bool {
        matches!(self.outcome(), Outcome::Refused | Outcome::Unanswered)
    }
}

/// Reads the payload of a network plugin.
pub(super) fn requests<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<Request<'a>>, Fault> {
    let mut requests = Vec::new();
    let mut initial = false;
    cursor.object_if_any(|cursor, key| match key {
        "isInitial" => cursor
            .bool_if_any()
            .map(|read| initial = read == Some(true)),
        "requests" => cursor.array_if_any(|cursor| {
            if requests.len() == MAX_ITEMS {
                return cursor.skip();
            }
            requests.extend(request(cursor)?);
            Ok(())
        }),
        _ => cursor.skip(),
    })?;
    for request in &mut requests {
        request.initial |= initial;
    }
    Ok(requests)
}

/// Reads one request; `None` of what is no request.
pub(super) fn request<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Request<'a>>, Fault> {
    let mut request = Request::default();
    let (mut is_resource, mut is_fetch, mut has_answer) = (true, false, false);
    let (mut start, mut end) = (None, None);
    cursor.object_if_any(|cursor, key| {
        match key {
            "name" | "url" => request.url = decoded(cursor)?.unwrap_or_default(),
            "method" => request.method = decoded(cursor)?,
            "status" | "responseStatus" => {
                let status = cursor.number_if_any()?.map(|number| number as u16);
                request.status = request.status.or(status);
            }
            "initiatorType" => {
                let kind = cursor.string_if_any()?.unwrap_or_default();
                is_fetch = kind.raw() == "fetch";
                request.from_script = is_fetch || kind.raw() == "xmlhttprequest";
                request.initial |= kind.raw() == "navigation";
                request.beacon = matches!(kind.raw(), "beacon" | "ping");
            }
            "entryType" => {
                let kind = cursor.string_if_any()?.unwrap_or_default();
                is_resource = matches!(kind.raw(), "resource" | "navigation" | "");
            }
            "duration" => request.duration_ms = cursor.number_if_any()?.unwrap_or_default(),
            "startTime" => start = cursor.number_if_any()?,
            "endTime" => end = cursor.number_if_any()?,
            "aborted" | "opaque" => request.dismissed |= cursor.bool_if_any()? == Some(true),
            "responseHeaders" => {
                has_answer = cursor.kind()? == Kind::Object;
                cursor.skip()?;
            }
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    request.is_timed = request.duration_ms > 0.0 || start.is_some();
    if request.duration_ms == 0.0
        && let Some((start, end)) = start.zip(end)
    {
        request.duration_ms = end - start;
    }
    if request.status == Some(0) {
        // A `fetch` that was watched has no status when it failed, and 0 with headers when the answer is
        // opaque. The browser's own list of requests has 0 for either, and no method.
        request.dismissed |= is_fetch && has_answer;
        request.indistinct = request.method.is_none();
    }
    Ok(is_resource.then_some(request))
}

/// Sentry's spans: requests that have ended.
pub(super) fn performance_span<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut request = Request::default();
    let mut is_request = false;
    let (mut start, mut end) = (0.0, 0.0);
    cursor.object(|cursor, key| {
        match key {
            "op" => {
                let op = cursor.string_if_any()?.unwrap_or_default();
                is_request = matches!(op.raw(), "resource.fetch" | "resource.xhr");
            }
            "description" => request.url = decoded(cursor)?.unwrap_or_default(),
            "startTimestamp" => start = cursor.number_if_any()?.unwrap_or_default(),
            "endTimestamp" => end = cursor.number_if_any()?.unwrap_or_default(),
            "data" => cursor.object_if_any(|cursor, key| {
                match key {
                    "statusCode" => {
                        request.status = cursor.number_if_any()?.map(|number| number as u16);
                    }
                    "method" => request.method = decoded(cursor)?,
                    _ => cursor.skip()?,
                }
                Ok(())
            })?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    if !is_request {
        return Ok(Body::Tells(Told::REQUESTS));
    }
    request.from_script = true;
    request.stands_at_start = true;
    request.is_timed = true;
    request.indistinct = true;
    request.duration_ms = (end - start).max(0.0) * 1_000.0; // Sentry counts in seconds.
    Ok(Body::Requests(vec![request]))
}
