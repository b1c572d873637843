//! A day of a site, with everything known that its programs can only guess: who sat where, who wrote, who is
//! who.
//!
//! The same seed makes the same day. Shares are guesses at what real sites see, the worse one where we did
//! not know.

use fastrand::Rng;
use identity::{ClientDetails, PageAddress};
use jiff::{SignedDuration, Timestamp};

use crate::clients;
use crate::tracks::{self, Track};

/// Pages of the site; the first is its front page.
const PAGES: usize = 50;

/// How far apart visitors come, on average: 10,000 of them in ten hours.
const ARRIVALS: SignedDuration = SignedDuration::from_millis(3_600);

/// Offices whose people share a network, a kind of computer and what they work on.
const OFFICES: usize = 40;

/// A day.
pub(crate) struct World {
    pub(crate) pages: Vec<PageAddress>,
    /// In the order in which they came.
    pub(crate) visitors: Vec<Visitor>,
}

/// Somebody at a browser for a while: one session.
pub(crate) struct Visitor {
    /// Who it is.
    pub(crate) human: usize,
    /// Which browser.
    pub(crate) device: usize,
    /// Whose account is signed in, if any is.
    pub(crate) account: Option<usize>,
    /// Whether the recorder runs.
    pub(crate) is_recorded: bool,
    /// Whether the recorder keeps an id in the browser.
    pub(crate) has_anonymous_id: bool,
    /// Whether the recorder can read Intercom's id of the visitor.
    pub(crate) has_visitor_id: bool,
    /// How far the browser's clock is ahead.
    pub(crate) clock_ahead: SignedDuration,
    /// What the recorder sees.
    pub(crate) client: ClientDetails,
    pub(crate) track: Track,
    pub(crate) conversation: Option<Conversation>,
}

/// What Intercom learns when somebody writes.
pub(crate) struct Conversation {
    pub(crate) at: Timestamp,
    /// When we get to hear of it.
    pub(crate) heard_at: Timestamp,
    pub(crate) page: usize,
    pub(crate) client: ClientDetails,
    pub(crate) email: Option<TypedEmail>,
}

/// The address that somebody types when asked.
#[derive(Clone, Copy)]
pub(crate) enum TypedEmail {
    /// Their own.
    Own,
    /// That of somebody else: a slip that hits another's, or another's on purpose.
    OfAnother(usize),
}

impl World {
    /// A day on which so many visitors come.
    pub(crate) fn new(seed: u64, visitors: usize) -> Self {
        let mut rng = Rng::with_seed(seed);
        let pages = (0..PAGES).map(|n| {
            let url = match n {
                0 => "https://shop.example/".to_owned(),
                n => format!("https://shop.example/pages/{n}"),
            };
            PageAddress::of(&url).unwrap()
        });
        let mut world = Self {
            pages: pages.collect(),
            visitors: Vec::with_capacity(visitors),
        };
        let morning: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let day = ARRIVALS.as_millis() as u64 * visitors as u64;
        let mut arrivals: Vec<u64> = (0..visitors).map(|_| rng.u64(..day)).collect();
        arrivals.sort_unstable();
        for arrival in arrivals {
            let at = morning + SignedDuration::from_millis(arrival.cast_signed());
            let visitor = world.visitor(&mut rng, at);
            world.visitors.push(visitor);
        }
        world
    }

    fn visitor(&self, rng: &mut Rng, at: Timestamp) -> Visitor {
        let new = self.visitors.len();
        let former = (new > 0).then(|| &self.visitors[rng.usize(..new)]);
        // Most are new; some come back, some of them at another browser; some sit down where somebody else
        // sat.
        let (human, device, former) = match (former, rng.u32(..100)) {
            (Some(former), 0..12) => (former.human, former.device, Some(former)),
            (Some(former), 12..16) => (former.human, new, None),
            (Some(former), 16..19) => (new, former.device, Some(former)),
            _ => (new, new, None),
        };
        let office = (human % 5 < 2).then_some(human % OFFICES);
        let client = former.map_or_else(
            || clients::recorded(rng, office),
            |former| former.client.clone(),
        );
        let mut track = Track::new(rng, at, self.pages.len(), office);
        let conversation = chance(rng, 20).then(|| {
            let at = track.write(rng);
            Conversation {
                at,
                heard_at: at + SignedDuration::from_millis(rng.i64(1_000..20_000)),
                page: match chance(rng, 3) {
                    // Told when the Messenger was loaded, and not again.
                    true => track.visits[0].page,
                    false => track.page_at(at),
                },
                client: clients::as_intercom_says(rng, &client),
                email: self.typed_email(rng),
            }
        });
        Visitor {
            human,
            device,
            account: (human % 4 == 0 && !chance(rng, 20)).then_some(human),
            // What belongs to the browser is the same for all who sit at it.
            is_recorded: former.map_or_else(|| chance(rng, 95), |former| former.is_recorded),
            has_anonymous_id: former
                .map_or_else(|| chance(rng, 90), |former| former.has_anonymous_id),
            has_visitor_id: former.map_or_else(|| chance(rng, 75), |former| former.has_visitor_id),
            clock_ahead: former.map_or_else(|| tracks::skew(rng), |former| former.clock_ahead),
            client,
            track,
            conversation,
        }
    }

    fn typed_email(&self, rng: &mut Rng) -> Option<TypedEmail> {
        match rng.u32(..100) {
            0..35 => Some(TypedEmail::Own),
            35..40 if !self.visitors.is_empty() => {
                Some(TypedEmail::OfAnother(rng.usize(..self.visitors.len())))
            }
            _ => None,
        }
    }
}

impl Visitor {
    /// Whether a recorder or Intercom has an id that the other one has as well.
    pub(crate) fn is_known(&self) -> bool {
        self.account.is_some() || self.has_visitor_id
    }
}

/// So many times in a hundred.
pub(crate) fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(..100) < percent
}
