//! What a pass reads, and who takes the next step. Pure.

use jiff::{SignedDuration, Timestamp};
use mirror::Choices;
use store::{Import, ImportPart, ImportPass, PartProgress};

use crate::import::Read;
use crate::plan::{ABANDONED_AFTER, RUN_OVERLAP};

/// What a copy is made for: with others it is begun anew.
pub(crate) fn made_for(choices: &Choices) -> String {
    format!(
        "companies_and_users={} conversations={} seen_within_days={}",
        choices.companies_and_users,
        choices.conversations,
        choices.seen_within_days.get()
    )
}

/// Whether a pass over these choices reads a part. `is_first`: nothing was read before.
fn reads(part: ImportPart, choices: &Choices, is_first: bool) -> bool {
    match part {
        ImportPart::Admins | ImportPart::Tags => choices.is_anything(),
        ImportPart::Segments | ImportPart::Companies | ImportPart::Members => {
            choices.companies_and_users
        }
        // The first time they come with their companies.
        ImportPart::Contacts => choices.companies_and_users && !is_first,
        ImportPart::Conversations => choices.conversations,
        ImportPart::Deletions => choices.conversations && !is_first,
        ImportPart::WriteBack => choices.companies_and_users && choices.write_back,
    }
}

/// The pass that a message's step belongs to; `None` when nothing is left to do for it.
///
/// As with runs of reconciliation: a pass goes on with the messages of the run that took it up last, and is
/// taken over when nobody goes on with it.
pub(crate) fn take_up(
    import: &Import,
    asked_at: Timestamp,
    choices: &Choices,
    now: Timestamp,
) -> Option<ImportPass> {
    if !choices.is_anything() {
        return None;
    }
    let is_other = import.choices != made_for(choices);
    match &import.pass {
        Some(pass) if pass.asked_at != asked_at && pass.due_at + ABANDONED_AFTER > now => None,
        Some(pass) if !is_other && !wants_all(import, pass.started_at) => Some(ImportPass {
            asked_at,
            due_at: now,
            ..pass.clone()
        }),
        None if !is_other
            && import.complete_until.is_some_and(|until| until >= asked_at)
            && import
                .complete_until
                .is_some_and(|until| !wants_all(import, until)) =>
        {
            None
        }
        _ => {
            let until = import.complete_until.filter(|_| !is_other);
            let until = until.filter(|until| !wants_all(import, *until));
            Some(ImportPass {
                asked_at,
                started_at: now,
                since: until.map(|until| until - RUN_OVERLAP),
                part: ImportPart::Admins,
                cursor: None,
                pending: Vec::new(),
                is_second_try: false,
                due_at: now,
            })
        }
    }
}

/// Whether somebody asked for everything anew after a moment.
fn wants_all(import: &Import, since: Timestamp) -> bool {
    import.wanted_at.is_some_and(|wanted| wanted > since)
}

/// The pass at the beginning of its next part; `None` when there is none.
pub(crate) fn next_part(
    pass: &ImportPass,
    choices: &Choices,
    now: Timestamp,
) -> Option<ImportPass> {
    let later = ImportPart::ALL.into_iter().filter(|part| *part > pass.part);
    let part = later
        .into_iter()
        .find(|part| reads(*part, choices, pass.since.is_none()))?;
    Some(ImportPass {
        part,
        cursor: None,
        pending: Vec::new(),
        is_second_try: false,
        due_at: now,
        ..pass.clone()
    })
}

/// Since when conversations are read: as long as recordings are kept, or what has changed.
pub(crate) fn conversations_since(
    since: Option<Timestamp>,
    kept_days: u32,
    now: Timestamp,
) -> Timestamp {
    let kept = SignedDuration::from_hours(24) * i32::try_from(kept_days).unwrap_or(i32::MAX);
    let first = now.checked_sub(kept).unwrap_or(Timestamp::UNIX_EPOCH);
    since.map_or(first, |since| since.max(first))
}

/// How far a part is after a page.
///
/// What was counted when all of it was read stays: of what is read again, nobody knows how much is new.
pub(crate) fn after_page(
    pass: &ImportPass,
    since: Option<Timestamp>,
    before: PartProgress,
    read: &Read,
) -> PartProgress {
    let counts =
        since.is_none() || !matches!(pass.part, ImportPart::Members | ImportPart::Conversations);
    let begins = pass.cursor.is_none() && pass.pending.is_empty();
    let so_far = if begins && counts { 0 } else { before.count };
    PartProgress {
        done: read.is_last,
        count: so_far + if counts { read.count } else { 0 },
        is_refused: before.is_refused && !read.is_last,
    }
}

/// Whether a moment is on another day (UTC) than one before.
pub(crate) fn is_of_another_day(before: Option<Timestamp>, at: Timestamp) -> bool {
    let day = |at: Timestamp| at.as_second().div_euclid(86_400);
    before.is_none_or(|before| day(before) != day(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_795_176_000 + 60 * minutes).unwrap()
    }

    fn pass(asked_at: i64) -> ImportPass {
        ImportPass {
            asked_at: at(asked_at),
            started_at: at(1),
            since: None,
            part: ImportPart::Members,
            cursor: Some("c".to_owned()),
            pending: vec!["p".to_owned()],
            is_second_try: false,
            due_at: at(3),
        }
    }

    fn import(complete_until: Option<i64>, pass: Option<ImportPass>) -> Import {
        Import {
            complete_until: complete_until.map(at),
            choices: made_for(&Choices::everything()),
            pass,
            ..Import::default()
        }
    }

    #[test]
    fn nothing_is_read_that_nobody_chose() {
        let all = import(None, Some(pass(0)));
        assert_eq!(take_up(&all, at(0), &Choices::default(), at(3)), None);
    }

    #[test]
    fn a_pass_goes_on_with_its_own_messages_until_nobody_goes_on_with_it() {
        let chosen = Choices::everything();
        let under_way = import(None, Some(pass(0)));
        let own = take_up(&under_way, at(0), &chosen, at(4)).unwrap();
        assert_eq!((own.part, own.due_at), (ImportPart::Members, at(4)));
        assert_eq!(take_up(&under_way, at(15), &chosen, at(15)), None);
        let over = take_up(&under_way, at(30), &chosen, at(30)).unwrap();
        assert_eq!((over.asked_at, over.part), (at(30), ImportPart::Members));
    }

    #[test]
    fn the_first_pass_reads_all_and_the_next_what_changed_since_it_began() {
        let chosen = Choices::everything();
        let first = take_up(&import(None, None), at(0), &chosen, at(1)).unwrap();
        assert_eq!((first.since, first.part), (None, ImportPart::Admins));
        let ended = import(Some(1), None);
        assert_eq!(take_up(&ended, at(0), &chosen, at(9)), None, "once more");
        let next = take_up(&ended, at(60), &chosen, at(61)).unwrap();
        assert_eq!(next.since, Some(at(1) - RUN_OVERLAP));
    }

    #[test]
    fn other_choices_and_a_wish_begin_all_of_it_anew() {
        let mut chosen = Choices::everything();
        chosen.companies_and_users = false;
        for import in [import(Some(1), None), import(None, Some(pass(0)))] {
            let anew = take_up(&import, at(0), &chosen, at(61)).unwrap();
            assert_eq!((anew.since, anew.part), (None, ImportPart::Admins));
        }
        for pass in [None, Some(pass(0))] {
            let wished = Import {
                wanted_at: Some(at(30)),
                ..import(Some(1), pass)
            };
            let anew = take_up(&wished, at(0), &Choices::everything(), at(61)).unwrap();
            assert_eq!((anew.since, anew.started_at), (None, at(61)));
        }
    }

    #[test]
    fn parts_come_in_their_order_and_only_those_that_were_chosen() {
        use ImportPart::{
            Admins, Companies, Contacts, Conversations, Deletions, Members, Segments, Tags,
            WriteBack,
        };
        let all = Choices::everything();
        let both_ways = Choices {
            conversations: false,
            write_back: true,
            ..all.clone()
        };
        let chats = Choices {
            // There is nobody to write it to.
            write_back: true,
            companies_and_users: false,
            ..all.clone()
        };
        for (choices, since, expected) in [
            (
                &all,
                None,
                vec![Admins, Tags, Segments, Companies, Members, Conversations],
            ),
            (
                &all,
                Some(at(0)),
                vec![
                    Admins,
                    Tags,
                    Segments,
                    Companies,
                    Members,
                    Contacts,
                    Conversations,
                    Deletions,
                ],
            ),
            (
                &both_ways,
                None,
                vec![Admins, Tags, Segments, Companies, Members, WriteBack],
            ),
            (&chats, None, vec![Admins, Tags, Conversations]),
            (
                &chats,
                Some(at(0)),
                vec![Admins, Tags, Conversations, Deletions],
            ),
        ] {
            let mut read = Vec::new();
            let mut next = Some(ImportPass {
                since,
                part: Admins,
                ..pass(0)
            });
            while let Some(pass) = next {
                read.push(pass.part);
                next = next_part(&pass, choices, at(4));
            }
            assert_eq!(read, expected);
        }
    }
}
