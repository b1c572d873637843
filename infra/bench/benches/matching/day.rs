//! A day as it happens, and what our programs make of it.

use std::collections::HashMap;

use identity::SessionId;
use jiff::{SignedDuration, Timestamp};
use replay::Summary;

use crate::site::{Certain, Site, email_of, recorded_aliases};
use crate::truth::Truth;
use crate::world::{TypedEmail, World};

/// A recording has come in completely this long after its last event.
const SETTLED: SignedDuration = SignedDuration::from_secs(20);

/// Nobody asks for an e-mail address at once.
const ASKED: SignedDuration = SignedDuration::from_mins(2);

/// What was right and what was wrong.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Conversations.
    pub(crate) conversations: usize,
    /// Those whose writer's browser was being recorded: they could have been found.
    pub(crate) recorded: usize,
    /// Those whose writer's own session was shown for certain.
    pub(crate) exact_found: usize,
    /// Sessions shown for certain that are the writer's.
    pub(crate) exact_right: usize,
    /// Sessions shown for certain that are somebody else's.
    pub(crate) exact_wrong: usize,
    /// Sessions shown for certain of the very human who wrote, and not only of the same browser or account.
    pub(crate) exact_human: usize,
    /// Looks at a contact that several people are known as.
    pub(crate) conflicts: usize,
    /// Conversations with nothing certain whose writer was being recorded.
    pub(crate) unknown: usize,
    /// Possible matches that are the writer's session.
    pub(crate) possible_right: usize,
    /// Possible matches that are not.
    pub(crate) possible_wrong: usize,
}

impl Tally {
    pub(crate) fn exact_precision(&self) -> f64 {
        share(self.exact_right, self.exact_right + self.exact_wrong)
    }

    pub(crate) fn exact_recall(&self) -> f64 {
        share(self.exact_found, self.recorded)
    }

    pub(crate) fn possible_precision(&self) -> f64 {
        share(
            self.possible_right,
            self.possible_right + self.possible_wrong,
        )
    }

    pub(crate) fn possible_recall(&self) -> f64 {
        share(self.possible_right, self.unknown)
    }
}

/// Of nothing, nothing is wrong.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    match whole {
        0 => 1.0,
        whole => part as f64 / whole as f64,
    }
}

/// What happens, to a visitor by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Comes,
    Wrote,
    GivesEmail,
    Gone,
    /// Somebody looks at the conversation again in the evening.
    LookedAt,
}

struct Day<'a> {
    world: &'a World,
    site: Site,
    truth: Truth,
    sessions: Vec<SessionId>,
    numbers: HashMap<SessionId, usize>,
    /// Summaries of those who are there.
    there: HashMap<usize, Option<Summary>>,
    tally: Tally,
}

/// Lives through a day.
pub(crate) async fn live(world: &World) -> Tally {
    let name = |n| SessionId::parse(&format!("session-{n}")).unwrap();
    let sessions: Vec<SessionId> = (0..world.visitors.len()).map(name).collect();
    let mut day = Day {
        site: Site::open(world).await,
        truth: Truth::default(),
        numbers: sessions.iter().cloned().zip(0..).collect(),
        sessions,
        there: HashMap::new(),
        tally: Tally::default(),
        world,
    };
    for (at, happening, number) in agenda(world) {
        match happening {
            Happening::Comes => day.comes(number, at).await,
            Happening::Wrote => day.wrote(number, at).await,
            Happening::GivesEmail => day.gives_email(number, at).await,
            Happening::Gone => {
                day.catch_up(number, at).await;
                day.there.remove(&number);
            }
            Happening::LookedAt => day.looked_at(number, at).await,
        }
    }
    day.tally
}

fn agenda(world: &World) -> Vec<(Timestamp, Happening, usize)> {
    let mut agenda = Vec::new();
    for (number, visitor) in world.visitors.iter().enumerate() {
        agenda.push((visitor.track.began_at(), Happening::Comes, number));
        agenda.push((visitor.track.ended_at() + SETTLED, Happening::Gone, number));
        if let Some(conversation) = &visitor.conversation {
            agenda.push((conversation.heard_at, Happening::Wrote, number));
            agenda.push((conversation.heard_at + ASKED, Happening::GivesEmail, number));
        }
    }
    let evening = agenda.iter().map(|(at, ..)| *at).max().unwrap();
    let conversations =
        (0..world.visitors.len()).filter(|number| world.visitors[*number].conversation.is_some());
    agenda.extend(conversations.map(|number| (evening, Happening::LookedAt, number)));
    agenda.sort_unstable();
    agenda
}

impl Day<'_> {
    async fn comes(&mut self, number: usize, now: Timestamp) {
        let visitor = &self.world.visitors[number];
        self.truth.note(visitor);
        if visitor.is_recorded {
            let aliases = recorded_aliases(visitor);
            self.site
                .identify(&self.sessions[number], &aliases, now)
                .await;
            self.there.insert(number, None);
        }
    }

    /// Brings a session's summary up to date.
    async fn catch_up(&mut self, number: usize, now: Timestamp) {
        let visitor = &self.world.visitors[number];
        let Some(before) = self.there.get_mut(&number) else {
            return;
        };
        if let Some((summary, received_at)) = visitor.summary_at(now, &self.world.pages)
            && before.as_ref() != Some(&summary)
        {
            let session = &self.sessions[number];
            self.site
                .summarize(session, before.as_ref(), (&summary, received_at))
                .await;
            *before = Some(summary);
        }
    }

    async fn wrote(&mut self, number: usize, now: Timestamp) {
        let visitor = &self.world.visitors[number];
        // Of all others nobody looks at the summary before they have gone.
        let matter = |other: &usize| *other == number || !self.world.visitors[*other].is_known();
        let there: Vec<usize> = self.there.keys().copied().filter(matter).collect();
        for other in there {
            self.catch_up(other, now).await;
        }
        let is_known = self.site.hear_of_conversation(self.world, visitor).await;
        self.tally.conversations += 1;
        self.tally.recorded += usize::from(visitor.is_recorded);
        if !is_known {
            self.tally.unknown += usize::from(visitor.is_recorded);
            match self.site.possible(self.world, visitor).await {
                Some(found) if found.session == self.sessions[number] => {
                    self.tally.possible_right += 1;
                }
                Some(_) => self.tally.possible_wrong += 1,
                None => {}
            }
        }
        let certain = self.site.certain(visitor, None, now).await;
        let is_found = certain.sessions.contains(&self.sessions[number]);
        self.tally.exact_found += usize::from(is_found && !certain.is_conflict);
        self.judge(number, &certain);
    }

    async fn gives_email(&mut self, number: usize, now: Timestamp) {
        let visitor = &self.world.visitors[number];
        if let Some(human) = self.typed_email(number) {
            self.site
                .hear_of_email(visitor, &email_of(human), now)
                .await;
        }
    }

    async fn looked_at(&mut self, number: usize, now: Timestamp) {
        let visitor = &self.world.visitors[number];
        let email = self.typed_email(number).map(email_of);
        let certain = self.site.certain(visitor, email.as_ref(), now).await;
        self.judge(number, &certain);
    }

    /// Whose address a lead types, if any.
    fn typed_email(&self, number: usize) -> Option<usize> {
        let visitor = &self.world.visitors[number];
        if visitor.account.is_some() {
            return None;
        }
        match visitor.conversation.as_ref()?.email? {
            TypedEmail::Own => Some(visitor.human),
            TypedEmail::OfAnother(other) => Some(self.world.visitors[other].human),
        }
    }

    /// Counts what is shown for certain. A conflict says itself that it is none.
    fn judge(&mut self, number: usize, certain: &Certain) {
        if certain.is_conflict {
            self.tally.conflicts += 1;
            return;
        }
        let writer = &self.world.visitors[number];
        for session in &certain.sessions {
            let other = &self.world.visitors[self.numbers[session]];
            match self.truth.are_one(writer, other) {
                true => self.tally.exact_right += 1,
                false => self.tally.exact_wrong += 1,
            }
            self.tally.exact_human += usize::from(writer.human == other.human);
        }
    }
}
