//! When what was last said: by that the newest wins, in whatever order things are told. Pure.

use std::collections::BTreeMap;

use identity::OrganizationKey;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::message::MessageKey;

/// When something was said, how long after that it came, where in its request, by which message: of two of
/// one millisecond the one that came later counts, in one request the later one in it, and else always the
/// same, so that everybody agrees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp(String);

impl Stamp {
    pub(crate) fn new(
        (said_at, received_at, position): (Timestamp, Timestamp, u16),
        message: &MessageKey,
    ) -> Self {
        let said = said_at.as_millisecond().max(0);
        let later = received_at.as_millisecond().saturating_sub(said).max(0);
        // 49 days: of what came even later, nobody knows which came first.
        let later = u32::try_from(later).unwrap_or(u32::MAX);
        let message = message.to_string();
        Self(format!(
            "{said:015}{later:08x}{position:05}{}",
            &message[..8]
        ))
    }
}

/// For each thing that was told, when it was said and what it was: a digest with the organization's key, so
/// that nobody who reads the table can try which phone number it is.
#[derive(Debug, Clone)]
pub(crate) struct Marks(pub(crate) BTreeMap<String, String>, Box<OrganizationKey>);

/// What is to be done about a thing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Something newer was said.
    Older,
    /// The same was said before: only the time is new.
    Same,
    /// It is to be told.
    New,
}

impl Marks {
    pub(crate) fn new(marks: BTreeMap<String, String>, key: &OrganizationKey) -> Self {
        Self(marks, Box::new(key.clone()))
    }

    /// Tells values apart without keeping them.
    fn digest_of(&self, value: &Value) -> String {
        let mut digits = self.1.hash_sent(&value.to_string());
        digits.truncate(8);
        digits
    }

    /// What is to be done about a thing that was said.
    pub(crate) fn judge(&self, name: &str, stamp: &Stamp, value: &Value) -> Verdict {
        let Some((told, digest)) = self.0.get(name).and_then(|mark| mark.split_once(':')) else {
            return Verdict::New;
        };
        if stamp.0.as_str() <= told {
            Verdict::Older
        } else if digest == self.digest_of(value) {
            Verdict::Same
        } else {
            Verdict::New
        }
    }

    /// Notes that a thing was told, unless a newer one was.
    pub(crate) fn note(&mut self, name: &str, stamp: &Stamp, value: &Value) {
        if self.judge(name, stamp, value) != Verdict::Older {
            let mark = format!("{}:{}", stamp.0, self.digest_of(value));
            self.0.insert(name.to_owned(), mark);
        }
    }
}

/// The key of the custom attributes in what Intercom is told.
const CUSTOM: &str = "custom_attributes";

/// The things that a body says, each by a name of its own.
pub(crate) fn things(body: &Map<String, Value>) -> impl Iterator<Item = (String, &Value)> {
    let own = body.iter().filter(|(name, _)| *name != CUSTOM);
    let own = own.map(|(name, value)| (name.clone(), value));
    let custom = body.get(CUSTOM).and_then(Value::as_object);
    let custom = custom.into_iter().flatten();
    own.chain(custom.map(|(name, value)| (custom_name(name), value)))
}

/// The same body with those of its things that are wanted.
pub(crate) fn keep(body: &mut Map<String, Value>, is_wanted: impl Fn(&str, &Value) -> bool) {
    body.retain(|name, value| name == CUSTOM || is_wanted(name, value));
    if let Some(Value::Object(custom)) = body.get_mut(CUSTOM) {
        custom.retain(|name, value| is_wanted(&custom_name(name), value));
        if custom.is_empty() {
            body.remove(CUSTOM);
        }
    }
}

/// A custom attribute's name among things. A field of Intercom's own has no dot in it.
pub(crate) fn custom_name(name: &str) -> String {
    format!("c.{name}")
}

#[cfg(test)]
mod tests {
    use identity::{MasterKey, OrganizationId};
    use serde_json::json;

    use super::*;

    fn marks_of(organization: &str) -> Marks {
        let organization = OrganizationId::parse(organization).unwrap();
        let master = MasterKey::new([1; 32]).unwrap();
        Marks::new(BTreeMap::new(), &master.organization(&organization))
    }

    #[test]
    fn a_mark_is_of_no_use_without_the_organizations_key() {
        let digests = ["org_a", "org_b"].map(|organization| {
            let mut marks = marks_of(organization);
            for name in ["phone", "other"] {
                marks.note(name, &stamp(1, "m-1"), &json!("+353871234567"));
            }
            assert_eq!(
                marks.0["phone"], marks.0["other"],
                "the same value is known again"
            );
            marks.0["phone"].clone()
        });
        assert_ne!(digests[0], digests[1]);
    }

    fn stamp(milliseconds: i64, message: &str) -> Stamp {
        let at = Timestamp::from_millisecond(milliseconds).unwrap();
        Stamp::new((at, at, 0), &MessageKey::of(message))
    }

    #[test]
    fn the_newest_wins_in_whatever_order_and_of_one_moment_always_the_same() {
        let said = [(2, "a", "x"), (1, "b", "y"), (2, "c", "z"), (3, "d", "x")];
        let orders: [[usize; 4]; 4] = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]];
        let ends = orders.map(|order| {
            let mut marks = marks_of("org_a");
            for index in order {
                let (at, message, value) = said[index];
                marks.note("name", &stamp(at, message), &json!(value));
            }
            marks.0
        });
        assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
    }

    #[test]
    fn of_one_moment_the_later_one_in_its_request_counts() {
        let at = Timestamp::UNIX_EPOCH;
        for message in ["a", "b", "c", "d"] {
            let stamp = |position| Stamp::new((at, at, position), &MessageKey::of(message));
            let mut marks = marks_of("org_a");
            marks.note("name", &stamp(10), &json!("x"));
            let later = Stamp::new((at, at, 11), &MessageKey::of("e"));
            assert_eq!(marks.judge("name", &later, &json!("y")), Verdict::New);
            assert_eq!(marks.judge("name", &stamp(9), &json!("y")), Verdict::Older);
        }
    }

    #[test]
    fn what_was_said_before_is_told_apart_from_news() {
        let mut marks = marks_of("org_a");
        let judge =
            |marks: &Marks, at, value| marks.judge("c.plan", &stamp(at, "m"), &json!(value));
        assert_eq!(judge(&marks, 5, "pro"), Verdict::New);
        marks.note("c.plan", &stamp(5, "m"), &json!("pro"));
        assert_eq!(judge(&marks, 5, "pro"), Verdict::Older, "the very message");
        assert_eq!(judge(&marks, 4, "free"), Verdict::Older);
        assert_eq!(judge(&marks, 6, "pro"), Verdict::Same);
        assert_eq!(judge(&marks, 6, "free"), Verdict::New);
    }

    #[test]
    fn a_body_is_cut_down_to_what_is_wanted() {
        let body = json!({"name": "Ada", "phone": "1", "custom_attributes": {"name": 1, "b": 2}});
        let Value::Object(mut body) = body else {
            unreachable!()
        };
        let mut names: Vec<_> = things(&body).map(|(name, _)| name).collect();
        names.sort();
        assert_eq!(names, ["c.b", "c.name", "name", "phone"]);
        keep(&mut body, |name, _| name == "name" || name == "c.b");
        assert_eq!(
            json!(body),
            json!({"name": "Ada", "custom_attributes": {"b": 2}})
        );
        keep(&mut body, |name, _| name == "name");
        assert_eq!(json!(body), json!({"name": "Ada"}));
    }
}
