//! What happened, as the viewer says it: on the page and in what its script loads.

use pages::{format, words};
use replay::{Moment, MomentKind};
use serde::Serialize;

/// A moment with the words of its row.
#[derive(Debug, Serialize)]
pub(crate) struct ShownMoment<'a> {
    #[serde(flatten)]
    pub(crate) moment: &'a Moment,
    pub(crate) text: String,
    /// How long nobody did anything, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_ms: Option<u64>,
}

impl<'a> ShownMoment<'a> {
    pub(crate) fn new(moment: &'a Moment) -> Self {
        Self {
            moment,
            text: text(moment),
            idle_ms: moment.idle_ms(),
        }
    }

    pub(crate) fn all(moments: &'a [Moment]) -> Vec<Self> {
        moments.iter().map(Self::new).collect()
    }

    /// The page's signs are named so.
    pub(crate) fn kind(&self) -> &'static str {
        self.moment.kind.name()
    }
}

/// The words of a row, and how often. What a sign alone would tell stands in them.
fn text(moment: &Moment) -> String {
    let text = words::moment(moment);
    match (moment.count, moment.last_at_ms) {
        // Fields are counted in words already.
        (0 | 1, _) => text,
        (_, None) if moment.kind == MomentKind::Input => text,
        (count, None) => format!("{text} (×{count})"),
        (count, Some(last)) => format!("{text} (×{count}, last at {})", format::offset(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(kind: MomentKind, label: &str, count: u64, last_at_ms: Option<u64>) -> Moment {
        Moment {
            at_ms: 1_000,
            kind,
            label: label.to_owned(),
            count,
            last_at_ms,
            fingerprint: None,
        }
    }

    #[test]
    fn a_row_says_in_words_what_happened_and_how_often() {
        use MomentKind::{ConsoleError, FailedRequest, Idle, Input, JsError, Page, RageClick};
        for (moment, expected) in [
            (
                moment(Page, "https://shop.example/cart", 1, None),
                "Opened /cart",
            ),
            (
                moment(Page, "https://shop.example/", 1, None),
                "Opened / (front page)",
            ),
            (
                moment(RageClick, "Rage click on \"Buy\"", 5, None),
                "Rage click on \"Buy\" (×5)",
            ),
            (
                moment(JsError, "x is not a function", 38, Some(4_442_000)),
                "JavaScript error: x is not a function (×38, last at 1:14:02)",
            ),
            (moment(ConsoleError, "no", 1, None), "Console error: no"),
            (
                moment(FailedRequest, "GET /api: 500", 1, None),
                "Failed request: GET /api: 500",
            ),
            (moment(Input, "Edited \"Name\"", 3, None), "Edited \"Name\""),
            (moment(Idle, "Idle for 10800 s", 1, None), "Inactive for 3h"),
        ] {
            assert_eq!(ShownMoment::new(&moment).text, expected);
        }
    }

    #[test]
    fn a_script_gets_the_moment_with_its_words() {
        let idle = moment(MomentKind::Idle, "Idle for 60 s", 1, None);
        let shown = serde_json::to_value(ShownMoment::new(&idle)).unwrap();
        assert_eq!(
            shown,
            serde_json::json!({
                "at_ms": 1_000, "kind": "idle", "label": "Idle for 60 s", "count": 1,
                "text": "Inactive for 1m", "idle_ms": 60_000,
            })
        );
    }
}
