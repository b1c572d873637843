//! Console, network and custom events: what recorders add to rrweb, each in its own way.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Body, Context};
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
    if name.raw().starts_with("rrweb/console@") {
        match payload.kind()? {
            Kind::Object => payload.open_object()?,
            _ => return Ok(Body::Log(LogLine::default())),
        }
        log(&mut payload, false).map(Body::Log)
    } else if name.raw().starts_with("rrweb/network@") {
        requests(&mut payload).map(Body::Requests)
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
            }
            "entryType" => {
                let kind = cursor.string_if_any()?.unwrap_or_default();
                is_resource = matches!(kind.raw(), "resource" | "navigation" | "");
            }
            "duration" => request.duration_ms = cursor.number_if_any()?.unwrap_or_default(),
            "aborted" | "opaque" => request.dismissed |= cursor.bool_if_any()? == Some(true),
            "responseHeaders" => {
                has_answer = cursor.kind()? == Kind::Object;
                cursor.skip()?;
            }
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
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
    if let Some(href) = href {
        return Ok(Body::Navigation { href });
    }
    let Some(mut payload) = payload else {
        return Ok(match tag.raw() {
            "TabHidden" => Body::Hidden,
            _ => Body::Other,
        });
    };
    match (tag.raw(), payload.kind()?) {
        ("Navigate" | "Reload", Kind::String) => {
            let href = payload.string()?.decode();
            // highlight writes the URL as JSON text within the string.
            let href = match href
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
            {
                Some(inner) => Cow::Owned(inner.to_owned()),
                None => href,
            };
            Ok(Body::Navigation { href })
        }
        ("breadcrumb", Kind::Object) => breadcrumb(&mut payload),
        ("performanceSpan", Kind::Object) => performance_span(&mut payload),
        (_, Kind::Object) => payload_fields(&mut payload),
        _ => Ok(Body::Other),
    }
}

/// A payload of our own recorder, or of one that uses the same field names.
fn payload_fields<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut context = Context::default();
    let mut href = None;
    let mut hidden = false;
    cursor.object(|cursor, key| {
        match key {
            "href" | "$current_url" => href = decoded(cursor)?.or(href.take()),
            "ua" | "userAgent" | "user_agent" => context.user_agent = decoded(cursor)?,
            "lang" | "language" => context.language = decoded(cursor)?,
            "tz" | "timezone" => context.timezone = decoded(cursor)?,
            "records" if cursor.kind()? == Kind::Array => {
                let mut told = Told::default();
                cursor.array(|cursor| {
                    if let Some(record) = cursor.string_if_any()? {
                        told = told.and(Told::declared(record.raw()));
                    }
                    Ok(())
                })?;
                context.records = Some(told);
            }
            "visibility" | "state" | "visibilityState" => {
                hidden = cursor
                    .string_if_any()?
                    .is_some_and(|state| state.raw() == "hidden");
            }
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(if let Some(href) = href {
        Body::Navigation { href }
    } else if context.user_agent.is_some()
        || context.language.is_some()
        || context.timezone.is_some()
    {
        Body::Context(Box::new(context))
    } else if hidden {
        Body::Hidden
    } else {
        Body::Other
    })
}

/// Sentry's breadcrumbs: console lines and route changes.
fn breadcrumb<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut category = RawStr::default();
    let mut level = Level::Other;
    let mut message = None;
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
            arguments: message.into_iter().collect(),
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
    request.indistinct = true;
    request.duration_ms = (end - start).max(0.0) * 1_000.0; // Sentry counts in seconds.
    Ok(Body::Requests(vec![request]))
}

fn decoded<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cow<'a, str>>, Fault> {
    Ok(cursor.string_if_any()?.map(|text| text.decode()))
}
