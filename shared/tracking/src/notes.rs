//! What is noted while a plan is made: what is not told, or told otherwise.

use crate::outcome::Names;
use crate::{Fields, Warning, date};

/// Longest text in a field or an attribute, characters: Intercom's limit.
const MAX_TEXT_CHARS: usize = 255;

/// Warnings while a plan is made: names gathered by kind.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) nested: Names,
    pub(crate) metadata: Names,
    pub(crate) cut: Names,
    pub(crate) renamed: Names,
    pub(crate) attributes: Names,
    pub(crate) fields: Names,
    pub(crate) company: bool,
    pub(crate) companies_cut: bool,
}

impl Notes {
    /// A text that is not too long for a field.
    pub(crate) fn fit(&mut self, name: &str, text: String) -> String {
        if text.len() <= MAX_TEXT_CHARS {
            return text;
        }
        match text.char_indices().nth(MAX_TEXT_CHARS) {
            Some((end, _)) => {
                self.cut.push(name);
                text[..end].to_owned()
            }
            None => text,
        }
    }

    /// The text under the first of these keys.
    pub(crate) fn text(&mut self, fields: &Fields, keys: &[&str]) -> Option<String> {
        let text = fields.first_of(keys)?.to_text()?;
        let name = keys.first().copied().unwrap_or_default();
        Some(self.fit(name, text))
    }

    /// The moment under the first of these keys, in seconds. What is no moment, or none that a field of
    /// Intercom's holds, is left out.
    pub(crate) fn seconds(&mut self, fields: &Fields, keys: &[&str]) -> Option<i64> {
        let said = fields.first_of(keys)?;
        let seconds = date::seconds(said).filter(|seconds| *seconds >= 0);
        if seconds.is_none() {
            self.fields.push(keys.first().copied().unwrap_or_default());
        }
        seconds
    }

    /// What there is to warn of.
    pub(crate) fn into_warnings(self) -> Vec<Warning> {
        type Kind = fn(Names) -> Warning;
        let named: [(Names, Kind); 6] = [
            (self.nested, Warning::NestedLeftOut),
            (self.metadata, Warning::MetadataCut),
            (self.cut, Warning::TextCut),
            (self.renamed, Warning::Renamed),
            (self.attributes, Warning::AttributeLeftOut),
            (self.fields, Warning::FieldLeftOut),
        ];
        let named = named.into_iter().filter(|(names, _)| !names.is_empty());
        let warnings = named.map(|(names, warning)| warning(names));
        warnings
            .chain(self.company.then_some(Warning::CompanyLeftOut))
            .chain(self.companies_cut.then_some(Warning::CompaniesCut))
            .collect()
    }
}
