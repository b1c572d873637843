//! What the visitor does: the pointer, the focus, fields, scrolls, media, selections.

use super::{Body, Pointer, PointerAction, node_id, pixels};
use crate::error::Fault;
use crate::json::{Cursor, Kind, RawStr};

/// Nothing is read of it but when it began, and there is much of it.
pub(super) fn moved<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<Body<'a>, Fault> {
    let mut began = None;
    if begun && cursor.take_literal(b",\"positions\":") {
        cursor.array_if_any(|cursor| position(cursor, &mut began))?;
    }
    cursor.rest_of_object(begun, |cursor, key| match key {
        "positions" => cursor.array_if_any(|cursor| position(cursor, &mut began)),
        _ => cursor.skip(),
    })?;
    let began_ms = -began.unwrap_or_default().clamp(-3.6e6, 0.0);
    Ok(Body::Moved {
        began_ms: began_ms as u32,
    })
}

/// A place of the mouse; `began` takes the time of the first one, relative to the event.
fn position(cursor: &mut Cursor<'_>, began: &mut Option<f64>) -> Result<(), Fault> {
    if cursor.kind()? != Kind::Object {
        return cursor.skip();
    }
    let mut time = |cursor: &mut Cursor<'_>| match began {
        Some(_) => cursor.skip_likely_number(),
        None => {
            *began = Some(cursor.number_if_any()?.unwrap_or_default());
            Ok(())
        }
    };
    cursor.open_object()?;
    let begun = cursor.take_literal(b"\"x\":");
    if begun {
        cursor.skip_likely_number()?;
        if cursor.take_literal(b",\"y\":") {
            cursor.skip_likely_number()?;
        }
        if cursor.take_literal(b",\"id\":") {
            cursor.skip_likely_number()?;
        }
        if cursor.take_literal(b",\"timeOffset\":") {
            time(cursor)?;
        }
    }
    cursor.rest_of_object(begun, |cursor, key| match key {
        "timeOffset" => time(cursor),
        _ => cursor.skip(),
    })
}

pub(super) fn pointer<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<Body<'a>, Fault> {
    let mut action = None;
    let (mut id, mut x, mut y) = (0, 0.0, 0.0);
    // Source, type, id: so rrweb writes it. Any other order is read below.
    if begun {
        if cursor.take_literal(b",\"type\":") {
            action = cursor.number_if_any()?.map(|number| number as u8);
        }
        if cursor.take_literal(b",\"id\":") {
            id = node_id(cursor)?;
        }
        if !is_click(action) {
            // Where a press or release was is written with many digits and nobody asks for it.
            for coordinate in [b",\"x\":", b",\"y\":"] {
                if cursor.take_literal(coordinate) {
                    cursor.skip_likely_number()?;
                }
            }
        }
    }
    cursor.rest_of_object(begun, |cursor, key| {
        match key {
            "type" => action = cursor.number_if_any()?.map(|number| number as u8),
            "id" => id = node_id(cursor)?,
            "x" if is_click(action) => x = coordinate(cursor)?,
            "y" if is_click(action) => y = coordinate(cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    let action = match action {
        Some(1 | 7) => PointerAction::Press,
        Some(2) => PointerAction::Click,
        // A context menu (3) is the browser's, a double click (4) repeats two clicks.
        Some(0 | 3 | 4 | 8 | 9 | 10) => PointerAction::Release,
        Some(5) => PointerAction::Focus,
        Some(6) => PointerAction::Blur,
        _ => return Ok(Body::Other),
    };
    Ok(Body::Pointer(Pointer { action, id, x, y }))
}

/// Whether a click is told of, as far as it is known by now (recorders tell the type first).
fn is_click(action: Option<u8>) -> bool {
    action.is_none_or(|action| action == 2)
}

fn coordinate(cursor: &mut Cursor<'_>) -> Result<f32, Fault> {
    Ok(cursor.number_if_any()?.unwrap_or_default() as f32)
}

pub(super) fn scroll<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<Body<'a>, Fault> {
    let (mut id, mut x, mut y) = (0, 0.0, 0.0);
    cursor.rest_of_object(begun, |cursor, key| {
        match key {
            "id" => id = node_id(cursor)?,
            "x" => x = coordinate(cursor)?,
            "y" => y = coordinate(cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(Body::Scroll { id, x, y })
}

pub(super) fn resize<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<Body<'a>, Fault> {
    let (mut width, mut height) = (0, 0);
    cursor.rest_of_object(begun, |cursor, key| {
        match key {
            "width" => width = pixels(cursor)?,
            "height" => height = pixels(cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(Body::Resize { width, height })
}

pub(super) fn media<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<Body<'a>, Fault> {
    let mut id = 0;
    cursor.rest_of_object(begun, |cursor, key| match key {
        "id" => node_id(cursor).map(|read| id = read),
        _ => cursor.skip(),
    })?;
    Ok(Body::Media { id })
}

pub(super) fn input<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<Body<'a>, Fault> {
    let (mut id, mut by_user, mut masked) = (0, None, false);
    let is_masked = |text: Option<RawStr<'a>>| text.is_some_and(|text| text.raw().starts_with('*'));
    // So rrweb writes it. Any other order is read below.
    if begun {
        if cursor.take_literal(b",\"text\":") {
            masked = is_masked(cursor.string_if_any()?);
        }
        if cursor.take_literal(b",\"isChecked\":") {
            cursor.skip()?;
        }
    }
    cursor.rest_of_object(begun, |cursor, key| {
        match key {
            "id" => id = node_id(cursor)?,
            "text" => masked = is_masked(cursor.string_if_any()?),
            "userTriggered" => by_user = cursor.bool_if_any()?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(Body::Input {
        id,
        by_user,
        masked,
    })
}

/// A selection with nothing in it (a caret, or masked content) counts as empty.
pub(super) fn selection<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<Body<'a>, Fault> {
    let mut empty = true;
    cursor.rest_of_object(begun, |cursor, key| match key {
        "ranges" => cursor.array_if_any(|cursor| {
            let (mut start, mut end) = ([0.0; 2], [0.0; 2]);
            cursor.object_if_any(|cursor, key| {
                match key {
                    "start" => start[0] = cursor.number_if_any()?.unwrap_or_default(),
                    "startOffset" => start[1] = cursor.number_if_any()?.unwrap_or_default(),
                    "end" => end[0] = cursor.number_if_any()?.unwrap_or_default(),
                    "endOffset" => end[1] = cursor.number_if_any()?.unwrap_or_default(),
                    _ => cursor.skip()?,
                }
                Ok(())
            })?;
            empty &= start == end;
            Ok(())
        }),
        _ => cursor.skip(),
    })?;
    Ok(Body::Selection { empty })
}
