//! What is kept where there is no room for all: spread over the whole length, the worst of each stretch.

use std::cmp::Reverse;

/// Lengths of the stretches, the longest first: each the half of the one before, and among them a minute.
const LONGEST_STRETCH_MS: i64 = 60_000 << 14;

/// Where something stands, and how bad it is: the worst has the smallest rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: i64,
    pub(crate) rank: u8,
}

/// Chooses among the places, which are in the order of time.
#[derive(Debug)]
pub(crate) struct Choice<'p> {
    places: &'p [Place],
    is_chosen: Vec<bool>,
    room: usize,
}

impl<'p> Choice<'p> {
    pub(crate) fn new(places: &'p [Place], room: usize) -> Self {
        let is_chosen = vec![false; places.len()];
        Self {
            places,
            is_chosen,
            room,
        }
    }

    pub(crate) fn room(&self) -> usize {
        self.room
    }

    /// Which are chosen.
    pub(crate) fn chosen(self) -> Vec<bool> {
        self.is_chosen
    }

    pub(crate) fn is_chosen(&self, index: usize) -> bool {
        self.is_chosen.get(index) == Some(&true)
    }

    /// Chooses one, if there is room.
    pub(crate) fn add(&mut self, index: usize) {
        if let Some(is_chosen) = self.is_chosen.get_mut(index)
            && !*is_chosen
            && self.room > 0
        {
            *is_chosen = true;
            self.room -= 1;
        }
    }

    /// Chooses the worst of every stretch, of ever shorter ones down to `shortest` milliseconds, among those
    /// that `counts`, as long as there is room. Where there is none for all stretches of a length, the worst
    /// of them go first, and of equally bad ones the latest.
    pub(crate) fn spread(&mut self, shortest: i64, counts: impl Fn(usize) -> bool) {
        let counted: Vec<usize> = (0..self.places.len())
            .filter(|each| counts(*each))
            .collect();
        let mut length = LONGEST_STRETCH_MS;
        while length >= shortest && self.room > 0 {
            let mut worst = self.worst_of_stretches(&counted, length);
            if worst.len() > self.room {
                worst.sort_by_key(|index| self.key(*index));
            }
            worst.into_iter().for_each(|index| self.add(index));
            length /= 2;
        }
    }

    /// Chooses whatever there is still room for, the worst first.
    pub(crate) fn fill(&mut self) {
        let mut others: Vec<usize> = (0..self.places.len()).collect();
        others.retain(|index| !self.is_chosen(*index));
        others.sort_by_key(|index| self.key(*index));
        others.into_iter().for_each(|index| self.add(index));
    }

    /// The worst of each stretch, but for stretches of which one as bad is chosen already.
    fn worst_of_stretches(&self, counted: &[usize], length: i64) -> Vec<usize> {
        let mut worst = Vec::new();
        let stretch = |index: &usize| self.places[*index].at.div_euclid(length);
        for stretch in counted.chunk_by(|one, next| stretch(one) == stretch(next)) {
            let Some(rank) = stretch.iter().map(|index| self.places[*index].rank).min() else {
                continue;
            };
            let mut as_bad = stretch
                .iter()
                .filter(|index| self.places[**index].rank == rank);
            if !as_bad.clone().any(|index| self.is_chosen(*index)) {
                worst.extend(as_bad.next_back());
            }
        }
        worst
    }

    fn key(&self, index: usize) -> (u8, Reverse<i64>) {
        let place = self.places[index];
        (place.rank, Reverse(place.at))
    }
}

/// Leaves at most `room` of the items, which are in the order of time.
pub(crate) fn thin<T>(items: &mut Vec<T>, room: usize, place: impl Fn(&T) -> Place) {
    let places: Vec<Place> = items.iter().map(place).collect();
    let mut choice = Choice::new(&places, room);
    choice.add(0);
    choice.add(places.len().saturating_sub(1));
    choice.spread(1, |_| true);
    let mut chosen = choice.chosen().into_iter();
    items.retain(|_| chosen.next() == Some(true));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = Vec<Place>> {
        let place = (0i64..5_000_000, 0u8..5).prop_map(|(at, rank)| Place { at, rank });
        prop::collection::vec(place, 0..200).prop_map(|mut places| {
            places.sort_by_key(|place| place.at);
            places
        })
    }

    proptest! {
        #[test]
        fn every_stretch_keeps_its_worst_at_the_finest_length_for_which_there_is_room(
            places in places(), room in 0usize..60,
        ) {
            let mut choice = Choice::new(&places, room);
            choice.spread(1, |_| true);
            let chosen = choice.chosen();
            prop_assert!(chosen.iter().filter(|each| **each).count() <= room);
            let stretches = |length: i64| {
                let stretch = move |place: &Place| place.at / length;
                places.chunk_by(move |one, next| stretch(one) == stretch(next))
            };
            let mut length = LONGEST_STRETCH_MS;
            while length > 0 && stretches(length).count() <= room {
                let mut from = 0;
                for stretch in stretches(length) {
                    let worst = stretch.iter().map(|place| place.rank).min();
                    let mut kept = stretch.iter().zip(&chosen[from..]).filter(|(_, kept)| **kept);
                    prop_assert!(kept.any(|(place, _)| Some(place.rank) == worst));
                    from += stretch.len();
                }
                length /= 2;
            }
        }

        #[test]
        fn what_is_thinned_keeps_its_ends_and_its_bound(places in places(), room in 2usize..60) {
            let mut thinned = places.clone();
            thin(&mut thinned, room, |place| *place);
            prop_assert!(thinned.len() <= room);
            prop_assert_eq!(thinned.first(), places.first());
            prop_assert_eq!(thinned.last(), places.last());
            if places.len() <= room {
                // Those of one millisecond are one stretch: the worst of it stays.
                let mut times: Vec<i64> = places.iter().map(|place| place.at).collect();
                times.dedup();
                let mut kept: Vec<i64> = thinned.iter().map(|place| place.at).collect();
                kept.dedup();
                prop_assert_eq!(kept, times);
            }
        }
    }
}
