//! Console, network and custom events: what recorders add to rrweb, each in its own way.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::request::{Request, performance_span, request, requests};
use super::{Body, Context, own, route};
use crate::error::Fault;
use crate::fingerprint::stack;
use crate::json::{Cursor, Kind, RawStr};
use crate::told::Told;

/// One line of the console.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct LogLine<'a> {
    pub(crate) level: Level,
    /// What was logged, as the console plugin writes it: each argument a JSON text. Not yet scrubbed.
    #[serde(borrow)]
    pub(crate) arguments: Vec<Cow<'a, str>>,
    /// The first call of its stack that tells something, as the recorder writes it.
    pub(crate) top: Option<Cow<'a, str>>,
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

/// How many console arguments, and requests of one event, are read.
pub(super) const MAX_ITEMS: usize = 1_000;

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
        "trace" => frames(cursor, |frame| {
            if line.top.is_none() && stack::is_telling(&frame) {
                line.top = Some(frame);
            }
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

/// What the summary does not ask of a console line.
#[derive(Debug, Default)]
pub(crate) struct LineDetails {
    /// As the recorder calls it.
    pub(crate) level: String,
    /// The calls of its stack, as the recorder writes them.
    pub(crate) frames: Vec<String>,
}

/// Reads them of the event, wherever its recorder has them; what cannot be read is left empty.
pub(crate) fn line_details(json: &str) -> LineDetails {
    let mut details = LineDetails::default();
    let mut read = |cursor: &mut Cursor<'_>, key: &str| match key {
        "level" => cursor.string_if_any().map(|level| {
            details.level = level
                .map(|level| level.decode().into_owned())
                .unwrap_or_default();
        }),
        "trace" => frames(cursor, |frame| details.frames.push(frame.into_owned())),
        _ => cursor.skip(),
    };
    // What was read as a console line is well formed.
    let _ = Cursor::new(json).object(|cursor, key| match key {
        "data" => cursor.object_if_any(|cursor, key| match key {
            "payload" if matches!(cursor.kind(), Ok(Kind::Object)) => cursor.object(&mut read),
            key => read(cursor, key),
        }),
        _ => cursor.skip(),
    });
    details
}

/// Reads the calls of a stack, the latest first.
pub(crate) fn frames<'a>(
    cursor: &mut Cursor<'a>,
    mut take: impl FnMut(Cow<'a, str>),
) -> Result<(), Fault> {
    /// Calls that are looked at.
    const MAX_FRAMES: usize = 20;
    let mut read = 0;
    cursor.array_if_any(|cursor| {
        if read == MAX_FRAMES {
            return cursor.skip();
        }
        read += 1;
        cursor.string_if_any().map(|frame| {
            if let Some(frame) = frame {
                take(frame.decode());
            }
        })
    })
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
            top: None,
            thrown: None,
            is_breadcrumb: true,
        }),
        _ => Body::Tells(Told::CONSOLE),
    })
}

/// The string that comes next, decoded.
pub(super) fn decoded<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cow<'a, str>>, Fault> {
    Ok(cursor.string_if_any()?.map(|text| text.decode()))
}
