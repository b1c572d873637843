//! What our own recorder adds to rrweb's events, because only it can know. The table stands in
//! `docs/recorder.md`.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_64;

use super::{Body, Scripted, node_id};
use crate::error::Fault;
use crate::json::{Cursor, Kind};

/// Our tags begin so.
pub(super) const PREFIX: &str = "recapt:";

/// Reads the payload of an event of ours; `None` if it is read as that of any other recorder.
pub(super) fn custom<'a>(tag: &str, payload: &Cursor<'a>) -> Result<Option<Body<'a>>, Fault> {
    let mut payload = payload.clone();
    if payload.kind()? != Kind::Object {
        return Ok(None);
    }
    match tag.strip_prefix(PREFIX) {
        Some("navigation") => navigation(&mut payload).map(Some),
        Some("visibility") => visibility(&mut payload).map(Some),
        Some("script") => script(&mut payload).map(Some),
        Some("hand") => Ok(Some(Body::Hand)),
        Some("effect") => effect(&mut payload).map(Some),
        Some("edit") => edit(&mut payload).map(Some),
        _ => Ok(None),
    }
}

/// A route. One that differs in its fragment alone has a number of its own, for the fragment is not told.
fn navigation<'a>(payload: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let (mut href, mut route) = (Cow::Borrowed(""), None);
    payload.object(|cursor, key| {
        match key {
            "href" => href = cursor.string_if_any()?.unwrap_or_default().decode(),
            "route" => route = cursor.natural_if_any()?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    if let Some(route) = route
        && !href.is_empty()
    {
        href = Cow::Owned(format!("{href}#/{route}"));
    }
    Ok(Body::Navigation { href })
}

/// Who leaves a page soon after a click may have been sent away by it: that is an answer as a hidden page is.
fn visibility<'a>(payload: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut is_hidden = false;
    payload.object(|cursor, key| match key {
        "state" => {
            let state = cursor.string_if_any()?.unwrap_or_default();
            is_hidden = state.raw() == "hidden";
            Ok(())
        }
        _ => cursor.skip(),
    })?;
    Ok(match is_hidden {
        true => Body::Hidden,
        false => Body::Other,
    })
}

fn script<'a>(payload: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut what = Body::Other;
    payload.object(|cursor, key| {
        if key != "what" {
            return cursor.skip();
        }
        what = match cursor.string_if_any()?.unwrap_or_default().raw() {
            "click" => Body::ByScript(Scripted::Click),
            "input" => Body::ByScript(Scripted::Input),
            _ => Body::Other,
        };
        Ok(())
    })?;
    Ok(what)
}

fn effect<'a>(payload: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let (mut kind, mut stood) = (0, 0);
    payload.object(|cursor, key| {
        match key {
            "kind" => {
                let name = cursor.string_if_any()?.unwrap_or_default();
                kind = xxh3_64(name.raw().as_bytes()) as u32;
            }
            "ms" => stood = cursor.natural_if_any()?.unwrap_or_default(),
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(Body::Outside {
        kind,
        stood_ms: u32::try_from(stood).unwrap_or(u32::MAX),
    })
}

fn edit<'a>(payload: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let (mut id, mut by_hand) = (0, false);
    payload.object(|cursor, key| {
        match key {
            "id" => id = node_id(cursor)?,
            "by" => by_hand = cursor.string_if_any()?.unwrap_or_default().raw() == "hand",
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(Body::Edited { id, by_hand })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str, payload: &'static str) -> Option<Body<'static>> {
        custom(tag, &Cursor::new(payload)).unwrap()
    }

    #[test]
    fn what_our_recorder_tells_is_read() {
        let href = |href: &'static str| Body::Navigation { href: href.into() };
        for (tag, payload, expected) in [
            (
                "recapt:navigation",
                r#"{"href":"https://a.example/app","route":2}"#,
                href("https://a.example/app#/2"),
            ),
            (
                "recapt:navigation",
                r#"{"href":"https://a.example/app"}"#,
                href("https://a.example/app"),
            ),
            ("recapt:visibility", r#"{"state":"hidden"}"#, Body::Hidden),
            (
                "recapt:visibility",
                r#"{"state":"hidden","left":true}"#,
                Body::Hidden,
            ),
            ("recapt:visibility", r#"{"state":"visible"}"#, Body::Other),
            (
                "recapt:script",
                r#"{"what":"click"}"#,
                Body::ByScript(Scripted::Click),
            ),
            (
                "recapt:script",
                r#"{"what":"input"}"#,
                Body::ByScript(Scripted::Input),
            ),
            ("recapt:hand", r#"{"by":"wheel"}"#, Body::Hand),
            (
                "recapt:edit",
                r#"{"id":7,"by":"hand"}"#,
                Body::Edited {
                    id: 7,
                    by_hand: true,
                },
            ),
            (
                "recapt:edit",
                r#"{"id":7,"by":"script"}"#,
                Body::Edited {
                    id: 7,
                    by_hand: false,
                },
            ),
        ] {
            assert_eq!(read(tag, payload), Some(expected), "{tag} {payload}");
        }
        let stood = read("recapt:effect", r#"{"kind":"confirm","ms":4500}"#);
        assert!(matches!(
            stood,
            Some(Body::Outside {
                stood_ms: 4_500,
                ..
            })
        ));
        assert_ne!(
            read("recapt:effect", r#"{"kind":"print"}"#),
            read("recapt:effect", r#"{"kind":"copy"}"#)
        );
    }

    #[test]
    fn what_is_not_as_agreed_says_nothing() {
        assert_eq!(read("recapt:context", r#"{"userAgent":"x"}"#), None);
        assert_eq!(read("recapt:effect", r#""print""#), None);
        assert_eq!(
            read("recapt:script", r#"{"what":"dance"}"#),
            Some(Body::Other)
        );
    }
}
