//! What is known of an event: ten keys, flat.

use std::borrow::Cow;

use intercom::write::Metadata;
use serde_json::{Value, json};

use crate::attributes::is_too_long;
use crate::notes::Notes;
use crate::plan::Identifiers;
use crate::settings::Nested;
use crate::{Fields, Json, SourceSettings, TrackedEvent, date};

/// How many keys Intercom keeps: the first ones.
const MAX_KEYS: usize = 10;
/// Under which Intercom is told what was paid.
const PRICE: &str = "price";

pub(super) fn metadata(
    event: &TrackedEvent,
    person: &Identifiers,
    settings: &SourceSettings,
    notes: &mut Notes,
) -> Metadata {
    let properties = &event.properties;
    let paid = Paid::of(event, settings);
    // An address that says whose the event is says nothing more about it.
    let is_whose = person.external_id.is_none()
        && person.email.as_deref()
            == properties
                .get("email")
                .and_then(Json::as_text)
                .map(str::trim);
    let mut writer = Writer {
        pairs: Vec::with_capacity(properties.len().min(MAX_KEYS)),
        settings,
        notes,
    };
    for (key, value) in properties.iter() {
        match (&paid, key) {
            (Some(paid), key) if key == paid.key => writer.put(PRICE, paid.price()),
            (Some(_), "currency") => {}
            (Some(_), PRICE) => {
                if !matches!(value, Json::Null) {
                    writer.notes.fields.push(PRICE);
                }
            }
            (_, "email") if is_whose => {}
            (_, key) => writer.add(key, value),
        }
    }
    Metadata(writer.pairs)
}

/// Money that an event brought.
struct Paid {
    /// The property that says how much.
    key: &'static str,
    amount: i64,
    /// Its code, as Intercom writes it.
    currency: String,
}

impl Paid {
    /// `revenue`, or the `total` of an order that was completed and says no other. Less than nothing is a
    /// number like others, since Intercom takes no such amount; so is what is said in a currency without a
    /// code.
    fn of(event: &TrackedEvent, settings: &SourceSettings) -> Option<Self> {
        let properties = &event.properties;
        let amount = |key: &str| amount(properties.get(key)?);
        let order = || is_completed_order(event.event.as_deref().unwrap_or_default());
        let revenue = amount("revenue");
        let total = || amount("total").filter(|_| revenue.unwrap_or_default() == 0 && order());
        let (key, amount) = match total() {
            Some(total) => ("total", total),
            None => ("revenue", revenue?),
        };
        let said = properties
            .get("currency")
            .and_then(Json::as_text)
            .map(str::trim);
        let currency = said
            .filter(|text| !text.is_empty())
            .unwrap_or(&settings.currency);
        Some(Self {
            key,
            amount,
            currency: currency_code(currency)?,
        })
    }

    fn price(&self) -> Value {
        json!({ "amount": self.amount, "currency": self.currency })
    }
}

/// In hundredths, as Intercom counts in every currency: 19.99 is 1999.
fn amount(value: &Json) -> Option<i64> {
    let hundredths = (value.as_number()? * 100.0).round();
    #[allow(clippy::cast_possible_truncation)]
    // It is whole, and within what a double holds exactly.
    (0.0..=9e15)
        .contains(&hundredths)
        .then_some(hundredths as i64)
}

/// A currency as Intercom writes it: `eur`. `None` for what is no code.
fn currency_code(text: &str) -> Option<String> {
    let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_code.then(|| text.to_lowercase())
}

/// As Segment knows it: in any case, in either order, with or without what separates the words.
fn is_completed_order(name: &str) -> bool {
    let letters = name.chars().filter(|char| !matches!(char, ' ' | '_'));
    let letters = letters.collect::<String>().to_lowercase();
    letters == "ordercompleted" || letters == "completedorder"
}

struct Writer<'a> {
    pairs: Vec<(String, Value)>,
    settings: &'a SourceSettings,
    notes: &'a mut Notes,
}

impl Writer<'_> {
    fn add(&mut self, key: &str, value: &Json) {
        if is_too_long(key) {
            self.notes.metadata.push(key);
            return;
        }
        match value {
            Json::Null => {}
            Json::Bool(flag) => self.put(key, flag.to_string().into()),
            Json::Text(text) => match date::of_iso(text) {
                Some(moment) => self.put(&date_key(key), date::whole_seconds(moment).into()),
                None => self.put(key, text.as_str().into()),
            },
            Json::Integer(number) => self.put(key, (*number).into()),
            Json::Real(number) => self.put(key, (*number).into()),
            Json::Object(fields) => match self.whole(key, fields) {
                Some(object) => self.put(key, object),
                None if self.settings.nested == Nested::Drop => self.notes.nested.push(key),
                None => {
                    for (name, value) in fields.iter() {
                        self.add(&format!("{key}_{name}"), value);
                    }
                }
            },
            Json::List(_) if self.settings.nested == Nested::Drop => self.notes.nested.push(key),
            Json::List(values) => {
                for (at, value) in values.iter().enumerate() {
                    self.add(&format!("{key}_{at}"), value);
                }
            }
        }
    }

    /// Objects that Intercom knows: a link and an amount of money. With more in it, it is one of these where
    /// the source says so, and where it would be left out otherwise.
    fn whole(&mut self, key: &str, fields: &Fields) -> Option<Value> {
        let known = link(fields).or_else(|| money(fields))?;
        let has_more = fields.len() > 2;
        if has_more && !self.settings.rich_links.iter().any(|name| name == key) {
            if self.settings.nested == Nested::Flatten {
                return None;
            }
            self.notes.nested.push(key);
        }
        Some(known)
    }

    fn put(&mut self, key: &str, value: Value) {
        if key.is_empty() {
            return;
        }
        if let Some((_, there)) = self.pairs.iter_mut().find(|(there, _)| there == key) {
            *there = value;
        } else if self.pairs.len() < MAX_KEYS {
            self.pairs.push((key.to_owned(), value));
        } else {
            self.notes.metadata.push(key);
        }
    }
}

fn link(fields: &Fields) -> Option<Value> {
    let url = fields.get("url")?.as_text()?;
    let value = fields.get("value")?.to_text()?;
    Some(json!({ "url": url, "value": value }))
}

/// Its amount is in hundredths already.
fn money(fields: &Fields) -> Option<Value> {
    let currency = currency_code(fields.get("currency")?.as_text()?)?;
    let amount = match fields.get("amount")? {
        Json::Integer(amount) => Some(*amount),
        #[allow(clippy::cast_possible_truncation)] // `as` saturates.
        Json::Real(amount) => Some(amount.round() as i64),
        _ => None,
    };
    let amount = amount.filter(|amount| *amount >= 0)?;
    Some(json!({ "amount": amount, "currency": currency }))
}

/// Intercom takes a number for a date where the key ends in `_date`, and did so for `_at`.
fn date_key(key: &str) -> Cow<'_, str> {
    if key.ends_with("_date") || key.ends_with("_at") {
        Cow::Borrowed(key)
    } else {
        Cow::Owned(format!("{key}_date"))
    }
}
