//! Sessions: chunks, summaries, whose they are, the lists they stand in, links that open them.

pub(crate) mod activity;
pub(crate) mod begun;
pub(crate) mod checkpoint;
pub(crate) mod chunk_body;
pub(crate) mod chunks;
pub(crate) mod cipher;
pub(crate) mod cursor;
pub(crate) mod day;
pub(crate) mod day_counts;
pub(crate) mod day_index;
pub(crate) mod filter;
pub(crate) mod gap;
pub(crate) mod identification;
pub(crate) mod identify;
pub(crate) mod indexed_addresses;
pub(crate) mod known;
pub(crate) mod leading;
pub(crate) mod list;
pub(crate) mod listing;
pub(crate) mod meta;
pub(crate) mod moves;
pub(crate) mod neighbours;
pub(crate) mod object_path;
pub(crate) mod objects;
pub(crate) mod person_list;
pub(crate) mod problem_words;
pub(crate) mod problems;
pub(crate) mod profile;
pub(crate) mod progress;
pub(crate) mod read;
pub(crate) mod recordings;
pub(crate) mod requests;
pub(crate) mod rows;
pub(crate) mod runs;
pub(crate) mod share_id;
pub(crate) mod share_links;
pub(crate) mod tombstone;
pub(crate) mod visit_length;

use crate::scope::Scope;

/// An organization's sessions.
#[derive(Debug, Clone, Copy)]
pub struct Sessions<'a> {
    scope: Scope<'a>,
}

impl<'a> Sessions<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}

/// Links that open one session of an organization each.
#[derive(Debug, Clone, Copy)]
pub struct ShareLinks<'a> {
    scope: Scope<'a>,
}

impl<'a> ShareLinks<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}

/// People of an organization, with their sessions.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    scope: Scope<'a>,
}

impl<'a> People<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}
