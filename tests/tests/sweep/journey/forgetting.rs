//! People are erased, and sessions that have been kept long enough.

use jiff::SignedDuration;

use super::arriving::{choose, sign_in};
use super::recording::{bearer, chunk, chunks, post};
use super::watching::look;
use super::{Journey, Keys, form, get};
use crate::door::{Door, Sent, Service};
use crate::lines::Line;

pub(super) async fn forget(journey: &mut Journey<'_>, keys: &Keys) {
    by_api(journey, keys).await;
    by_button(journey, keys).await;
    by_age(journey).await;
}

/// Erasing takes a quarter of an hour: then it is gone over once more.
const WHOLE: SignedDuration = SignedDuration::from_mins(20);

async fn by_api(journey: &mut Journey<'_>, keys: &Keys) {
    let erase = Sent {
        method: "DELETE",
        target: "/v1/people?user_id=7".to_owned(),
        headers: vec![bearer(&keys.secret)],
        body: Vec::new(),
    };
    let asked = journey.step(
        "somebody is to be erased",
        Door::Request(Service::Record, erase),
    );
    assert_eq!(asked.await.status, 202);
    journey.settle("erasing somebody", Line::Erase, WHOLE).await;
    // What still arrives of them is not kept.
    let chunks = chunks(journey, 5);
    for (name, below, body) in [
        (
            "a chunk of an erased session",
            "s-2/chunks/1",
            &chunks[1][..],
        ),
        (
            "an erased session is identified",
            "s-3/identify",
            br#"{"user_id":"8"}"#,
        ),
    ] {
        let sent = post(keys, below, body);
        let refused = journey
            .step(name, Door::Request(Service::Record, sent))
            .await;
        assert_eq!(refused.status, 409, "{name}: {refused:?}");
    }
    journey
        .settle("erasing once more", Line::Erase, WHOLE)
        .await;
}

async fn by_button(journey: &mut Journey<'_>, keys: &Keys) {
    let chunks = chunks(journey, 5);
    chunk(journey, keys, "somebody comes", "s-7", 0, &chunks[0]).await;
    let sent = post(keys, "s-7/identify", br#"{"user_id":"9"}"#);
    let identified = journey.step("and has a name", Door::Request(Service::Record, sent));
    assert_eq!(identified.await.status, 202);
    journey
        .settle(
            "and is summarized",
            Line::Summarize,
            SignedDuration::from_mins(1),
        )
        .await;
    let recording = look(journey, "their recording", "/sessions/s-7").await;
    let person = format!("/people/{}", recording.between("href=\"/people/", "\""));
    let history = look(journey, "their history", &person).await;
    let path = format!("{person}/erase");
    let fields = form(&history, &path, &[]);
    let asked = journey.post("a button that erases", Service::Sessions, &path, &fields);
    let asked = asked.await;
    assert_eq!(asked.status, 200);
    let mut fields = form(&asked, &path, &[]);
    fields.push(("confirmed".to_owned(), "yes".to_owned()));
    let asked = journey.post("erased by a button", Service::Sessions, &path, &fields);
    assert_eq!(asked.await.status, 202);
    let preview = Sent {
        method: "GET",
        target: "/v1/people/erasure-preview?user_id=9".to_owned(),
        headers: vec![bearer(&keys.secret)],
        body: Vec::new(),
    };
    let seen = journey.step(
        "what an erasure would take",
        Door::Request(Service::Record, preview),
    );
    assert_eq!(seen.await.status, 200);
    journey
        .settle("erasing by a button", Line::Erase, WHOLE)
        .await;
}

/// Those who are left are older than what is to be kept from now on.
async fn by_age(journey: &mut Journey<'_>) {
    journey.later(SignedDuration::from_hours(24 * 40));
    sign_in(journey, "forty days later", get("/install")).await;
    choose(journey, "kept for less time", "30").await;
    journey
        .settle("erasing what is older", Line::Erase, WHOLE)
        .await;
    let left = journey.world.snapshot().await;
    let recordings = left
        .objects
        .keys()
        .filter(|path| path.starts_with("recordings/"));
    assert_eq!(recordings.count(), 0, "{:?}", left.objects.keys());
}
