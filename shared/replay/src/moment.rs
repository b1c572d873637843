//! One row of a timeline: what happened at a moment.

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// One row of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds from the session's start.
    pub at_ms: u64,
    /// What kind of moment.
    pub kind: MomentKind,
    /// For people, such as `Rage click on "Add to wishlist"`.
    pub label: String,
    /// Clicks or repeats in it; at least 1.
    pub count: u64,
    /// When it happened last, in a row that stands for several equal ones; `count` is their sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at_ms: Option<u64>,
    /// The problem that it belongs to.
    #[serde(default, alias = "f", skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
}

/// The kinds of moments that a timeline names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The names are the documentation; the rules stand in `definitions`.
pub enum MomentKind {
    Page,
    RageClick,
    DeadClick,
    SlowClick,
    ErrorClick,
    RefusedPress,
    JsError,
    ConsoleError,
    FailedRequest,
    Input,
    Resize,
    Idle,
}

impl MomentKind {
    /// The kinds that have a fingerprint: the same at other people.
    pub const PROBLEMS: [Self; 5] = [
        Self::JsError,
        Self::ConsoleError,
        Self::FailedRequest,
        Self::RageClick,
        Self::DeadClick,
    ];

    /// As the public JSON has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::RageClick => "rage_click",
            Self::DeadClick => "dead_click",
            Self::SlowClick => "slow_click",
            Self::ErrorClick => "error_click",
            Self::RefusedPress => "refused_press",
            Self::JsError => "js_error",
            Self::ConsoleError => "console_error",
            Self::FailedRequest => "failed_request",
            Self::Input => "input",
            Self::Resize => "resize",
            Self::Idle => "idle",
        }
    }

    /// The kind of a problem that has this name.
    #[must_use]
    pub fn of_problem(name: &str) -> Option<Self> {
        Self::PROBLEMS.into_iter().find(|kind| kind.name() == name)
    }

    /// How bad it is: the worst has the smallest. What went wrong comes before what merely happened.
    #[must_use]
    pub const fn severity(self) -> u8 {
        match self {
            Self::RageClick => 0,
            Self::JsError => 1,
            Self::ErrorClick => 2,
            Self::RefusedPress => 3,
            Self::FailedRequest => 4,
            Self::DeadClick => 5,
            Self::SlowClick => 6,
            Self::ConsoleError => 7,
            Self::Page => 8,
            Self::Input => 9,
            Self::Idle => 10,
            Self::Resize => 11,
        }
    }

    /// Whether something went wrong, and not merely happened.
    #[must_use]
    pub const fn is_trouble(self) -> bool {
        self.severity() < Self::Page.severity()
    }
}

/// Begins the label of a moment of the kind [`MomentKind::Idle`]; its seconds follow.
const IDLE: &str = "Idle for ";
/// Begin the labels of clicks; the control follows.
const RAGE_CLICK: &str = "Rage click on ";
const DEAD_CLICK: &str = "Dead click on ";
const SLOW_CLICK: &str = "Slow click on ";
const ERROR_CLICK: &str = "Error after a click on ";
/// Stand around the control of a press.
const PRESSED: &str = "Pressed ";
const SWITCHED_OFF: &str = ", which is switched off";

impl Moment {
    /// A moment that stands for itself alone.
    #[must_use]
    pub fn new(at_ms: u64, kind: MomentKind, label: String, count: u64) -> Self {
        Self {
            at_ms,
            kind,
            label,
            count,
            last_at_ms: None,
            fingerprint: None,
        }
    }

    /// How long nobody was at the controls, milliseconds: for a moment of the kind [`MomentKind::Idle`],
    /// which says so.
    #[must_use]
    pub fn idle_ms(&self) -> Option<u64> {
        let seconds = self.label.strip_prefix(IDLE)?.strip_suffix(" s")?;
        let seconds: u64 = seconds.parse().ok()?;
        (self.kind == MomentKind::Idle).then_some(seconds * 1_000)
    }

    /// What was clicked or pressed, as its label names it.
    #[must_use]
    pub fn control(&self) -> Option<&str> {
        let label = self.label.as_str();
        match self.kind {
            MomentKind::RageClick => label.strip_prefix(RAGE_CLICK),
            MomentKind::DeadClick => label.strip_prefix(DEAD_CLICK),
            MomentKind::ErrorClick => label.strip_prefix(ERROR_CLICK),
            MomentKind::SlowClick => Some(label.strip_prefix(SLOW_CLICK)?.rsplit_once(": ")?.0),
            MomentKind::RefusedPress => label.strip_prefix(PRESSED)?.strip_suffix(SWITCHED_OFF),
            _ => None,
        }
    }

    /// How long a slow click waited for its answer, as its label says it.
    pub(crate) fn waited(&self) -> Option<&str> {
        let label = self.label.strip_prefix(SLOW_CLICK)?;
        Some(label.rsplit_once(": ")?.1)
    }
}

/// Nobody was at the controls for so long, milliseconds.
pub(crate) fn idle_label(ms: i64) -> String {
    format!("{IDLE}{} s", ms / 1_000)
}

/// A click of this kind on a control; a slow one waited so many milliseconds.
pub(crate) fn click_label(kind: MomentKind, control: &str, waited_ms: i64) -> String {
    match kind {
        MomentKind::RageClick => format!("{RAGE_CLICK}{control}"),
        MomentKind::DeadClick => format!("{DEAD_CLICK}{control}"),
        MomentKind::ErrorClick => format!("{ERROR_CLICK}{control}"),
        MomentKind::SlowClick => {
            let seconds = waited_ms as f64 / 1_000.0;
            format!("{SLOW_CLICK}{control}: {seconds:.1} s")
        }
        MomentKind::RefusedPress => format!("{PRESSED}{control}{SWITCHED_OFF}"),
        _ => control.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_label_is_about_is_read_from_it_as_it_was_written() {
        use MomentKind::{DeadClick, ErrorClick, RageClick, RefusedPress, SlowClick};
        for kind in [RageClick, DeadClick, ErrorClick, SlowClick, RefusedPress] {
            let label = click_label(kind, "\"Pay: now\"", 4_200);
            let moment = Moment::new(0, kind, label, 1);
            assert_eq!(moment.control(), Some("\"Pay: now\""), "{kind:?}");
            let waited = (kind == SlowClick).then_some("4.2 s");
            assert_eq!(moment.waited(), waited, "{kind:?}");
        }
        let page = Moment::new(0, MomentKind::Page, "Dead click on x".to_owned(), 1);
        assert_eq!(page.control(), None);
    }

    #[test]
    fn names_are_those_of_the_public_json() {
        for kind in MomentKind::PROBLEMS {
            let name = serde_json::to_value(kind).unwrap();
            assert_eq!(name, kind.name());
            assert_eq!(MomentKind::of_problem(kind.name()), Some(kind));
            assert!(kind.is_trouble());
        }
        assert_eq!(MomentKind::of_problem("page"), None);
    }

    #[test]
    fn an_idle_moment_tells_how_long_it_was() {
        let scrolls = [0, 1_000, 46_500].map(|at| {
            format!(
                r#"{{"type":3,"timestamp":{},"data":{{"source":3,"id":1,"x":0,"y":{at}}}}}"#,
                1_795_000_000_000_i64 + at
            )
        });
        let timeline = crate::summarize(format!("[{}]", scrolls.join(",")).as_bytes());
        let timeline = timeline.unwrap().unwrap().timeline;
        let idle: Vec<_> = timeline
            .iter()
            .map(|moment| (moment.at_ms, moment.idle_ms()))
            .collect();
        assert_eq!(idle, [(1_000, Some(45_000))]);
        let other = Moment {
            kind: MomentKind::Page,
            ..timeline[0].clone()
        };
        assert_eq!(other.idle_ms(), None);
    }
}
