//! The list where it is not certain whose sessions these are; and that whatever has to be said fits.

use identity::PageAddress;
use identity::matching::Reason;

use super::*;
use crate::beginning::Beginning;
use crate::view::testing::{person, possible};

/// Everything that speaks for a match: the longest notice.
const EVERY_REASON: [Reason; 6] = [
    Reason::SamePage,
    Reason::ActiveThen,
    Reason::SameBrowser,
    Reason::SameVersion,
    Reason::SameSystem,
    Reason::SameLanguage,
];

fn possible_match() -> MatchEvidence {
    MatchEvidence {
        possible: Some(possible("ada", &EVERY_REASON)),
        ..MatchEvidence::default()
    }
}

fn conflict() -> MatchEvidence {
    MatchEvidence {
        certain: vec![AliasKind::ContactId, AliasKind::VisitorId],
        conflict: Some(AliasKind::UserId),
        ..MatchEvidence::default()
    }
}

/// Ada, who has typed Eve's address.
fn unverified() -> MatchEvidence {
    MatchEvidence {
        certain: vec![AliasKind::UserId],
        unverified: vec![person("eve")],
        ..MatchEvidence::default()
    }
}

fn drawn(sessions: &[SessionRow], evidence: &MatchEvidence) -> Value {
    let beginning = began("2026-11-20T11:59:30Z");
    let list = SessionList {
        evidence,
        told: ToldSession::before(sessions, &beginning).filter(|_| evidence.conflict.is_none()),
        ..list(sessions)
    };
    json(&draw(&list, &frame()).unwrap())
}

/// Somebody's live session, and one of an hour ago.
fn two_sessions() -> Vec<SessionRow> {
    let mut sessions = sessions(2);
    sessions[0] = row("s0", "2026-11-20T11:59:00Z");
    sessions
}

#[test]
fn a_possible_match_says_so_before_anything_else_and_on_every_session() {
    insta::assert_json_snapshot!(drawn(&two_sessions(), &possible_match()));
}

#[test]
fn of_several_peoples_sessions_none_is_told_as_the_contacts() {
    insta::assert_json_snapshot!(drawn(&two_sessions(), &conflict()));
}

#[test]
fn a_session_behind_an_unverified_email_is_marked_and_never_live() {
    let mut sessions = two_sessions();
    sessions[0].person = person("eve");
    insta::assert_json_snapshot!(drawn(&sessions, &unverified()));
}

#[test]
fn a_full_page_says_it_as_well() {
    let sessions = two_sessions();
    for (evidence, notice) in [
        (possible_match(), "**Possible match (80%)**"),
        (conflict(), "**Several people used this browser**"),
        (unverified(), "Matched by user ID; some by email"),
    ] {
        let mut list = list(&sessions);
        list.evidence = &evidence;
        list.position = Position::default().more();
        let drawn = components(&draw(&list, &frame()).unwrap());
        assert!(drawn[0]["text"].as_str().unwrap().starts_with(notice));
    }
}

#[test]
fn the_first_view_is_never_taller_than_intercom_allows() {
    let mut sessions = sessions(10);
    sessions[0] = row("s0", "2026-11-20T11:59:00Z");
    for row in &mut sessions {
        row.summary.incomplete = true;
        row.summary.last_url = Some(format!("https://shop.example/{}", "x".repeat(290)));
        row.summary.timeline[0].label = "x".repeat(160);
    }
    let nobody = MatchEvidence {
        unverified: vec![person("ada")],
        ..MatchEvidence::default()
    };
    let both = MatchEvidence {
        unverified: vec![person("eve")],
        ..possible_match()
    };
    let beginning = Beginning {
        page: PageAddress::of(&format!("https://shop.example/{}", "x".repeat(290))),
        ..began("2026-11-20T11:59:30Z")
    };
    let mut frame = frame();
    for needs_attention in [false, true] {
        frame.needs_attention = needs_attention;
        for evidence in [
            &BY_EMAIL,
            &possible_match(),
            &conflict(),
            &unverified(),
            &nobody,
            &both,
        ] {
            for count in 1..=sessions.len() {
                let mut list = list(&sessions[..count]);
                list.evidence = evidence;
                let height = |list: &SessionList<'_>| draw(list, &frame).unwrap().height();
                assert!(
                    height(&list) <= FIRST_CANVAS_PX,
                    "{count} sessions, {evidence:?}"
                );
                list.told = ToldSession::before(&sessions, &beginning);
                assert!(
                    height(&list) <= FIRST_CANVAS_PX,
                    "{count} sessions and before, {evidence:?}"
                );
            }
        }
    }
}
