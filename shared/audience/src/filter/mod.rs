//! An audience: conditions that all or any must hold.

pub mod condition;
pub mod field;
pub mod value;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use condition::Condition;
use field::Field;
use value::Value;

/// How deep groups may lie in groups.
pub const MAX_DEPTH: usize = 5;

/// Most conditions of an audience.
pub const MAX_CONDITIONS: usize = 50;

/// Who is meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Everything holds.
    All(Vec<Filter>),
    /// Something holds.
    Any(Vec<Filter>),
    /// This holds.
    Condition(Condition),
}

/// The JSON says no audience. The text is for whoever wrote it, and names the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct InvalidFilter {
    /// As in `all[2].any[0]`.
    pub place: String,
    /// What is wrong there.
    pub problem: String,
}

/// What is known of somebody.
pub trait Facts {
    /// The values that a field has: none where nothing is known, several where there are several companies,
    /// tags or segments.
    fn values(&self, field: &Field) -> Vec<Value>;
}

impl Filter {
    /// Reads an audience: `{"all"|"any": […]}` or one condition `{"field", "op", "value"}`.
    ///
    /// # Errors
    /// [`InvalidFilter`] with the place and the problem.
    pub fn parse(json: &Json) -> Result<Self, InvalidFilter> {
        let mut conditions = 0;
        let filter = parse(json, "audience", 0, &mut conditions)?;
        if conditions == 0 {
            // A filter without a condition means everybody, which nobody may mean by mistake.
            return Err(invalid("audience", "has no condition"));
        }
        Ok(filter)
    }

    /// Whether somebody is meant. A condition on a field with several values holds when it holds for one.
    #[must_use]
    pub fn matches(&self, facts: &impl Facts, now: Timestamp) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.matches(facts, now)),
            Self::Any(filters) => filters.iter().any(|filter| filter.matches(facts, now)),
            Self::Condition(condition) => condition.holds(facts, now),
        }
    }

    /// Every field that it asks for.
    #[must_use]
    pub fn fields(&self) -> Vec<&Field> {
        match self {
            Self::All(filters) | Self::Any(filters) => {
                filters.iter().flat_map(Self::fields).collect()
            }
            Self::Condition(condition) => vec![&condition.field],
        }
    }

    /// The JSON that [`Filter::parse`] reads.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let group = |filters: &[Self]| filters.iter().map(Self::to_json).collect::<Vec<_>>();
        match self {
            Self::All(filters) => json!({ "all": group(filters) }),
            Self::Any(filters) => json!({ "any": group(filters) }),
            Self::Condition(condition) => condition.to_json(),
        }
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

fn parse(
    json: &Json,
    place: &str,
    depth: usize,
    conditions: &mut usize,
) -> Result<Filter, InvalidFilter> {
    let Json::Object(fields) = json else {
        return Err(invalid(place, "is no object"));
    };
    let mut group = None;
    for kind in ["all", "any"] {
        if let Some(list) = fields.get(kind) {
            if group.is_some() || fields.len() > 1 {
                return Err(invalid(place, "says more than `all` or `any`"));
            }
            group = Some((kind, list));
        }
    }
    let Some((kind, list)) = group else {
        *conditions += 1;
        if *conditions > MAX_CONDITIONS {
            let problem = format!("is more than {MAX_CONDITIONS} conditions");
            return Err(invalid(place, problem));
        }
        let condition = Condition::parse(fields).map_err(|problem| invalid(place, problem))?;
        return Ok(Filter::Condition(condition));
    };
    let Json::Array(list) = list else {
        return Err(invalid(&format!("{place}.{kind}"), "is no list"));
    };
    if depth == MAX_DEPTH {
        let problem = format!("lies deeper than {MAX_DEPTH} groups");
        return Err(invalid(place, problem));
    }
    if list.is_empty() {
        return Err(invalid(&format!("{place}.{kind}"), "is empty"));
    }
    let each = list.iter().enumerate().map(|(index, json)| {
        let place = format!("{place}.{kind}[{index}]");
        parse(json, &place, depth + 1, conditions)
    });
    let filters = each.collect::<Result<_, _>>()?;
    Ok(match kind {
        "all" => Filter::All(filters),
        _ => Filter::Any(filters),
    })
}

fn invalid(place: &str, problem: impl Into<String>) -> InvalidFilter {
    InvalidFilter {
        place: place.to_owned(),
        problem: problem.into(),
    }
}
