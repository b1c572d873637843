//! What was said: each message once, and when it came.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::definitions::{
    BURST_GAP_MS, LONGEST_BURST_MS, MAX_DISTINCT_MESSAGES, MAX_TOLD_MESSAGES,
};
use crate::fingerprint::Fingerprint;
use crate::moment::MomentKind;
use crate::spread::{Choice, Place};

/// The messages of a session.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Messages {
    distinct: Vec<Message>,
    /// In the order of time.
    told: Vec<Told>,
    /// Some had to go.
    pub(crate) are_thinned: bool,
}

/// One message, however often it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Message {
    kind: MomentKind,
    text: String,
    /// Hash of the text and of where it came from.
    words: u64,
    fingerprint: Fingerprint,
    /// When it came first.
    at: i64,
    /// The latest place in `told`.
    latest: u32,
}

/// That a message came, once or in a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    at: i64,
    /// How long the burst was, milliseconds.
    lasted: u32,
    /// Its place in `distinct`.
    message: u32,
    count: u32,
}

/// One message at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Occurrence<'m> {
    pub(crate) at: i64,
    pub(crate) last_at: i64,
    pub(crate) kind: MomentKind,
    pub(crate) text: &'m str,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) count: u64,
}

impl Messages {
    /// Takes a message, and the call that it came from.
    pub(crate) fn push(
        &mut self,
        at: i64,
        kind: MomentKind,
        text: &str,
        frame: &str,
        fingerprint: impl FnOnce() -> Fingerprint,
    ) {
        let words = words(text, frame);
        let message = match self.position(kind, words) {
            Some(known) => known,
            None => self.another(at, kind, (text, words), fingerprint()),
        };
        if self.goes_on(at, message) {
            return;
        }
        if self.told.len() == MAX_TOLD_MESSAGES {
            self.join_told();
        }
        self.distinct[message].latest = self.told.len() as u32;
        self.told.push(Told {
            at,
            lasted: 0,
            message: message as u32,
            count: 1,
        });
    }

    /// Takes the latest message of these words back.
    pub(crate) fn take_back(&mut self, kind: MomentKind, text: &str) {
        let known = self.position(kind, words(text, ""));
        let latest = known.map(|known| self.distinct[known].latest as usize);
        if let Some(told) = latest.and_then(|latest| self.told.get_mut(latest)) {
            told.count = told.count.saturating_sub(1);
        }
    }

    /// Every message in the order of time.
    pub(crate) fn occurrences(&self) -> impl Iterator<Item = Occurrence<'_>> {
        let told = self.told.iter().filter(|told| told.count > 0);
        told.filter_map(|told| {
            let message = self.distinct.get(told.message as usize)?;
            Some(Occurrence {
                at: told.at,
                last_at: told.at + i64::from(told.lasted),
                kind: message.kind,
                text: &message.text,
                fingerprint: message.fingerprint,
                count: u64::from(told.count),
            })
        })
    }

    fn position(&self, kind: MomentKind, words: u64) -> Option<usize> {
        self.distinct
            .iter()
            .position(|message| message.words == words && message.kind == kind)
    }

    /// The place of a new message. Where there is no room for another one, one that is the same problem
    /// stands for it.
    fn another(
        &mut self,
        at: i64,
        kind: MomentKind,
        (text, words): (&str, u64),
        fingerprint: Fingerprint,
    ) -> usize {
        if self.distinct.len() == MAX_DISTINCT_MESSAGES {
            let is_same = |message: &Message| message.fingerprint == fingerprint;
            if let Some(same) = self.distinct.iter().position(is_same) {
                return same;
            }
            self.thin_distinct();
        }
        self.distinct.push(Message {
            kind,
            text: text.to_owned(),
            words,
            fingerprint,
            at,
            latest: u32::MAX,
        });
        self.distinct.len() - 1
    }

    /// Whether the message goes on with a burst of it.
    fn goes_on(&mut self, at: i64, message: usize) -> bool {
        let latest = self.distinct[message].latest as usize;
        let is_last = latest + 1 == self.told.len();
        let Some(told) = self.told.get_mut(latest) else {
            return false;
        };
        if told.count == 0 && is_last {
            (told.at, told.lasted, told.count) = (at, 0, 1);
            return true;
        }
        let lasts = at - told.at;
        // A clock may have gone back since.
        let goes_on = told.count > 0
            && (-BURST_GAP_MS..=LONGEST_BURST_MS).contains(&lasts)
            && lasts - i64::from(told.lasted) <= BURST_GAP_MS;
        if goes_on {
            told.lasted = told.lasted.max(u32::try_from(lasts).unwrap_or(0));
            told.count = told.count.saturating_add(1);
        }
        goes_on
    }

    /// Makes room: of each stretch the worst messages stay, and what is told of others of the same problem
    /// is told of them.
    fn thin_distinct(&mut self) {
        self.are_thinned = true;
        let places: Vec<Place> = self.distinct.iter().map(Message::place).collect();
        let mut choice = Choice::new(&places, MAX_DISTINCT_MESSAGES / 2);
        choice.spread(1, |_| true);
        let chosen = choice.chosen();
        let mut new_places = Vec::with_capacity(chosen.len());
        let mut kept: Vec<Message> = Vec::new();
        for (message, is_chosen) in self.distinct.iter().zip(&chosen) {
            new_places.push(is_chosen.then_some(kept.len()));
            kept.extend(is_chosen.then(|| message.clone()));
        }
        for (message, new_place) in self.distinct.iter().zip(&mut new_places) {
            let is_same = |kept: &Message| kept.fingerprint == message.fingerprint;
            *new_place = new_place.or_else(|| kept.iter().position(is_same));
        }
        self.distinct = kept;
        self.told.retain_mut(|told| {
            let new_place = new_places.get(told.message as usize).copied().flatten();
            told.message = new_place.unwrap_or_default() as u32;
            new_place.is_some()
        });
        self.find_latest();
    }

    /// Makes room: what is told of one message within some time is told once, as much time as it takes.
    fn join_told(&mut self) {
        let mut within = LONGEST_BURST_MS;
        while self.told.len() > MAX_TOLD_MESSAGES / 2 {
            within *= 2;
            let mut joined: Vec<Told> = Vec::with_capacity(self.told.len());
            let mut latest = vec![usize::MAX; self.distinct.len()];
            for told in self.told.iter().filter(|told| told.count > 0) {
                let message = told.message as usize;
                let until = told.at + i64::from(told.lasted);
                match joined.get_mut(latest[message]) {
                    Some(before) if until - before.at <= within => {
                        let lasted = u32::try_from(until - before.at).unwrap_or(0);
                        before.lasted = before.lasted.max(lasted);
                        before.count = before.count.saturating_add(told.count);
                    }
                    _ => {
                        latest[message] = joined.len();
                        joined.push(*told);
                    }
                }
            }
            self.told = joined;
        }
        self.find_latest();
    }

    fn find_latest(&mut self) {
        for message in &mut self.distinct {
            message.latest = u32::MAX;
        }
        for (place, told) in self.told.iter().enumerate() {
            self.distinct[told.message as usize].latest = place as u32;
        }
    }
}

impl Message {
    fn place(&self) -> Place {
        Place {
            at: self.at,
            rank: self.kind.severity(),
        }
    }
}

/// What a message is recognised by.
fn words(text: &str, frame: &str) -> u64 {
    match frame {
        "" => xxh3_64(text.as_bytes()),
        frame => xxh3_64(format!("{text}\n{frame}").as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: MomentKind = MomentKind::ConsoleError;

    fn push(messages: &mut Messages, at: i64, text: &str, problem: &str) {
        messages.push(at, KIND, text, "", || Fingerprint::of(KIND, &[problem]));
    }

    fn told(messages: &Messages) -> Vec<(i64, i64, &str, u64)> {
        let told = messages.occurrences();
        told.map(|told| (told.at, told.last_at, told.text, told.count))
            .collect()
    }

    #[test]
    fn a_clock_that_goes_back_makes_no_burst_of_weeks() {
        let mut messages = Messages::default();
        for at in [60_000, 59_500, 30_000] {
            push(&mut messages, at, "a", "a");
        }
        let expected = [(60_000, 60_000, "a", 2), (30_000, 30_000, "a", 1)];
        assert_eq!(told(&messages), expected);
    }

    #[test]
    fn each_time_is_told_and_a_burst_is_one() {
        let mut messages = Messages::default();
        for (at, text) in [
            (0, "a"),
            (900, "b"),
            (1_000, "a"),
            (2_000, "a"),
            (3_001, "a"),
            (60_000, "a"),
        ] {
            push(&mut messages, at, text, text);
        }
        assert_eq!(
            told(&messages),
            [
                (0, 2_000, "a", 3),
                (900, 900, "b", 1),
                (3_001, 3_001, "a", 1),
                (60_000, 60_000, "a", 1)
            ]
        );
        messages.take_back(KIND, "a");
        messages.take_back(KIND, "b");
        assert_eq!(told(&messages)[1].0, 3_001);
        assert_eq!(told(&messages).len(), 2);
    }

    #[test]
    fn one_that_never_ends_is_told_again_and_again_and_none_is_lost() {
        let mut messages = Messages::default();
        for second in 0..20_000 {
            push(&mut messages, second * 1_000, "a", "a");
        }
        let told = told(&messages);
        assert!(told.len() <= MAX_TOLD_MESSAGES);
        assert_eq!(told.iter().map(|told| told.3).sum::<u64>(), 20_000);
        assert_eq!(told.last().map(|told| told.1), Some(19_999_000));
        for (before, next) in told.iter().zip(told.iter().skip(1)) {
            assert!(next.0 - before.1 <= 1_000);
        }
    }

    #[test]
    fn of_too_many_different_ones_some_of_all_times_are_told_and_the_newest() {
        let mut messages = Messages::default();
        for second in 0..4_000 {
            push(
                &mut messages,
                second * 1_000,
                &format!("{second}"),
                &format!("{second}"),
            );
        }
        assert!(messages.are_thinned);
        let told = told(&messages);
        assert!(told.len() <= MAX_DISTINCT_MESSAGES);
        assert_eq!(told.last().map(|told| told.0), Some(3_999_000));
        for (before, next) in told.iter().zip(told.iter().skip(1)) {
            assert!(next.0 - before.0 <= 80_000, "{before:?} {next:?}");
        }
    }

    #[test]
    fn of_too_many_ways_to_say_the_same_each_time_is_told() {
        let mut messages = Messages::default();
        for second in 0..2_000 {
            push(&mut messages, second * 2_000, &format!("{second}"), "same");
        }
        assert!(!messages.are_thinned);
        assert_eq!(told(&messages).len(), 2_000);
    }
}
