//! Everything but sessions: what is the matter, in grey, and a way out.

use pages::{format, words};
use std::iter;

use identity::Alias;
use intercom::canvas::{Action, Button, ButtonStyle, Canvas, CanvasError, Component, Text};
use store::Connection;

use super::frame::Links;
use crate::position::Position;
use crate::target::Target;

/// The workspace has never been connected to an organization of ours.
pub(crate) fn not_connected(links: &Links) -> Result<Canvas, CanvasError> {
    let sentences = [
        "Recapt isn’t connected to this workspace yet.",
        "An admin can connect it. Then you’ll see here what people did on your site before they wrote.",
    ];
    state(
        &sentences,
        links
            .install()
            .map(|url| Button::link("connect", "Connect Recapt", url)),
    )
}

/// An admin has disconnected the workspace.
pub(crate) fn disconnected(links: &Links) -> Result<Canvas, CanvasError> {
    let sentences = [
        "Recapt is disconnected from this workspace.",
        "Sessions recorded earlier are kept. An admin can connect it again.",
    ];
    state(
        &sentences,
        links
            .settings()
            .map(|url| Button::link("settings", "Open settings", url)),
    )
}

/// Intercom sent no person.
pub(crate) fn no_contact() -> Result<Canvas, CanvasError> {
    let sentences = [
        "Nobody is selected in this conversation.",
        "Select a person to see their sessions.",
    ];
    state(&sentences, [try_again()])
}

/// The contact is put away in Intercom, and may come back.
pub(crate) fn archived(links: &Links) -> Result<Canvas, CanvasError> {
    let sentences = [
        "This contact is archived in Intercom.",
        "Their sessions are kept, and are shown again once the contact is back.",
    ];
    state(
        &sentences,
        iter::once(try_again()).chain(all_sessions(links)),
    )
}

/// The contact is gone from Intercom for good.
pub(crate) fn deleted(links: &Links) -> Result<Canvas, CanvasError> {
    let sentences = [
        "This contact was deleted in Intercom.",
        "Nothing leads from it to sessions any more. If the person writes again, they are a new contact.",
    ];
    state(
        &sentences,
        iter::once(try_again()).chain(all_sessions(links)),
    )
}

/// Intercom knows nothing of the person that a recorder could know as well.
pub(crate) fn no_identifiers(links: &Links) -> Result<Canvas, CanvasError> {
    let sentences = [
        "This person has no email, user ID or visitor ID in Intercom, so their sessions can’t be found.",
        "Add their email to the contact, then try again.",
    ];
    state(
        &sentences,
        iter::once(try_again()).chain(all_sessions(links)),
    )
}

/// There is something to look for, and nothing was found.
pub(crate) fn no_sessions(
    identifiers: &[Alias],
    connection: &Connection,
    links: &Links,
) -> Result<Canvas, CanvasError> {
    let kinds = words::alias_kinds(identifiers.iter().map(Alias::kind));
    let found = match kinds.as_str() {
        "" => "No sessions of this person.".to_owned(),
        kinds => format!("No sessions found by {kinds}. What to check:"),
    };
    let mut components = vec![Text::muted(found).into()];
    let days = days(connection);
    let reasons = [
        "• Email differs: do they use another one on your site?".to_owned(),
        "• Not identified: does your site tell the recorder who they are once they sign in?"
            .to_owned(),
        format!(
            "• Not recorded yet: is the recorder on the pages they visited? Sessions show up within seconds and are \
             kept for {days}."
        ),
        "• Other organization: is this workspace connected to the one that records your site?"
            .to_owned(),
    ];
    components.extend(reasons.map(|reason| Text::muted(reason).into()));
    components.push(try_again().into());
    components.extend(all_sessions(links).map(Component::from));
    Canvas::new(components)
}

/// The session that was clicked is gone, or was never this person's.
pub(crate) fn session_gone(
    connection: &Connection,
    position: &Position,
) -> Result<Canvas, CanvasError> {
    let days = days(connection);
    let sentences = [
        "This session can’t be found.".to_owned(),
        format!("Sessions are deleted {days} after they were recorded."),
    ];
    let back = Button::link(Target::Sessions.to_string(), "Back", Action::Submit);
    Canvas::with_stored_data(components(&sentences, [back]), position)
}

/// The click came from a canvas that we no longer draw.
pub(crate) fn unknown_component() -> Result<Canvas, CanvasError> {
    let sentences = ["This panel has changed since it was opened."];
    state(
        &sentences,
        [Button::link(
            Target::Sessions.to_string(),
            "Show sessions",
            Action::Submit,
        )],
    )
}

/// The table does not answer, or we have a bug.
pub(crate) fn failed(position: &Position) -> Result<Canvas, CanvasError> {
    let sentences = [
        "Something failed on our side, so sessions can’t be shown right now.",
        "Nothing is lost. Please try again in a moment.",
    ];
    Canvas::with_stored_data(components(&sentences, [try_again()]), position)
}

fn state(
    sentences: &[&str],
    ways_out: impl IntoIterator<Item = Button>,
) -> Result<Canvas, CanvasError> {
    Canvas::new(components(sentences, ways_out))
}

fn components(
    sentences: &[impl AsRef<str>],
    ways_out: impl IntoIterator<Item = Button>,
) -> Vec<Component> {
    let sentences = sentences
        .iter()
        .map(|sentence| Text::muted(sentence.as_ref()).into());
    sentences
        .chain(ways_out.into_iter().map(Component::from))
        .collect()
}

fn days(connection: &Connection) -> String {
    format::count(connection.preferences.retention_days.get().into(), "day")
}

fn try_again() -> Button {
    Button::new(
        ButtonStyle::Secondary,
        Target::Sessions.to_string(),
        "Try again",
        Action::Submit,
    )
}

fn all_sessions(links: &Links) -> Option<Button> {
    let url = links.all_sessions()?;
    Some(Button::link("all", "All sessions", url))
}

#[cfg(test)]
mod tests {
    use intercom::HttpsUrl;
    use intercom::canvas::FIRST_CANVAS_PX;

    use super::*;
    use crate::view::testing::{components, connection, json, row};
    use pages::addresses::Pages;

    fn every_state() -> Vec<(&'static str, Canvas)> {
        let host = HttpsUrl::parse("https://app.example.com").unwrap();
        let links = Links::new(Pages::on(&host));
        let identifiers = [
            Alias::user_id("25").unwrap(),
            Alias::email("a@b.c").unwrap(),
        ];
        let position = Position::default();
        [
            ("not_connected", not_connected(&links)),
            ("disconnected", disconnected(&links)),
            ("no_contact", no_contact()),
            ("archived", archived(&links)),
            ("deleted", deleted(&links)),
            ("no_identifiers", no_identifiers(&links)),
            (
                "no_sessions",
                no_sessions(&identifiers, &connection(), &links),
            ),
            ("session_gone", session_gone(&connection(), &position)),
            ("unknown_component", unknown_component()),
            ("failed", failed(&position)),
        ]
        .map(|(name, canvas)| (name, canvas.unwrap()))
        .into()
    }

    #[test]
    fn every_state_says_what_it_is_and_what_to_do() {
        for (name, canvas) in every_state() {
            insta::assert_json_snapshot!(name, json(&canvas));
        }
    }

    #[test]
    fn every_state_is_muted_small_and_has_a_way_out() {
        for (name, canvas) in every_state() {
            let components = components(&canvas);
            let (texts, rest): (Vec<_>, Vec<_>) =
                components.iter().partition(|c| c["type"] == "text");
            assert!(texts.iter().all(|text| text["style"] == "muted"), "{name}");
            assert!(
                rest.iter().all(|way_out| way_out["type"] == "button"),
                "{name}"
            );
            assert!(
                rest.iter().all(|button| button.get("style").is_some()),
                "{name}: no primary buttons"
            );
            assert!(!texts.is_empty() && !rest.is_empty(), "{name}");
            assert!(
                canvas.height() <= FIRST_CANVAS_PX,
                "{name}: {}",
                canvas.height()
            );
        }
    }

    #[test]
    fn no_state_shows_an_identifier() {
        for (name, canvas) in every_state() {
            assert!(!canvas.as_json().contains("a@b.c"), "{name}");
        }
    }

    #[test]
    fn a_failure_does_not_lose_the_place_in_the_list() {
        let there = Position::default()
            .more()
            .followed_by(Some(row("s1", "2026-11-20T10:00:00Z").cursor))
            .more();
        let stored = json(&failed(&there).unwrap())["canvas"]["stored_data"].clone();
        assert_eq!(Position::of(&stored), there);
    }
}
