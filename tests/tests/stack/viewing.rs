//! A recording to look at, from the panel's link to the events that a player gets.

use http::Request;
use serde_json::Value;
use url::Url;

use crate::deployment::Deployment;
use crate::panel;
use crate::recording::{self, SESSION};

pub(crate) fn the_panels_links_lead_to_the_recording_and_to_all_sessions(
    deployment: &mut Deployment,
) {
    let details = panel::details(deployment);
    let session = link(&details, "View session");
    let key = session.query_pairs().find(|(name, _)| name == "key");
    let key = key.unwrap().1.into_owned();
    let page = get(deployment, &path(&session), 200);
    assert!(page.contains("What happened"), "{page}");

    let index = format!("/sessions/{SESSION}/recording?key={key}");
    let index: Value = serde_json::from_str(&get(deployment, &index, 200)).unwrap();
    let pieces = index["pieces"].as_array().unwrap();
    let mut events = 0;
    for piece in pieces {
        let (seq, part) = (&piece["seq"], &piece["part"]);
        let piece = format!("/sessions/{SESSION}/events/{seq}/{part}?key={key}");
        let piece: Vec<Value> = serde_json::from_str(&get(deployment, &piece, 200)).unwrap();
        events += piece.len();
    }
    assert_eq!(events, recording::events(), "{index}");

    let all = link(&details, "View all sessions");
    let page = get(deployment, &path(&all), 200);
    assert!(page.contains(SESSION), "{page}");

    let share = Request::post(format!("/sessions/{SESSION}/share?key={key}"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(Vec::new())
        .unwrap();
    let shared = deployment.function("sessions").request(&share, 200);
    get(deployment, shared["path"].as_str().unwrap(), 200);

    // Changed, for another session, and without anything.
    for closed in [
        format!("/sessions/{SESSION}?key={key}x"),
        format!("/sessions/s-2?key={key}"),
        format!("/sessions?key={key}"),
        format!("/sessions/{SESSION}"),
    ] {
        get(deployment, &closed, 404);
    }
}

/// Where the button with this label leads.
fn link(canvas: &Value, label: &str) -> Url {
    let components = canvas["canvas"]["content"]["components"].as_array();
    let mut components = components.unwrap().iter();
    let button = components.find(|component| component["label"] == label);
    let url = button.and_then(|button| button["action"]["url"].as_str());
    Url::parse(url.unwrap_or_else(|| panic!("no {label}: {canvas}"))).unwrap()
}

fn path(url: &Url) -> String {
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

fn get(deployment: &mut Deployment, path: &str, status: u16) -> String {
    let request = Request::get(path).body(Vec::new()).unwrap();
    let answer = deployment.function("sessions").exchange(&request, status);
    String::from_utf8_lossy(answer.body()).into_owned()
}
