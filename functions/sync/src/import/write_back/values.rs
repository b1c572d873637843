//! What is written: names of attributes, and their values. Pure.

use intercom::HttpsUrl;
use intercom::rest::{AttributeType, Model};
use jiff::Timestamp;
use mirror::{ContactFigures, Figures};
use serde_json::{Map, Value, json};

/// Longest text that Intercom keeps in an attribute, characters.
const MAX_CHARS: usize = 255;

/// The names. What companies have, people cannot have: Intercom lets them share no name.
struct Names {
    sessions: &'static str,
    rage_clicks: &'static str,
    errors: &'static str,
    last_session_at: &'static str,
}

const COMPANY: Names = Names {
    sessions: "Recapt Sessions 30d",
    rage_clicks: "Recapt Rage clicks 30d",
    errors: "Recapt Errors 30d",
    last_session_at: "Recapt Last session at",
};

const PERSON: Names = Names {
    sessions: "Recapt Person sessions 30d",
    rage_clicks: "Recapt Person rage clicks 30d",
    errors: "Recapt Person errors 30d",
    last_session_at: "Recapt Person last session at",
};

/// Where a person's last session is watched.
const LAST_SESSION: &str = "Recapt Last session";

/// The attributes of companies, or of people, as they are made.
pub(super) fn attributes(model: Model) -> Vec<(&'static str, AttributeType)> {
    let names = match model {
        Model::Company => COMPANY,
        Model::Contact => PERSON,
    };
    let mut attributes = vec![
        (names.sessions, AttributeType::Integer),
        (names.rage_clicks, AttributeType::Integer),
        (names.errors, AttributeType::Integer),
        (names.last_session_at, AttributeType::Date),
    ];
    if model == Model::Contact {
        attributes.push((LAST_SESSION, AttributeType::String));
    }
    attributes
}

/// What is written of a company.
pub(super) fn of_company(figures: &Figures) -> Map<String, Value> {
    let counts = (figures.sessions, figures.rage_clicks, figures.errors);
    values(&COMPANY, counts, figures.last_session_at)
}

/// What is written of a person. Without a link of theirs there is none at Intercom: the recording is gone.
pub(super) fn of_person(
    figures: &ContactFigures,
    recording: Option<&HttpsUrl>,
) -> Map<String, Value> {
    let counts = (figures.sessions, figures.rage_clicks, figures.errors);
    let last = figures.last_session.as_ref().map(|(at, _)| *at);
    let link = recording.map(HttpsUrl::as_str);
    let link = link.filter(|link| link.chars().count() <= MAX_CHARS);
    let mut values = values(&PERSON, counts, last);
    values.insert(LAST_SESSION.to_owned(), json!(link));
    values
}

/// Whether there is nothing to say: nothing was ever recorded.
pub(super) fn are_nothing(values: &Map<String, Value>) -> bool {
    let is_nothing = |value: &Value| value.is_null() || value.as_u64() == Some(0);
    values.values().all(is_nothing)
}

/// `null` takes a value away.
fn values(
    names: &Names,
    (sessions, rage_clicks, errors): (u64, u64, u64),
    last_session_at: Option<Timestamp>,
) -> Map<String, Value> {
    let values = [
        (names.sessions, json!(sessions)),
        (names.rage_clicks, json!(rage_clicks)),
        (names.errors, json!(errors)),
        (
            names.last_session_at,
            json!(last_session_at.map(Timestamp::as_second)),
        ),
    ];
    let values = values.into_iter();
    values
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn companies_and_people_share_no_name_and_all_that_is_written_is_made() {
        let made = |model| {
            let made = attributes(model).into_iter();
            made.map(|(name, _)| name.to_owned())
                .collect::<BTreeSet<_>>()
        };
        let names = |values: Map<String, Value>| values.into_iter().map(|(name, _)| name).collect();
        let (companies, people) = (made(Model::Company), made(Model::Contact));
        assert!(companies.is_disjoint(&people));
        assert_eq!(companies, names(of_company(&Figures::default())));
        assert_eq!(people, names(of_person(&ContactFigures::default(), None)));
    }

    #[test]
    fn a_link_that_intercom_would_cut_is_not_written() {
        let link = |length: usize| {
            let link = format!("https://player.example/{}", "a".repeat(length));
            let values = of_person(
                &ContactFigures::default(),
                HttpsUrl::parse(&link).ok().as_ref(),
            );
            values[LAST_SESSION].is_string()
        };
        assert!(link(200));
        assert!(!link(300));
    }
}
