//! JSON to events: lists, objects around lists, events as text, packed or in base64.

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::STANDARD;

use super::{Reading, Take, foreign, log_records, seconds, slices, span_events};
use crate::chunk::Item;
use crate::error::{ChunkError, Fault};
use crate::event::{self, Parsed};
use crate::inflate::is_packed;
use crate::json::{Cursor, Kind, RawStr};

/// How text is written that holds bytes.
const BASE64: GeneralPurpose = STANDARD;

impl Reading {
    /// Values one after another: one list, or lines.
    pub(super) fn text<'a>(
        &mut self,
        text: &'a str,
        take: &mut (impl FnMut(Item<'a>) + ?Sized),
    ) -> Result<(), Fault> {
        let mut cursor = Cursor::new(text.strip_prefix('\u{FEFF}').unwrap_or(text));
        while !cursor.is_at_end() {
            self.value(&mut cursor, take)?;
        }
        Ok(())
    }

    fn value<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        take: &mut (impl FnMut(Item<'a>) + ?Sized),
    ) -> Result<(), Fault> {
        match cursor.kind()? {
            Kind::Object => self.object(cursor, take),
            Kind::Array => self.list(cursor, take),
            Kind::String => {
                let string = cursor.string()?;
                self.string(string, &mut |item| take(item))
            }
            _ => {
                self.others += 1;
                cursor.skip()
            }
        }
    }

    /// A list of events; of lists, too: segments as Sentry's API answers them.
    fn list<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        take: &mut (impl FnMut(Item<'a>) + ?Sized),
    ) -> Result<(), Fault> {
        self.has_list = true;
        cursor.array(|cursor| match cursor.kind()? {
            Kind::Object => self.object(cursor, take),
            Kind::Array => {
                let mut list = cursor.clone();
                cursor.skip()?;
                self.within(|reading| reading.list(&mut list, take))
            }
            _ => self.value(cursor, take),
        })
    }

    #[inline]
    fn object<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        take: &mut (impl FnMut(Item<'a>) + ?Sized),
    ) -> Result<(), Fault> {
        cursor.skip_whitespace();
        let start = cursor.position();
        let before = cursor.clone();
        match event::parse(cursor)? {
            Parsed::Event(event) => {
                let text = cursor.since(start);
                self.evidence.look(&event, text)?;
                self.events += 1;
                take(Item::Plain { text, event });
                Ok(())
            }
            other => self.no_plain_event(&other, before, cursor, &mut |item| take(item)),
        }
    }

    /// An object that has to be rewritten before it is an event, or that is none.
    #[cold]
    fn no_plain_event<'a>(
        &mut self,
        parsed: &Parsed<'_>,
        mut before: Cursor<'a>,
        cursor: &mut Cursor<'a>,
        take: Take<'_, 'a>,
    ) -> Result<(), Fault> {
        match parsed {
            Parsed::Compressed => {
                let text = self.inflater.expand(&mut before)?;
                self.unpacked(text, take)
            }
            Parsed::InSeconds => {
                let text = seconds::in_milliseconds(&mut before)?;
                self.unpacked(text, take)
            }
            _ => {
                let mut object = before.clone();
                let keys = Keys::of(&mut before)?;
                *cursor = before;
                self.within(|reading| reading.wrapper(&mut object, &keys, take))
            }
        }
    }

    /// An object that is no event: a vendor's own, or one around lists of events.
    fn wrapper<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        keys: &Keys,
        take: Take<'_, 'a>,
    ) -> Result<(), Fault> {
        if let Some(format) = foreign::wrapper(&mut cursor.clone(), keys)? {
            return Err(ChunkError::NotRrweb { format }.into());
        }
        if keys.has(&["rrweb_events", "sliced_id"]) {
            return match slices::slice(cursor)? {
                Some(slice) => self.fragment(slice, take),
                None => Ok(()),
            };
        }
        if keys.has(&["timeUnixNano", "attributes", "name"])
            && let Some(text) = span_events::event(&mut cursor.clone())?
        {
            return self.unpacked(text, take);
        }
        if keys.has(&["body", "attributes"])
            && let Some(record) = log_records::in_json(&mut cursor.clone())?
        {
            return self.log_record(record, take);
        }
        let (events, had_list) = (self.events, self.has_list);
        self.has_list = false;
        cursor.object(|cursor, _| match cursor.kind()? {
            Kind::Object => self.object(cursor, take),
            Kind::Array => self.list(cursor, take),
            Kind::String => {
                let string = cursor.string()?;
                self.string(string, take)
            }
            _ => cursor.skip(),
        })?;
        if self.events == events && !self.has_list {
            self.others += 1;
        }
        self.has_list |= had_list;
        Ok(())
    }

    /// A packed event, a text that holds events, or anything else.
    fn string(&mut self, string: RawStr<'_>, take: Take<'_, '_>) -> Result<(), Fault> {
        self.written(&string.decode(), take)
    }

    /// What a text holds that was written into something else.
    pub(super) fn written(&mut self, text: &str, take: Take<'_, '_>) -> Result<(), Fault> {
        if let Some(text) = self.inflater.unpack(text)? {
            return self.unpacked(text, take);
        }
        if text.trim_start().starts_with('[') {
            self.inflater.spend(text.len())?;
            return self.owned_text(text, take);
        }
        let Some(packed) = bytes_in(text) else {
            self.others += 1;
            return Ok(());
        };
        let unpacked = match self.inflater.bytes(&packed) {
            Ok((unpacked, _)) => unpacked,
            // A word may begin as zlib does in base64; none begins as gzip.
            Err(fault) if *fault == ChunkError::BrokenPack && packed.first() == Some(&b'x') => {
                self.others += 1;
                return Ok(());
            }
            Err(fault) => return Err(fault),
        };
        self.within(|reading| {
            reading.perhaps(|reading| reading.bytes(&unpacked, &mut |item| take(item.into_owned())))
        })
    }

    /// A text that was made on the way: one event, or what holds some.
    pub(super) fn unpacked(&mut self, text: String, take: Take<'_, '_>) -> Result<(), Fault> {
        let mut cursor = Cursor::new(&text);
        if let Ok(Parsed::Event(event)) = event::parse(&mut cursor)
            && cursor.is_at_end()
        {
            self.evidence.look(&event, &text)?;
            self.events += 1;
            self.is_plain = false;
            let at = event.at;
            take(Item::Unpacked { text, at });
            return Ok(());
        }
        self.inflater.spend(text.len())?;
        self.owned_text(&text, take)
    }

    fn owned_text(&mut self, text: &str, take: Take<'_, '_>) -> Result<(), Fault> {
        self.within(|reading| {
            let take: Take<'_, '_> = &mut |item| take(item.into_owned());
            reading.perhaps(|reading| reading.text(text, take))
        })
    }
}

/// The packed bytes that the text writes in base64, if it is such a text.
fn bytes_in(text: &str) -> Option<Vec<u8>> {
    /// No stream is shorter.
    const SHORTEST: usize = 24;
    // Most texts are none: the header tells before all is decoded.
    let header = text.get(..4).filter(|_| text.len() >= SHORTEST)?;
    is_packed(&BASE64.decode(header).ok()?)
        .then(|| BASE64.decode(text.trim_end()).ok())
        .flatten()
}

/// The keys of an object that tell what it is.
pub(super) struct Keys(u32);

const TELLING: [&str; 14] = [
    "timeUnixNano",
    "attributes",
    "name",
    "body",
    "records",
    "records_count",
    "creation_reason",
    "e",
    "a",
    "p",
    "Evts",
    "When",
    "rrweb_events",
    "sliced_id",
];

impl Keys {
    fn of(cursor: &mut Cursor<'_>) -> Result<Self, Fault> {
        let mut keys = 0;
        cursor.object(|cursor, key| {
            if let Some(bit) = TELLING.iter().position(|telling| *telling == key) {
                keys |= 1 << bit;
            }
            cursor.skip()
        })?;
        Ok(Self(keys))
    }

    /// Whether all of them are there.
    pub(super) fn has(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| {
            let bit = TELLING.iter().position(|telling| telling == key);
            bit.is_some_and(|bit| self.0 & (1 << bit) != 0)
        })
    }
}
