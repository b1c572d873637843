//! What went wrong, a clause each.

use crate::definitions::ERROR_CLICK_MS;
use crate::moment::{Moment, MomentKind};

/// What went wrong among the moments of a session.
pub(super) struct Wrongs<'m> {
    moments: &'m [Moment],
    groups: Vec<Group<'m>>,
}

/// One thing that went wrong, however often: moments of one kind that say the same.
pub(super) struct Group<'m> {
    pub(super) kind: MomentKind,
    /// What the label is about: a control, a message, a request.
    about: &'m str,
    /// How long the first one waited, of slow clicks.
    waited: &'m str,
    /// When first, milliseconds from the session's start.
    pub(super) at: u64,
    /// How many moments there are.
    times: u64,
    count: u64,
}

impl<'m> Wrongs<'m> {
    pub(super) fn among(moments: &'m [Moment]) -> Self {
        Self {
            moments,
            groups: groups(moments),
        }
    }

    /// Those that are not told with another one.
    pub(super) fn to_tell(&self) -> Vec<&Group<'m>> {
        let is_told_apart = |group: &&Group<'_>| match group.kind {
            // Whoever clicks in rage has clicked on something dead, more often than not.
            MomentKind::DeadClick => !self.is_also(MomentKind::RageClick, group),
            MomentKind::JsError => !is_told_with_click(group, self.moments),
            _ => true,
        };
        self.groups.iter().filter(is_told_apart).collect()
    }

    /// How it may be said, the most telling first.
    pub(super) fn clauses(&self, group: &Group<'_>) -> Vec<String> {
        match group.kind {
            MomentKind::RageClick => rage(group, self.is_also(MomentKind::DeadClick, group)),
            MomentKind::DeadClick => vec![format!("{} and nothing happened", clicked(group))],
            MomentKind::SlowClick => slow(group),
            MomentKind::ErrorClick => after_click(group, self.moments),
            MomentKind::RefusedPress => refused(group),
            MomentKind::JsError => said_of("a script failed", group),
            MomentKind::ConsoleError => said_of("the page logged an error", group),
            MomentKind::FailedRequest => request(group),
            MomentKind::Page | MomentKind::Input | MomentKind::Resize | MomentKind::Idle => {
                Vec::new()
            }
        }
    }

    /// Whether the same is there as another kind as well.
    fn is_also(&self, kind: MomentKind, group: &Group<'_>) -> bool {
        let is_same = |other: &Group<'_>| other.kind == kind && other.about == group.about;
        self.groups.iter().any(is_same)
    }
}

fn groups(moments: &[Moment]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for moment in moments.iter().filter(|moment| moment.kind.is_trouble()) {
        let about = moment.control().unwrap_or(&moment.label);
        let is_same = |group: &&mut Group<'_>| group.kind == moment.kind && group.about == about;
        match groups.iter_mut().find(is_same) {
            Some(group) => {
                group.times += 1;
                group.count += moment.count;
            }
            None => groups.push(Group {
                kind: moment.kind,
                about,
                waited: moment.waited().unwrap_or_default(),
                at: moment.at_ms,
                times: 1,
                count: moment.count,
            }),
        }
    }
    groups
}

/// A control by its name, or as one of its kind.
fn control(group: &Group<'_>) -> String {
    match group.about.chars().next() {
        Some('"') => group.about.to_owned(),
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {}", group.about),
        _ => format!("a {}", group.about),
    }
}

fn clicked(group: &Group<'_>) -> String {
    format!("clicked {}{}", control(group), times(group.count))
}

/// How often, behind what happened.
fn times(count: u64) -> String {
    match count {
        0 | 1 => String::new(),
        2 => " twice".to_owned(),
        count => format!(" {count} times"),
    }
}

fn rage(group: &Group<'_>, is_dead: bool) -> Vec<String> {
    let clicked = clicked(group);
    vec![match (is_dead, group.times) {
        (true, _) => format!("{clicked} and nothing happened"),
        (false, 1) => format!("{clicked} in a row"),
        (false, _) => format!("{clicked}, again and again"),
    }]
}

fn slow(group: &Group<'_>) -> Vec<String> {
    let seconds = group.waited;
    vec![format!(
        "waited {seconds} after a click on {}",
        control(group)
    )]
}

fn refused(group: &Group<'_>) -> Vec<String> {
    let presses = times(group.count);
    vec![format!(
        "pressed {}{presses}, which is switched off",
        control(group)
    )]
}

/// What the script said that failed after a click.
fn after_click(group: &Group<'_>, moments: &[Moment]) -> Vec<String> {
    let failed = format!("{} and a script failed", clicked(group));
    let thrown = moments
        .iter()
        .find(|moment| moment.kind == MomentKind::JsError && follows(moment.at_ms, group.at));
    let with_words = thrown.map(|moment| format!("{failed}: {}", words(&moment.label)));
    with_words.into_iter().chain([failed]).collect()
}

/// Whether an error is told as the answer to a click, each time.
fn is_told_with_click(error: &Group<'_>, moments: &[Moment]) -> bool {
    let clicks = moments
        .iter()
        .filter(|moment| moment.kind == MomentKind::ErrorClick);
    let mut errors = moments
        .iter()
        .filter(|moment| moment.kind == error.kind && moment.label == error.about);
    errors.all(|error| {
        clicks
            .clone()
            .any(|click| follows(error.at_ms, click.at_ms))
    })
}

fn follows(error: u64, click: u64) -> bool {
    click <= error && error - click <= ERROR_CLICK_MS.cast_unsigned()
}

fn said_of(what: &str, group: &Group<'_>) -> Vec<String> {
    let short = format!("{what}{}", times(group.count));
    vec![format!("{short}: {}", words(group.about)), short]
}

fn request(group: &Group<'_>) -> Vec<String> {
    let (asked, answer) = group.about.rsplit_once(": ").unwrap_or((group.about, ""));
    let ended = match answer {
        "no answer" => format!("got no answer{}", times(group.count)),
        status => format!("failed{} with {status}", times(group.count)),
    };
    let (method, url) = asked.split_once(' ').unwrap_or(("a request to", asked));
    vec![
        format!("{method} {} {ended}", path(url)),
        format!("a request {ended}"),
    ]
}

/// An address without its host.
pub(super) fn path(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else {
        return url;
    };
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// What an error says, without the name of its kind, and without a sign that ends a sentence.
fn words(message: &str) -> &str {
    let said = match message.split_once(": ") {
        Some((name, said)) if name.ends_with("Error") && !name.contains(' ') => said,
        _ => message,
    };
    said.trim_end_matches(['.', '!', ':', ';', ' '])
}
