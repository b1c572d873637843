//! The list of problems.

use askama::Template;
use pages::sign_in::SignedIn;
use store::{Days, ProblemList};

use super::row::Row;
use super::words::KINDS;
use crate::choice::{Choice, DAYS, Show};

/// The page.
#[derive(Template)]
#[template(path = "list.html")]
pub(crate) struct ListPage {
    choice: Choice,
    /// The ways to look at them: address, name, whether it is this one.
    views: Vec<(String, &'static str, bool)>,
    /// What the address says for this one.
    show: &'static str,
    /// Each number of days: what it is called, whether it is chosen.
    days: Vec<(usize, &'static str, bool)>,
    kinds: Vec<(&'static str, &'static str, bool)>,
    rows: Vec<Row>,
    uncounted: u64,
    next: Option<String>,
    first: Option<String>,
    all: String,
}

impl ListPage {
    pub(crate) fn new(
        admin: &SignedIn,
        (choice, looked_at): (Choice, Days),
        (list, uncounted): (&ProblemList, u64),
        next: usize,
    ) -> Self {
        let timezone = admin.connection.timezone.zone();
        let from = |skip| Choice { skip, ..choice };
        let views = Show::ALL.iter().map(|(show, _, name)| {
            let view = Choice {
                show: *show,
                ..from(0)
            };
            (view.address(), *name, *show == choice.show)
        });
        let said = Show::ALL.iter().find(|(show, _, _)| *show == choice.show);
        let all = Choice {
            show: Show::All,
            kind: None,
            ..from(0)
        };
        let rows = list.problems.iter();
        Self {
            views: views.collect(),
            show: said.map_or("", |(_, said, _)| said),
            days: DAYS
                .iter()
                .map(|(days, name)| (*days, *name, *days == choice.days))
                .collect(),
            kinds: KINDS
                .iter()
                .map(|known| {
                    (
                        known.kind.name(),
                        known.plural,
                        Some(known.kind) == choice.kind,
                    )
                })
                .collect(),
            rows: rows
                .map(|problem| Row::new(problem, looked_at, &timezone))
                .collect(),
            uncounted,
            next: list.has_more.then(|| from(next).address()),
            first: (choice.skip > 0).then(|| from(0).address()),
            all: all.address(),
            choice,
        }
    }

    /// What an empty list is headed with.
    fn nothing(&self) -> &'static str {
        match (self.choice.show, self.choice.kind, self.choice.skip) {
            (_, _, 1..) => "No further problems",
            (Show::New, _, _) => "Nothing new went wrong",
            (Show::Growing, _, _) => "Nothing is growing",
            (Show::All, Some(_), _) => "None of these",
            (Show::All, None, _) => "Nothing went wrong",
        }
    }
}
