//! From a message to what became of a lane's events.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use identity::{OrganizationId, SourceId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use outbox::{Became, Courier, Lane, Means, OrganizationOutbox, Outcome, Verdict, WaitingEvent};
use platform::queue::MAX_DELAY;
use platform::{metrics, random};
use tasks::DeliverTask;
use tracking::SourceSettings;

use crate::event::{self, Came, Planned, SOURCE_DELETED, UNAVAILABLE, UNKNOWN_PERSON, became};
use crate::workspace::{Open, Standing, hold, standing};
use crate::{Error, State, later};

/// Events that a run takes at most; another one goes on.
const EVENTS_PER_RUN: u16 = 100;

/// After how long a run leaves the rest to another one: an instance has two minutes, and an event may
/// need some calls of 15 seconds.
const LONGEST_RUN: SignedDuration = SignedDuration::from_secs(40);

/// How much later than its time a lane is looked at in any case, if the message that says so gets lost.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// A lane under way.
struct Run<'a> {
    state: &'a State,
    outbox: &'a OrganizationOutbox<'a>,
    organization: &'a OrganizationId,
    workspace: &'a WorkspaceId,
    lane: &'a Lane,
    /// No other run has this name.
    name: String,
    /// `None`: the source is not there any more.
    settings: HashMap<SourceId, Option<SourceSettings>>,
    /// Somebody for whom this very lane may wait has become known.
    is_woken: bool,
    /// When the lane is looked at again, at the latest.
    again_at: Option<Timestamp>,
    /// When an event has waited long enough for its person.
    due_at: Option<Timestamp>,
    /// Since when the oldest of these waits.
    waits_since: Option<Timestamp>,
}

/// Tells what waits in a lane.
pub(crate) async fn run(
    state: &State,
    (organization, workspace, lane): (OrganizationId, WorkspaceId, Lane),
) -> Result<(), Error> {
    let outbox = &state.outbox.of(&organization);
    let now = state.clock.now();
    let mut run = Run {
        state,
        outbox,
        organization: &organization,
        workspace: &workspace,
        lane: &lane,
        name: hex::encode(random::bytes::<8>()?),
        settings: HashMap::new(),
        is_woken: false,
        waits_since: None,
        again_at: None,
        due_at: None,
    };
    let closed_until = state
        .allowances
        .closed_until(&organization, &workspace, now);
    if let Some(until) = closed_until {
        // Nothing is read for what cannot be told now.
        run.stand_in_line(until).await?;
        return run.ask_for_more().await;
    }
    let waiting = outbox
        .read_lane(&workspace, &lane, EVENTS_PER_RUN, now)
        .await?;
    if !waiting.events.is_empty() {
        let of = (&organization, &workspace);
        match standing(state, outbox, of, now).await? {
            Standing::Held(reason, tried_again_at) => {
                let waits = became(Outcome::Waiting, reason.as_str());
                run.hold(&waiting.events, &waits, tried_again_at).await?;
            }
            Standing::Open(open) => {
                let is_done = Box::pin(run.tell(&waiting.events, &open)).await?;
                // What waits makes room for nobody: those behind it wait for the same person.
                if is_done && waiting.has_more {
                    run.again(now);
                }
            }
        }
    } else if waiting.has_more {
        run.again(now);
    }
    run.ask_for_more().await
}

impl Run<'_> {
    /// Tells of events in their order, as far as that goes now; whether one of them waits no longer.
    async fn tell(&mut self, events: &[WaitingEvent], open: &Open) -> Result<bool, Error> {
        let begun_at = self.state.clock.now();
        let mut done: Vec<(&WaitingEvent, Became)> = Vec::new();
        let mut was_held = open.was_held;
        for (index, event) in events.iter().enumerate() {
            let now = self.state.clock.now();
            if now.duration_since(begun_at) >= LONGEST_RUN {
                self.again(now);
                break;
            }
            let came = match Box::pin(self.tell_one(event, open)).await {
                Ok(came) => came,
                Err(error) => {
                    // What has been done is not to be done once more for what has not.
                    self.note(&done).await?;
                    return Err(error);
                }
            };
            match came {
                Came::Became(became) => {
                    if was_held && became.outcome == Outcome::Sent {
                        self.outbox.release(self.workspace).await?;
                        was_held = false;
                    }
                    done.push((event, became));
                }
                Came::Unknown => done.push((event, became(Outcome::Waiting, UNKNOWN_PERSON))),
                Came::Busy(until) => self.again(later::spread_a_little(until, now)?),
                Came::Stopped(Verdict::Held(reason), waits) => {
                    let of = (self.outbox, self.workspace);
                    let until = hold(self.state, of, open, reason).await?;
                    self.note(&done).await?;
                    self.hold(&events[index..], &waits, until).await?;
                    return Ok(false);
                }
                Came::Stopped(Verdict::NotBefore(at), _) => {
                    self.stand_in_line(at).await?;
                    break;
                }
                Came::Stopped(_, waits) => {
                    let tried_since = event.waited_since(UNAVAILABLE).unwrap_or(now);
                    self.again(later::after_failure(tried_since, now)?);
                    done.push((event, waits));
                    // Those behind wait for the same, and their time runs as well.
                    let behind = events[index + 1..].iter();
                    let behind = behind.filter(|event| event.waited_for().is_none());
                    done.extend(behind.map(|event| (event, became(Outcome::Waiting, UNAVAILABLE))));
                    break;
                }
            }
        }
        self.note(&done).await?;
        let mut outcomes = done.iter().map(|(_, became)| became.outcome);
        Ok(outcomes.any(|outcome| outcome != Outcome::Waiting))
    }

    async fn tell_one(&mut self, event: &WaitingEvent, open: &Open) -> Result<Came, Error> {
        let Some(settings) = self.settings_of(&event.source).await? else {
            return Ok(Came::Became(became(Outcome::Dropped, SOURCE_DELETED)));
        };
        let planned = match event::plan(event, settings) {
            Ok(planned) => planned,
            Err(became) => return Ok(Came::Became(became)),
        };
        let now = self.state.clock.now();
        let has_been_looked_for = event.waited_for() == Some(UNKNOWN_PERSON);
        // Intercom was asked when the event came. Until its time is over, our own memory says who is
        // known.
        if has_been_looked_for && now < planned.due_at && !self.is_known(&planned).await? {
            self.wait(event, planned.due_at);
            return Ok(Came::Unknown);
        }
        let came = self.tell_planned(event, &planned, open).await?;
        if !matches!(came, Came::Unknown) {
            return Ok(came);
        }
        let hashes = self.hashes(&planned);
        let lane = (self.workspace, self.lane);
        self.outbox.wait_for(lane, &hashes, planned.due_at).await?;
        self.wait(event, planned.due_at);
        // Whoever became known in between woke nobody.
        match self.is_known(&planned).await? {
            true => self.tell_planned(event, &planned, open).await,
            false => Ok(Came::Unknown),
        }
    }

    async fn tell_planned(
        &mut self,
        event: &WaitingEvent,
        planned: &Planned,
        open: &Open,
    ) -> Result<Came, Error> {
        let means = Means {
            intercom: &self.state.intercom,
            token: &open.access.token,
            allowances: &self.state.allowances,
            attributes: &self.state.attributes,
            event_names: &self.state.event_names,
            clock: &self.state.clock,
            run: &self.name,
        };
        let mut courier = Courier::new(self.outbox, self.workspace, open.access.region, means);
        let now = self.state.clock.now();
        let came = Box::pin(planned.tell(event, &mut courier, now)).await;
        self.wake(courier.woken).await?;
        came
    }

    /// Has lanes go on that waited for somebody: at once, for nobody wakes them if this run dies.
    async fn wake(&mut self, lanes: Vec<Lane>) -> Result<(), Error> {
        let mut lanes: BTreeSet<Lane> = lanes.into_iter().collect();
        self.is_woken |= lanes.remove(self.lane);
        if !lanes.is_empty() {
            let bodies = lanes.iter().map(|lane| self.task(lane)).collect();
            self.state.queue.send_all(bodies, Duration::ZERO).await?;
        }
        Ok(())
    }

    fn task(&self, lane: &Lane) -> String {
        DeliverTask::new(self.organization, self.workspace, lane).to_body()
    }

    fn hashes(&self, planned: &Planned) -> Vec<String> {
        let mut hashes = self.outbox.key_hashes(&planned.who);
        if let Some(other) = &planned.other {
            hashes.extend(self.outbox.key_hashes(other));
        }
        hashes
    }

    async fn is_known(&self, planned: &Planned) -> Result<bool, Error> {
        let hashes = self.hashes(planned);
        Ok(self.outbox.is_known(self.workspace, &hashes).await?)
    }

    async fn settings_of(&mut self, source: &SourceId) -> Result<Option<&SourceSettings>, Error> {
        if !self.settings.contains_key(source) {
            let sources = self.state.store.of(self.organization).sources();
            let found = sources.get(source).await?;
            // What is stored was checked; what is not understood any more has its default.
            let settings =
                found.map(|found| SourceSettings::parse(&found.settings).unwrap_or_default());
            self.settings.insert(source.clone(), settings);
        }
        Ok(self.settings[source].as_ref())
    }

    /// Has events wait until the workspace is tried again.
    async fn hold(
        &mut self,
        events: &[WaitingEvent],
        waits: &Became,
        until: Timestamp,
    ) -> Result<(), Error> {
        let waits = events.iter().map(|event| (event, waits.clone()));
        self.note(&waits.collect::<Vec<_>>()).await?;
        let at = later::spread(until)?;
        self.outbox
            .look_again(self.workspace, self.lane, at)
            .await?;
        // The rest of the lane waits as well.
        self.again_at = None;
        Ok(())
    }

    async fn note(&self, became: &[(&WaitingEvent, Became)]) -> Result<(), Error> {
        let now = self.state.clock.now();
        let noted = self.outbox.note(self.workspace, self.lane, became, now);
        noted.await?;
        let of = |outcome| {
            became
                .iter()
                .filter(|(_, it)| it.outcome == outcome)
                .count()
        };
        let (sent, dropped) = (of(Outcome::Sent), of(Outcome::Dropped));
        let failed = of(Outcome::Failed);
        if sent + dropped + failed > 0 {
            tracing::info!(
                { metrics::EVENTS_SENT } = sent,
                { metrics::EVENTS_DROPPED } = dropped,
                { metrics::EVENTS_FAILED } = failed,
                "events delivered"
            );
        }
        Ok(())
    }

    /// Comes again when it has its turn after the window has opened.
    async fn stand_in_line(&mut self, opens_at: Timestamp) -> Result<(), Error> {
        let now = self.state.clock.now();
        let allowances = &self.state.allowances;
        let turn = self
            .outbox
            .stand_in_line(allowances, self.workspace, opens_at, now);
        self.again(turn.await?);
        Ok(())
    }

    fn again(&mut self, at: Timestamp) {
        self.again_at = Some(self.again_at.map_or(at, |before| before.min(at)));
    }

    fn wait(&mut self, event: &WaitingEvent, due_at: Timestamp) {
        let earlier =
            |one: Option<Timestamp>, other: Timestamp| one.into_iter().chain([other]).min();
        self.due_at = earlier(self.due_at, due_at);
        self.waits_since = earlier(self.waits_since, event.received_at);
    }

    /// Sends what is to be done next in this lane, when its time comes.
    async fn ask_for_more(mut self) -> Result<(), Error> {
        let now = self.state.clock.now();
        let queue = &self.state.queue;
        if let (Some(due_at), Some(since)) = (self.due_at, self.waits_since) {
            if self.is_woken {
                self.again(now);
            }
            let at_last = due_at.checked_add(LEEWAY).unwrap_or(due_at);
            for at in [later::next_look(since, now).min(at_last), at_last] {
                self.outbox
                    .look_again(self.workspace, self.lane, at)
                    .await?;
            }
        }
        let next = self.again_at.into_iter().chain(self.due_at).min();
        if let Some(next) = next {
            let delay = later::until(next, now);
            if delay <= MAX_DELAY {
                queue.send(self.task(self.lane), delay).await?;
            } else if self.due_at != Some(next) {
                let later = self.outbox.look_again(self.workspace, self.lane, next);
                later.await?;
            }
        }
        Ok(())
    }
}
