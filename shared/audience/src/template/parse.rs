//! From a text to its pieces.

use super::{InvalidTemplate, MAX_BYTES, MAX_VARIABLES, Piece, Variable};
use crate::filter::field::{Field, OwnField};

/// What of a contact's own may stand in a message: what they would say of themselves.
const OWN: [OwnField; 7] = [
    OwnField::Name,
    OwnField::Email,
    OwnField::ExternalId,
    OwnField::Phone,
    OwnField::City,
    OwnField::Country,
    OwnField::SignedUpAt,
];

pub(super) fn pieces(source: &str) -> Result<Vec<Piece>, InvalidTemplate> {
    if source.len() > MAX_BYTES {
        return Err(InvalidTemplate::TooLong);
    }
    let mut pieces = Vec::new();
    let mut rest = source;
    let mut variables = 0;
    while let Some(start) = rest.find("{{") {
        let (text, after) = rest.split_at(start);
        let place = source.len() - after.len();
        let place = source[..place].chars().count() + 1;
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        let (inner, length) = inside(&after[2..]).ok_or(InvalidTemplate::Unclosed(place))?;
        variables += 1;
        if variables > MAX_VARIABLES {
            return Err(InvalidTemplate::TooManyVariables);
        }
        pieces.push(piece(inner, place)?);
        rest = &after[2 + length..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// What stands before the next `}}` that is in no quotes, and how much of the text that took.
fn inside(text: &str) -> Option<(&str, usize)> {
    let mut quote: Option<&str> = None;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if quote.is_none() && rest.starts_with("}}") {
            return Some((&text[..at], at + 2));
        }
        let opened = QUOTES.iter().find(|(open, _)| rest.starts_with(open));
        match quote {
            Some(close) if rest.starts_with(close) => {
                at += close.len();
                quote = None;
            }
            None if opened.is_some() => {
                let (open, close) = opened?;
                at += open.len();
                quote = Some(*close);
            }
            _ => at += rest.chars().next()?.len_utf8(),
        }
    }
    None
}

/// Quotes as people type them, as editors beautify them, and as HTML has them.
const QUOTES: [(&str, &str); 4] = [
    ("\"", "\""),
    ("\u{201c}", "\u{201d}"),
    ("&quot;", "&quot;"),
    ("'", "'"),
];

fn piece(inner: &str, place: usize) -> Result<Piece, InvalidTemplate> {
    let (name, fallback) = match inner.split_once('|') {
        Some((name, fallback)) => (name, Some(fallback)),
        None => (inner, None),
    };
    let variable = variable(name.trim()).ok_or(InvalidTemplate::UnknownVariable(place))?;
    let fallback = fallback.map(|text| self::fallback(text.trim()));
    let fallback = match fallback {
        Some(None) => return Err(InvalidTemplate::NoFallback(place)),
        Some(fallback) => fallback,
        None => None,
    };
    Ok(Piece::Variable { variable, fallback })
}

fn fallback(text: &str) -> Option<String> {
    let text = text.strip_prefix("fallback")?.trim_start();
    let text = text.strip_prefix(':')?.trim_start();
    let quoted = QUOTES
        .iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))?;
    Some(quoted.to_owned())
}

fn variable(name: &str) -> Option<Variable> {
    match name {
        "first_name" => return Some(Variable::FirstName),
        "last_name" => return Some(Variable::LastName),
        "user_id" => return Some(Variable::Own(OwnField::ExternalId)),
        _ => {}
    }
    match name.parse().ok()? {
        Field::Own(field) if OWN.contains(&field) => Some(Variable::Own(field)),
        Field::Company(field) => Some(Variable::Company(field)),
        Field::Custom(name) => Some(Variable::Custom(name)),
        Field::CompanyCustom(name) => Some(Variable::CompanyCustom(name)),
        _ => None,
    }
}
