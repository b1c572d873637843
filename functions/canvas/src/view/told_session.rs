//! The session that the panel tells first: the one that led to the conversation, or the latest.

use std::cmp::Reverse;

use identity::PersonId;
use intercom::canvas::{Action, Button, CanvasError, Component, List, ListItem};
use jiff::SignedDuration;
use pages::{format, words};
use replay::{Fingerprint, Moment, Summary};
use store::SessionRow;

use super::explaining::explaining;
use super::frame::Frame;
use super::moment;
use super::others::{self, Others};
use crate::beginning::Beginning;
use crate::target::Target;

/// Longest silence between a session's end and a conversation that it still led to. Sessions end after as
/// much.
const MAX_SILENCE_BEFORE: SignedDuration = SignedDuration::from_mins(30);

/// Most moments shown: the first view is small.
pub(crate) const MAX_MOMENTS: usize = 3;

/// Longest name of a page, characters: it shares its line.
const MAX_PAGE_CHARS: usize = 40;

/// A session, told as what somebody did before they wrote, or did last.
#[derive(Debug)]
pub(crate) struct ToldSession<'a> {
    pub(crate) session: &'a SessionRow,
    /// The conversation that it led to.
    beginning: Option<&'a Beginning>,
}

impl<'a> ToldSession<'a> {
    /// The session that was under way when, or shortly before, a conversation began: of these, the one with
    /// activity closest before it.
    pub(crate) fn before(
        sessions: impl IntoIterator<Item = &'a SessionRow>,
        beginning: &'a Beginning,
    ) -> Option<Self> {
        let began = beginning.at;
        let led_to_it = |summary: &Summary| {
            summary.started_at < began
                && began.duration_since(summary.ended_at) <= MAX_SILENCE_BEFORE
        };
        let session = sessions
            .into_iter()
            .filter(|row| led_to_it(&row.summary))
            .max_by_key(|row| (row.summary.ended_at.min(began), row.summary.started_at))?;
        Some(Self {
            session,
            beginning: Some(beginning),
        })
    }

    /// A session that led to nothing that is known of.
    pub(crate) fn latest(session: &'a SessionRow) -> Self {
        Self {
            session,
            beginning: None,
        }
    }

    /// Whose session it is.
    pub(crate) fn person(&self) -> &PersonId {
        &self.session.person
    }

    /// The problems among the moments that explain it.
    pub(crate) fn fingerprints(&self) -> Vec<Fingerprint> {
        let told = explaining(&self.session.summary, self.offset_ms(), MAX_MOMENTS);
        let fingerprints = told.iter().filter_map(|(_, moment)| moment.fingerprint);
        fingerprints.collect()
    }

    /// The sentence, the way into the recording, and at most so many moments that explain it. `mark` says
    /// what is not certain about whose it is.
    pub(crate) fn draw(
        &self,
        mark: Option<&str>,
        moments: usize,
        others: &Others,
        frame: &Frame,
    ) -> Result<Vec<Component>, CanvasError> {
        let mut components: Vec<Component> = vec![List::new([self.sentence(mark, frame)])?.into()];
        components.extend(self.watch(frame).map(Component::from));
        let rows = self.rows(moments, others, frame);
        if !rows.is_empty() {
            components.push(List::new(rows)?.into());
        }
        Ok(components)
    }

    /// What happened, in a sentence; a click on it shows the session's details.
    fn sentence(&self, mark: Option<&str>, frame: &Frame) -> ListItem {
        let summary = &self.session.summary;
        let page = summary.last_url.as_deref().map(format::page);
        let story = match (summary.story.as_str(), page) {
            ("", Some(page)) => format!("Was on {page}."),
            ("", None) => "Was on your site.".to_owned(),
            (story, _) => story.to_owned(),
        };
        let place = match self.beginning {
            Some(beginning) => before(beginning, summary),
            None => format!(
                "Latest session · {}",
                format::date_and_time(summary.started_at, &frame.timezone)
            ),
        };
        let not_recorded = words::not_recorded(&summary.not_recorded);
        let incomplete = summary.incomplete.then(|| "incomplete".to_owned());
        let place: Vec<String> = [
            Some(place),
            mark.map(str::to_owned),
            not_recorded,
            incomplete,
        ]
        .into_iter()
        .flatten()
        .collect();
        let place = place.join(" · ");
        let id = Target::Session(self.session.cursor.clone()).to_string();
        let sentence = ListItem::new(id, story).subtitle(place);
        sentence.on_click(Action::Submit)
    }

    /// Opens the recording at the second at which the conversation began.
    fn watch(&self, frame: &Frame) -> Option<Button> {
        let (started_at, offset_ms) = (self.session.summary.started_at, self.offset_ms());
        let from = match self.beginning {
            Some(_) => offset_ms,
            None => 0,
        };
        let url = frame
            .links
            .recording(&self.session.session_id, from / 1_000)?;
        let at = format::time(format::wall_clock(started_at, from), &frame.timezone);
        Some(Button::link("watch", format!("Watch {at}"), url))
    }

    /// Where in the recording the conversation began; its end if that came first.
    fn offset_ms(&self) -> u64 {
        let summary = &self.session.summary;
        let Some(beginning) = self.beginning else {
            return summary.duration_ms;
        };
        let since_start = beginning.at.duration_since(summary.started_at).as_millis();
        u64::try_from(since_start)
            .unwrap_or(0)
            .min(summary.duration_ms)
    }

    /// The moments that explain the sentence, each a link into the recording.
    fn rows(&self, most: usize, others: &Others, frame: &Frame) -> Vec<ListItem> {
        let summary = &self.session.summary;
        let told = explaining(summary, self.offset_ms(), most);
        // It is said of one row: there is little room, and one is enough for "we know".
        let shared = told.iter().enumerate().max_by_key(|(place, (_, moment))| {
            (others::people(moment.fingerprint, others), Reverse(*place))
        });
        let most_shared = shared.map(|(place, _)| place);
        let row = |(place, (at_ms, moment)): (usize, (u64, &Moment))| {
            let at = format::wall_clock(summary.started_at, at_ms);
            let time = format::time(at, &frame.timezone);
            let item = ListItem::new(
                format!("told:{place}"),
                format!("{time} · {}", moment::line(moment)),
            );
            let line = others::line(moment.fingerprint, others, frame);
            let item = match line.filter(|_| most_shared == Some(place)) {
                Some(line) => item.subtitle(line),
                None => item,
            };
            match frame
                .links
                .recording(&self.session.session_id, at_ms / 1_000)
            {
                Some(url) => item.on_click(url),
                None => item,
            }
        };
        told.into_iter().enumerate().map(row).collect()
    }
}

/// `Before this conversation on /checkout · ended 12m before`. How long before does not change any more, as
/// "12 minutes ago" does.
fn before(beginning: &Beginning, summary: &Summary) -> String {
    let mut place = "Before this conversation".to_owned();
    if let Some(page) = &beginning.page {
        let page = format::clip(&format::page_address(page), MAX_PAGE_CHARS);
        place.push_str(&format!(" on {page}"));
    }
    let silence = beginning.at.duration_since(summary.ended_at);
    let minutes = u64::try_from(silence.as_mins()).unwrap_or(0);
    if minutes > 0 {
        let silence = format::duration(minutes * 60_000);
        place.push_str(&format!(" · ended {silence} before"));
    }
    place
}

#[cfg(test)]
mod tests {
    use identity::PageAddress;
    use replay::MomentKind;

    use super::*;
    use crate::view::testing::{began, frame, moment, row};

    /// The session runs from 10:15:02 to 10:15:43.
    const START: &str = "2026-11-20T10:15:02Z";

    fn found(at: &str) -> bool {
        ToldSession::before([&row("s1", START)], &began(at)).is_some()
    }

    #[test]
    fn a_session_leads_to_conversations_until_half_an_hour_after_its_end() {
        assert!(!found("2026-11-20T10:15:02Z"), "it has to start before");
        assert!(found("2026-11-20T10:15:03Z"));
        assert!(found("2026-11-20T10:45:43Z"));
        assert!(!found("2026-11-20T10:45:44Z"));
    }

    #[test]
    fn the_session_with_the_latest_activity_is_taken() {
        let (early, late) = (row("early", START), row("late", "2026-11-20T10:20:00Z"));
        let mut long = row("long", "2026-11-20T10:14:00Z");
        long.summary.ended_at = moment("2026-11-20T10:30:00Z");
        let taken = |at| {
            let beginning = began(at);
            let before = ToldSession::before([&late, &early, &long], &beginning).unwrap();
            before.session.session_id.as_str().to_owned()
        };
        assert_eq!(taken("2026-11-20T10:14:30Z"), "long");
        assert_eq!(
            taken("2026-11-20T10:15:20Z"),
            "early",
            "both are under way: the later start"
        );
        assert_eq!(taken("2026-11-20T10:19:00Z"), "long");
        assert_eq!(taken("2026-11-20T10:50:00Z"), "long");
    }

    /// The sentence and what stands below it, the link of *Watch*, and the moments.
    fn drawn(told: &ToldSession<'_>) -> (Vec<String>, String, Vec<String>) {
        let drawn = told
            .draw(None, MAX_MOMENTS, &Others::new(), &frame())
            .unwrap();
        let drawn = serde_json::to_value(drawn).unwrap();
        let titles = |list: &serde_json::Value| -> Vec<String> {
            let items = list["items"].as_array().into_iter().flatten();
            items
                .flat_map(|item| [&item["title"], &item["subtitle"]])
                .filter_map(|text| text.as_str().map(str::to_owned))
                .collect()
        };
        let watch = format!(
            "{} {}",
            drawn[1]["label"].as_str().unwrap(),
            drawn[1]["action"]["url"].as_str().unwrap()
        );
        (titles(&drawn[0]), watch, titles(&drawn[2]))
    }

    fn before_at(at: &str) -> (Vec<String>, String, Vec<String>) {
        let (session, beginning) = (row("s1", START), began(at));
        drawn(&ToldSession::before([&session], &beginning).unwrap())
    }

    #[test]
    fn the_sentence_comes_first_then_watch_then_what_explains_it() {
        let (sentence, watch, rows) = before_at("2026-11-20T10:15:22Z");
        assert_eq!(
            sentence,
            [
                row("s1", START).summary.story.as_str(),
                "Before this conversation"
            ]
        );
        assert_eq!(
            watch,
            "Watch 10:15AM https://app.example.com/sessions/s1?t=20"
        );
        assert_eq!(
            rows,
            [
                "10:15AM · 5× Rage click on \"Add to wishlist\"",
                "10:15AM · Opened /cart",
                "10:15AM · 2× Dead click on \"Pay\"",
            ]
        );
        let (.., rows) = before_at("2026-11-20T10:15:04Z");
        assert_eq!(rows, ["10:15AM · Opened / (front page)"]);
    }

    #[test]
    fn clicks_that_are_rage_and_dead_are_one_row() {
        let mut session = row("s1", START);
        let dead = Moment {
            kind: MomentKind::DeadClick,
            label: "Dead click on \"Add to wishlist\"".to_owned(),
            ..session.summary.timeline[1].clone()
        };
        session.summary.timeline.insert(2, dead);
        let beginning = began("2026-11-20T10:15:08Z");
        let (.., rows) = drawn(&ToldSession::before([&session], &beginning).unwrap());
        assert_eq!(
            rows,
            [
                "10:15AM · Opened / (front page)",
                "10:15AM · 5× Rage click on \"Add to wishlist\"",
            ]
        );
    }

    #[test]
    fn below_the_sentence_stands_where_the_conversation_began_and_how_long_after() {
        for (at, page, place) in [
            ("2026-11-20T10:15:22Z", None, "Before this conversation"),
            (
                "2026-11-20T10:15:22Z",
                Some("https://shop.example/checkout?step=2"),
                "Before this conversation on /checkout",
            ),
            (
                "2026-11-20T10:27:50Z",
                None,
                "Before this conversation · ended 12m before",
            ),
        ] {
            let beginning = Beginning {
                page: page.and_then(PageAddress::of),
                ..began(at)
            };
            let session = row("s1", START);
            let (sentence, ..) = drawn(&ToldSession::before([&session], &beginning).unwrap());
            assert_eq!(sentence[1], place);
        }
    }

    #[test]
    fn without_a_conversation_the_latest_session_is_told_from_its_start() {
        let session = row("s1", START);
        let (sentence, watch, rows) = drawn(&ToldSession::latest(&session));
        assert_eq!(sentence[1], "Latest session · Nov 20, 2026 at 10:15AM UTC");
        assert!(watch.ends_with("/sessions/s1?t=0"), "{watch}");
        assert_eq!(rows.len(), MAX_MOMENTS);
    }

    #[test]
    fn a_session_that_was_summarized_before_stories_were_told_names_its_page() {
        let mut session = row("s1", START);
        session.summary.story.clear();
        assert_eq!(drawn(&ToldSession::latest(&session)).0[0], "Was on /cart.");
    }

    #[test]
    fn what_is_not_certain_is_marked_below_the_sentence() {
        let session = row("s1", START);
        let told = ToldSession::latest(&session);
        let drawn = told
            .draw(Some("possible match"), 1, &Others::new(), &frame())
            .unwrap();
        let drawn = serde_json::to_value(drawn).unwrap();
        let place = drawn[0]["items"][0]["subtitle"].as_str().unwrap();
        assert!(place.ends_with(" · possible match"), "{place}");
        assert_eq!(drawn[2]["items"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn the_link_leads_to_the_very_second_and_never_past_the_end() {
        let url = |at| before_at(at).1;
        assert!(url("2026-11-20T10:15:22.9Z").ends_with("/sessions/s1?t=20"));
        assert!(url("2026-11-20T10:40:00Z").ends_with("/sessions/s1?t=41"));
    }
}
