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
    let (page, cookie) = open(deployment, &path(&session));
    assert!(page.contains("What happened"), "{page}");

    let index = format!("/sessions/{SESSION}/recording");
    let index: Value = serde_json::from_str(&get(deployment, &index, &cookie, 200)).unwrap();
    let pieces = index["pieces"].as_array().unwrap();
    let mut events = 0;
    for piece in pieces {
        let (seq, part) = (&piece["seq"], &piece["part"]);
        let piece = format!("/sessions/{SESSION}/events/{seq}/{part}");
        let piece: Vec<Value> =
            serde_json::from_str(&get(deployment, &piece, &cookie, 200)).unwrap();
        events += piece.len();
    }
    assert_eq!(events, recording::events(), "{index}");

    let timeline = format!("/sessions/{SESSION}/timeline");
    let timeline: Value = serde_json::from_str(&get(deployment, &timeline, &cookie, 200)).unwrap();
    assert_eq!(timeline["complete"], true, "{timeline}");
    let log = format!("/sessions/{SESSION}/log");
    let log: Value = serde_json::from_str(&get(deployment, &log, &cookie, 200)).unwrap();
    assert_eq!(log["next"], Value::Null, "{log}");

    let all = link(&details, "all");
    let (list, _) = open(deployment, &path(&all));
    assert!(list.contains(SESSION), "{list}");

    let (_, token) = page.split_once("data-csrf=\"").unwrap();
    let form = format!("csrf={}", token.split('"').next().unwrap());
    let share = Request::post(format!("/sessions/{SESSION}/share"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Cookie", &cookie)
        .body(form.into_bytes())
        .unwrap();
    let shared = deployment.function("sessions").request(&share, 200);
    open(deployment, shared["path"].as_str().unwrap());

    // Changed, for another session, and without anything.
    for closed in [
        format!("/sessions/{SESSION}?key={key}x"),
        format!("/sessions/s-2?key={key}"),
        format!("/sessions?key={key}"),
        format!("/sessions/{SESSION}"),
    ] {
        get(deployment, &closed, "", 404);
    }
}

/// What a browser sees that follows a link, and the cookie that it is given on the way.
fn open(deployment: &mut Deployment, link: &str) -> (String, String) {
    let request = Request::get(link).body(Vec::new()).unwrap();
    let led = deployment.function("sessions").exchange(&request, 303);
    let header = |name| led.headers()[name].to_str().unwrap().to_owned();
    let cookie = header("set-cookie").split(';').next().unwrap().to_owned();
    let page = get(deployment, &header("location"), &cookie, 200);
    (page, cookie)
}

/// Where the button with this label leads.
fn link(canvas: &Value, label: &str) -> Url {
    let components = canvas["canvas"]["content"]["components"].as_array();
    let mut components = components.unwrap().iter();
    let button =
        components.find(|component| component["label"] == label || component["id"] == label);
    let url = button.and_then(|button| button["action"]["url"].as_str());
    Url::parse(url.unwrap_or_else(|| panic!("no {label}: {canvas}"))).unwrap()
}

fn path(url: &Url) -> String {
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

fn get(deployment: &mut Deployment, path: &str, cookie: &str, status: u16) -> String {
    let request = Request::get(path).header("Cookie", cookie);
    let request = request.body(Vec::new()).unwrap();
    let answer = deployment.function("sessions").exchange(&request, status);
    String::from_utf8_lossy(answer.body()).into_owned()
}
