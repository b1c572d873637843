//! The words of a message: text with `{{ variable | fallback:"…" }}`.

mod parse;

use std::fmt;

use crate::Facts;
use crate::filter::field::{CompanyField, Field, OwnField};
use crate::filter::value::Value;

/// Longest template, bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// Most variables in a template.
pub const MAX_VARIABLES: usize = 100;

/// Longest value that stands for a variable, characters: Intercom's attributes have 255.
const MAX_VALUE: usize = 255;

/// A text with variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable {
        variable: Variable,
        fallback: Option<String>,
    },
}

/// What can stand in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// The first word of the name.
    FirstName,
    /// The rest of the name.
    LastName,
    /// The name, address or id of the contact.
    Own(OwnField),
    /// A company's.
    Company(CompanyField),
    /// An attribute of the workspace's own.
    Custom(String),
    /// A company's attribute of the workspace's own.
    CompanyCustom(String),
}

/// The text is no template. The text is for whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTemplate {
    /// It is too long.
    #[error("a message has at most {MAX_BYTES} bytes")]
    TooLong,
    /// There are too many variables.
    #[error("a message has at most {MAX_VARIABLES} variables")]
    TooManyVariables,
    /// `{{` without `}}`.
    #[error("character {0}: `{{{{` has no `}}}}`")]
    Unclosed(usize),
    /// There is no such variable.
    #[error("character {0}: there is no such variable; see the list in docs/messages.md")]
    UnknownVariable(usize),
    /// What follows the variable is no fallback.
    #[error("character {0}: after the variable only `| fallback:\"…\"` can stand")]
    NoFallback(usize),
}

/// Where a text is rendered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// HTML: values are escaped, so that nobody's name can be a tag.
    Html,
    /// A subject: one line.
    Line,
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// [`InvalidTemplate`] with the place.
    pub fn parse(source: &str) -> Result<Self, InvalidTemplate> {
        Ok(Self {
            source: source.to_owned(),
            pieces: parse::pieces(source)?,
        })
    }

    /// As it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Writes it for somebody. Where nothing is known, the fallback stands; without one nothing does.
    #[must_use]
    pub fn render(&self, facts: &impl Facts, context: Context) -> String {
        let mut rendered = String::with_capacity(self.source.len());
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => rendered.push_str(text),
                Piece::Variable { variable, fallback } => {
                    let value = variable.value(facts).or_else(|| fallback.clone());
                    let value = value.unwrap_or_default();
                    match context {
                        Context::Html => push_escaped(&mut rendered, &value),
                        Context::Line => rendered.push_str(&value),
                    }
                }
            }
        }
        match context {
            Context::Html => rendered,
            Context::Line => one_line(&rendered),
        }
    }

    /// The variables without a fallback: whoever has no value there reads a gap.
    pub fn without_fallback(&self) -> impl Iterator<Item = &Variable> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable {
                variable,
                fallback: None,
            } => Some(variable),
            _ => None,
        })
    }
}

impl Variable {
    fn value(&self, facts: &impl Facts) -> Option<String> {
        let first = |field| facts.values(&field).into_iter().find_map(written);
        let name = || first(Field::Own(OwnField::Name));
        match self {
            Self::FirstName => Some(name()?.split_whitespace().next()?.to_owned()),
            Self::LastName => {
                let name = name()?;
                let (_, last) = name.split_once(char::is_whitespace)?;
                Some(last.trim().to_owned()).filter(|last| !last.is_empty())
            }
            Self::Own(field) => first(Field::Own(*field)),
            Self::Company(field) => first(Field::Company(*field)),
            Self::Custom(name) => first(Field::Custom(name.clone())),
            Self::CompanyCustom(name) => first(Field::CompanyCustom(name.clone())),
        }
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstName => formatter.write_str("first_name"),
            Self::LastName => formatter.write_str("last_name"),
            Self::Own(field) => write!(formatter, "{}", Field::Own(*field)),
            Self::Company(field) => write!(formatter, "{}", Field::Company(*field)),
            Self::Custom(name) => write!(formatter, "custom.{name}"),
            Self::CompanyCustom(name) => write!(formatter, "company.custom.{name}"),
        }
    }
}

/// A value as people read it; `None` when there is nothing to read.
fn written(value: Value) -> Option<String> {
    let text = match value {
        Value::Text(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Time(at) => at.strftime("%b %-d, %Y").to_string(),
    };
    let text = one_line(&text);
    (!text.is_empty()).then(|| text.chars().take(MAX_VALUE).collect())
}

/// Without control characters, and with one blank where there were several.
fn one_line(text: &str) -> String {
    let words = text.split(|char: char| char.is_whitespace() || char.is_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn push_escaped(rendered: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '&' => rendered.push_str("&amp;"),
            '<' => rendered.push_str("&lt;"),
            '>' => rendered.push_str("&gt;"),
            '"' => rendered.push_str("&quot;"),
            '\'' => rendered.push_str("&#39;"),
            char => rendered.push(char),
        }
    }
}
