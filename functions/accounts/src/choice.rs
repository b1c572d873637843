//! Which problems somebody wants to see, as the address of the list says.

use replay::MomentKind;

use crate::context::PageContext;

/// Days that can be looked back on, today included, and what they are called.
pub(crate) const DAYS: [(usize, &str); 3] =
    [(1, "Today"), (7, "Last 7 days"), (30, "Last 30 days")];

/// Those that are looked back on unless somebody chooses.
const DEFAULT_DAYS: usize = 7;

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// Those that most people had.
    All,
    /// Those that nobody had before these days.
    New,
    /// Those that more people have lately than before.
    Growing,
}

impl Show {
    /// Each with what the address says and what it is called.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::All, "", "Most people"),
        (Self::New, "new", "New"),
        (Self::Growing, "growing", "Growing"),
    ];
}

/// What is shown. What an address says and nobody offers counts as not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) show: Show,
    pub(crate) days: usize,
    pub(crate) kind: Option<MomentKind>,
    /// So many are passed over: those of the pages before.
    pub(crate) skip: usize,
}

impl Choice {
    pub(crate) fn of(context: &PageContext<'_>) -> Self {
        let (show, days) = (context.parameter("show"), context.parameter("days"));
        let kind = context.parameter("kind");
        let show = Show::ALL.iter().find(|(_, said, _)| *said == show);
        let show = show.map_or(Show::All, |(show, _, _)| *show);
        let days = days.parse().ok();
        let days = days.filter(|days| DAYS.iter().any(|(offered, _)| offered == days));
        let skip = context.parameter("from").parse().ok();
        Self {
            show,
            // What grows is told by the days before.
            days: days
                .filter(|days| show != Show::Growing || *days > 1)
                .unwrap_or(DEFAULT_DAYS),
            kind: MomentKind::of_problem(&kind),
            skip: skip.filter(|skip| *skip <= store::MAX_LISTED).unwrap_or(0),
        }
    }

    /// The address of the list that shows this.
    pub(crate) fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let show = Show::ALL.iter().find(|(show, _, _)| *show == self.show);
        if let Some((_, said, _)) = show.filter(|(show, _, _)| *show != Show::All) {
            query.append_pair("show", said);
        }
        if self.days != DEFAULT_DAYS {
            query.append_pair("days", &self.days.to_string());
        }
        if let Some(kind) = self.kind {
            query.append_pair("kind", kind.name());
        }
        if self.skip > 0 {
            query.append_pair("from", &self.skip.to_string());
        }
        match query.finish() {
            empty if empty.is_empty() => "/problems".to_owned(),
            query => format!("/problems?{query}"),
        }
    }

    /// Whether somebody has chosen less than all of a week.
    pub(crate) fn is_narrow(&self) -> bool {
        self.show != Show::All || self.kind.is_some() || self.skip > 0
    }
}
