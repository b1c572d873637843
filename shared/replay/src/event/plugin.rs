//! Console, network and custom events: what recorders add to rrweb, each in its own way.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::{Body, Context, own, route};
use crate::error::Fault;
use crate::json::{Cursor, Kind, RawStr};
use crate::told::Told;

/// One line of the console.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct LogLine<'a> {
    pub(crate) level: Level,
    /// What was logged, as the console plugin writes it: each argument a JSON text. Not yet scrubbed.
    #[serde(borrow)]
    pub(crate) arguments: Vec<Cow<'a, str>>,
    /// Whether nobody caught it, where the recorder says so.
    pub(crate) thrown: Option<bool>,
    /// Told beside the events of the console plugin: what is thrown is told elsewhere, or not at all.
    pub(crate) is_breadcrumb: bool,
}

/// Console levels that the summary tells apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Level {
    Error,
    Warning,
    #[default]
    Other,
}

impl Level {
    fn parse(level: &str) -> Self {
        match level {
            "error" | "assert" | "fatal" => Self::Error,
            "warn" | "warning" => Self::Warning,
            _ => Self::Other,
        }
    }
}

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

/// How many console arguments, and requests of one event, are read.
const MAX_ITEMS: usize = 1_000;

/// Reads the `data` of a plugin event.
pub(super) fn plugin<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut name = None;
    let mut payload = None;
    cursor.object(|cursor, key| match key {
        "plugin" => cursor.string_if_any().map(|read| name = read),
        "payload" => {
            payload = Some(cursor.clone());
            cursor.skip()
        }
        _ => cursor.skip(),
    })?;
    let (Some(name), Some(mut payload)) = (name, payload) else {
        return Ok(Body::Other);
    };
    let name = name.raw().split('@').next().unwrap_or_default();
    let kind = name.rsplit('/').next().unwrap_or_default();
    if kind == "console" {
        match payload.kind()? {
            Kind::Object => payload.open_object()?,
            _ => return Ok(Body::Log(LogLine::default())),
        }
        log(&mut payload, false).map(Body::Log)
    } else if kind == "network" {
        requests(&mut payload).map(Body::Requests)
    } else if route::is_told_by(name) {
        route::told(&mut payload)
    } else {
        Ok(Body::Other)
    }
}

/// Reads a console payload, of the plugin or of rrweb 1's own log source.
///
/// The object is open; `begun` tells whether any entry of it was read before.
pub(super) fn log<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<LogLine<'a>, Fault> {
    let mut line = LogLine::default();
    cursor.rest_of_object(begun, |cursor, key| match key {
        "level" => cursor.string_if_any().map(|level| {
            line.level = level.map_or(Level::Other, |level| Level::parse(level.raw()))
        }),
        "thrown" => cursor.bool_if_any().map(|thrown| line.thrown = thrown),
        "payload" => cursor.array_if_any(|cursor| {
            if line.arguments.len() == MAX_ITEMS {
                return cursor.skip();
            }
            let argument = cursor.string_if_any()?;
            line.arguments.extend(argument.map(|text| text.decode()));
            Ok(())
        }),
        _ => cursor.skip(),
    })?;
    Ok(line)
}

fn requests<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<Request<'a>>, Fault> {
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

fn request<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Request<'a>>, Fault> {
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

/// Reads the `data` of a custom event. Tags are every recorder's own; payloads are alike enough to be read by
/// their fields.
pub(super) fn custom<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut tag = RawStr::default();
    let mut payload = None;
    let mut href = None;
    cursor.object(|cursor, key| {
        match key {
            "tag" => tag = cursor.string_if_any()?.unwrap_or_default(),
            "href" => href = decoded(cursor)?,
            "payload" => {
                payload = Some(cursor.clone());
                cursor.skip()?;
            }
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    if tag.raw().starts_with(own::PREFIX)
        && let Some(payload) = &payload
        && let Some(body) = own::custom(tag.raw(), payload)?
    {
        return Ok(body);
    }
    let is_route = route::is_told_by(tag.raw());
    if let (true, Some(href)) = (is_route, href) {
        return Ok(Body::Navigation { href });
    }
    let Some(mut payload) = payload else {
        return Ok(match tag.raw() {
            "TabHidden" => Body::Hidden,
            _ => Body::Other,
        });
    };
    match (tag.raw(), payload.kind()?) {
        (_, _) if is_route => route::told(&mut payload),
        ("TabHidden", Kind::Bool) => Ok(match payload.bool_if_any()? {
            Some(true) => Body::Hidden,
            _ => Body::Other,
        }),
        // Amplitude's, of `fetch` alone.
        ("fetch-request", Kind::Object) => {
            let request = request(&mut payload)?.map(|request| Request {
                from_script: true,
                ..request
            });
            Ok(Body::Requests(request.into_iter().collect()))
        }
        ("breadcrumb", Kind::Object) => breadcrumb(&mut payload),
        ("performanceSpan", Kind::Object) => performance_span(&mut payload),
        (tag, Kind::Object) => payload_fields(&mut payload, is_about_visibility(tag)),
        _ => Ok(Body::Other),
    }
}

/// Whether a tag is a name for the page being hidden or shown: a menu of the site may be "hidden" as
/// well.
fn is_about_visibility(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    ["visib", "hidden"].iter().any(|name| tag.contains(name))
}

/// A payload of our own recorder, or of one that uses the same field names.
fn payload_fields<'a>(
    cursor: &mut Cursor<'a>,
    is_about_visibility: bool,
) -> Result<Body<'a>, Fault> {
    let mut context = Context::default();
    let mut hidden = false;
    cursor.object(|cursor, key| {
        match key {
            "ua" | "userAgent" | "user_agent" => context.user_agent = decoded(cursor)?,
            "lang" | "language" => context.language = decoded(cursor)?,
            "tz" | "timezone" => context.timezone = decoded(cursor)?,
            // Only our own recorder says what it records, and from that version on it tells of hands.
            "records" if cursor.kind()? == Kind::Array => {
                context.tells_hands = true;
                let mut told = Told::default();
                cursor.array(|cursor| {
                    if let Some(record) = cursor.string_if_any()? {
                        told = told.and(Told::declared(record.raw()));
                    }
                    Ok(())
                })?;
                context.records = Some(told);
            }
            "visibility" | "state" | "visibilityState" if is_about_visibility => {
                hidden = cursor
                    .string_if_any()?
                    .is_some_and(|state| state.raw() == "hidden");
            }
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(
        if context.user_agent.is_some() || context.language.is_some() || context.timezone.is_some()
        {
            Body::Context(Box::new(context))
        } else if hidden && is_about_visibility {
            Body::Hidden
        } else {
            Body::Other
        },
    )
}

/// Sentry's breadcrumbs: console lines and route changes.
fn breadcrumb<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut category = RawStr::default();
    let mut level = Level::Other;
    let mut message = None;
    let mut arguments = Vec::new();
    let mut to = None;
    cursor.object(|cursor, key| {
        match key {
            "category" => category = cursor.string_if_any()?.unwrap_or_default(),
            "level" => {
                level = Level::parse(cursor.string_if_any()?.unwrap_or_default().raw());
            }
            "message" => message = decoded(cursor)?,
            "data" => cursor.object_if_any(|cursor, key| match key {
                "to" => decoded(cursor).map(|read| to = read),
                "arguments" => cursor.array_if_any(|cursor| {
                    cursor.skip_whitespace();
                    let start = cursor.position();
                    cursor.skip()?;
                    if arguments.len() < MAX_ITEMS {
                        arguments.push(Cow::Borrowed(cursor.since(start)));
                    }
                    Ok(())
                }),
                _ => cursor.skip(),
            })?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(match (category.raw(), to) {
        ("navigation", Some(href)) => Body::Navigation { href },
        ("console", _) => Body::Log(LogLine {
            level,
            // The message has "[object Object]" where the arguments have what it is.
            arguments: match arguments.is_empty() {
                true => message.into_iter().collect(),
                false => arguments,
            },
            thrown: None,
            is_breadcrumb: true,
        }),
        _ => Body::Tells(Told::CONSOLE),
    })
}

/// Sentry's spans: requests that have ended.
fn performance_span<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
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

fn decoded<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cow<'a, str>>, Fault> {
    Ok(cursor.string_if_any()?.map(|text| text.decode()))
}
