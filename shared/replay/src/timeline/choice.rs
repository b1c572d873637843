//! The rows of a summary: all of them in a short visit, and of a long one those that tell it.
//!
//! The panel reads nothing but the summary. So whatever minute a conversation falls into, the rows have to
//! say what happened then, what was worst, what was last, and where the visitor was.

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_64;

use crate::definitions::{
    LONGEST_RUN_MS, MAX_PROBLEMS, MAX_TIMELINE, MAX_TIMELINE_BYTES, NEWEST_ROWS, PAGE_ROWS,
    RUN_GAP_MS,
};
use crate::fingerprint::Fingerprint;
use crate::moment::{Moment, MomentKind};
use crate::spread::{Choice, Place};

/// The moments as rows: a message that comes again soon has no new one.
pub(super) fn rows(moments: Vec<Moment>) -> Vec<Moment> {
    let mut rows: Vec<Moment> = Vec::with_capacity(moments.len());
    let mut latest: HashMap<(u64, Option<Fingerprint>), usize> = HashMap::new();
    for moment in moments {
        if is_message(moment.kind) {
            let key = (xxh3_64(moment.label.as_bytes()), moment.fingerprint);
            if let Some(row) = latest.get(&key).and_then(|place| rows.get_mut(*place))
                && row.label == moment.label
                && goes_on(row, &moment)
            {
                join(row, &moment);
                continue;
            }
            latest.insert(key, rows.len());
        }
        rows.push(moment);
    }
    rows
}

fn is_message(kind: MomentKind) -> bool {
    matches!(
        kind,
        MomentKind::JsError | MomentKind::ConsoleError | MomentKind::FailedRequest
    )
}

fn goes_on(row: &Moment, moment: &Moment) -> bool {
    let since_last = moment.at_ms.saturating_sub(end(row));
    since_last <= RUN_GAP_MS && end(moment).saturating_sub(row.at_ms) <= LONGEST_RUN_MS
}

/// When it happened last.
fn end(row: &Moment) -> u64 {
    row.last_at_ms.unwrap_or(row.at_ms)
}

/// Has the row stand for an equal one as well.
fn join(row: &mut Moment, equal: &Moment) {
    row.count += equal.count;
    row.last_at_ms = Some(end(row).max(end(equal)));
}

/// Chooses among the rows, which are in order, where a summary has no room for all.
pub(super) fn chosen(rows: Vec<Moment>) -> Vec<Moment> {
    let fits = |rows: &[Moment]| rows.len() <= MAX_TIMELINE && bytes(rows) <= MAX_TIMELINE_BYTES;
    if fits(&rows) {
        return rows;
    }
    let mut room = MAX_TIMELINE;
    let mut chosen = among(&rows, room);
    while !fits(&chosen) && room > 1 {
        room -= room.div_ceil(8);
        chosen = among(&rows, room);
    }
    chosen
}

/// Of the labels, as they are stored: as JSON.
fn bytes(rows: &[Moment]) -> usize {
    let labels = rows.iter().flat_map(|row| row.label.bytes());
    let escaped = labels.map(|byte| match byte {
        0..b' ' => 6,
        b'"' | b'\\' => 2,
        _ => 1,
    });
    escaped.sum()
}

/// Chooses so many.
fn among(rows: &[Moment], room: usize) -> Vec<Moment> {
    if rows.len() <= room {
        return rows.to_vec();
    }
    let places: Vec<Place> = rows.iter().map(place).collect();
    let mut choice = Choice::new(&places, room);
    for newest in rows.len() - NEWEST_ROWS.min(rows.len())..rows.len() {
        choice.add(newest);
    }
    choose_problems(&mut choice, rows);
    choose_pages(&mut choice, &places, rows);
    // Every minute, if there is room.
    choice.spread(60_000, |_| true);
    let is_page = |index: usize| rows[index].kind == MomentKind::Page;
    let pages_left = (0..rows.len()).filter(|index| is_page(*index) && !choice.is_chosen(*index));
    let pages_left: Vec<usize> = pages_left.collect();
    if pages_left.len() <= choice.room() {
        pages_left.into_iter().for_each(|page| choice.add(page));
    }
    choice.spread(1, |_| true);
    choice.fill();
    joined(rows, &choice.chosen())
}

/// One row of each problem, the worst first.
fn choose_problems(choice: &mut Choice<'_>, rows: &[Moment]) {
    let mut first: HashMap<_, usize> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(fingerprint) = row.fingerprint {
            first.entry(fingerprint).or_insert(index);
        }
    }
    let mut first: Vec<usize> = first.into_values().collect();
    first.sort_by_key(|index| (rows[*index].kind.severity(), *index));
    first.truncate(MAX_PROBLEMS);
    first.into_iter().for_each(|index| choice.add(index));
}

/// Each page once: the first, and of too many those that are spread over the visit.
fn choose_pages(choice: &mut Choice<'_>, places: &[Place], rows: &[Moment]) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        if row.kind == MomentKind::Page {
            first.entry(&row.label).or_insert(index);
        }
    }
    let mut is_first = vec![false; rows.len()];
    first.into_values().for_each(|index| is_first[index] = true);
    let mut pages = Choice::new(places, PAGE_ROWS.min(choice.room()));
    // Where the visitor came in.
    if let Some(first) = is_first.iter().position(|is_first| *is_first) {
        pages.add(first);
    }
    pages.spread(1, |index| is_first[index]);
    for index in 0..rows.len() {
        if pages.is_chosen(index) {
            choice.add(index);
        }
    }
}

pub(super) fn place(row: &Moment) -> Place {
    Place {
        at: row.at_ms.cast_signed(),
        rank: row.kind.severity(),
    }
}

/// The chosen rows. Each stands for those after it that equal it and were not chosen.
fn joined(rows: &[Moment], is_chosen: &[bool]) -> Vec<Moment> {
    let mut joined: Vec<Moment> = Vec::new();
    let mut latest: HashMap<(MomentKind, &str, Option<Fingerprint>), usize> = HashMap::new();
    for (row, is_chosen) in rows.iter().zip(is_chosen) {
        let equal = (row.kind, row.label.as_str(), row.fingerprint);
        if *is_chosen {
            latest.insert(equal, joined.len());
            joined.push(row.clone());
        } else if let Some(before) = latest.get(&equal)
            && !matches!(row.kind, MomentKind::Idle | MomentKind::Resize)
        {
            join(&mut joined[*before], row);
        }
    }
    joined
}

#[cfg(test)]
mod tests;
