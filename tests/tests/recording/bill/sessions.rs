//! Looking at an organization's sessions, sharing one, and erasing somebody.

use identity::OrganizationId;
use lambda_http::Body;
use lambda_http::http::Method;
use serde_json::json;
use store::{Days, ProblemQuery, SessionFilter, ShareId, ShareLinkDays};

use super::operations::{Cost, EMAIL, record_session, take};
use crate::stack::{SECRET_KEY, Stack, request};

/// Sessions of an organization that has been recorded for a day.
const SESSIONS: usize = 20;

/// The list of all sessions, one of them, and a link to it.
pub(crate) async fn looking_at_sessions() -> Vec<(&'static str, Cost)> {
    let stack = Stack::start().await;
    for number in 0..SESSIONS {
        let visitor = json!({ "user_id": format!("u-{number}") });
        record_session(&stack, &format!("s-{number}"), &visitor, 1).await;
    }
    take(&stack);
    let organization = OrganizationId::parse("org_acme").unwrap();
    let (store, now) = (&stack.store, stack.clock.now());
    let mut costs = Vec::new();
    let all = SessionFilter::default();
    let page = store
        .of(&organization)
        .sessions()
        .list(&all, None, SESSIONS, now);
    assert_eq!(page.await.unwrap().sessions.len(), SESSIONS);
    costs.push(("sessions: a page of 20", take(&stack)));
    let raging = SessionFilter {
        rage_clicks: true,
        page: store::PageFilter::parse("/nowhere"),
        ..all
    };
    let page = store
        .of(&organization)
        .sessions()
        .list(&raging, None, SESSIONS, now);
    assert_eq!(page.await.unwrap().sessions, []);
    costs.push(("sessions: nothing found in two months", take(&stack)));

    let people = store
        .of(&organization)
        .people()
        .called("u-1")
        .await
        .unwrap();
    costs.push(("sessions: somebody looked up", take(&stack)));
    let profile = store
        .of(&organization)
        .people()
        .profile(&people[0], now)
        .await;
    profile.unwrap().unwrap();
    costs.push(("sessions: somebody's profile", take(&stack)));

    let problems = store.of(&organization).problems();
    let week = ProblemQuery {
        days: Days::until(now, 7),
        kind: None,
        only_new: false,
        skip: 0,
        limit: SESSIONS,
    };
    let list = problems.list(week, now).await.unwrap();
    let first = &list.problems[0];
    assert_eq!(first.total.sessions, SESSIONS as u64);
    costs.push(("problems: those of a week", take(&stack)));
    let found = problems.find(first.fingerprint, week.days, now).await;
    found.unwrap().unwrap();
    costs.push(("problems: one of them", take(&stack)));

    let session = identity::SessionId::parse("s-1").unwrap();
    let sessions = store.of(&organization).sessions();
    let stored = sessions.read(&session, now).await.unwrap().unwrap();
    let beside = sessions.neighbours(&people[0], &stored.place, now).await;
    beside.unwrap();
    costs.push(("recording: the page", take(&stack)));
    sessions.read(&session, now).await.unwrap().unwrap();
    let chunks = sessions.chunks_from(&session, 0, 100).await.unwrap();
    assert!(!chunks.is_empty());
    costs.push(("recording: all that happened", take(&stack)));

    let link = (
        ShareId::from_random([1; 16]),
        ShareLinkDays::parse("7").unwrap(),
    );
    let made = store
        .of(&organization)
        .share_links()
        .create(&session, "canvas", link, now);
    let link = made.await.unwrap().unwrap();
    costs.push(("share: a link made", take(&stack)));
    let workspace = identity::WorkspaceId::parse("local").unwrap();
    // The address, then the page.
    for _ in 0..2 {
        let found = store.share_link(&link.id, &session, now).await;
        found.unwrap().unwrap();
        store.connections().get(&workspace).await.unwrap();
    }
    let opened = store.open_share_link(&link.id, &session, now).await;
    opened.unwrap().unwrap();
    costs.push(("share: a link opened", take(&stack)));
    store
        .of(&organization)
        .share_links()
        .list(now)
        .await
        .unwrap();
    costs.push(("share: the list", take(&stack)));
    let revoked = store.of(&organization).share_links().revoke(&link.id).await;
    revoked.unwrap();
    costs.push(("share: a link revoked", take(&stack)));
    costs
}

/// From the call to the second time that it is gone over.
pub(crate) async fn erasing() -> Vec<(&'static str, Cost)> {
    let mut costs = Vec::new();
    for (name, sessions) in [
        ("erase: nobody", 0),
        ("erase: somebody with 1 session", 1),
        ("erase: somebody with 10 sessions", 10),
    ] {
        let stack = Stack::start().await;
        for number in 0..sessions {
            let visitor = json!({ "email": EMAIL });
            record_session(&stack, &format!("s-{number}"), &visitor, 2).await;
        }
        take(&stack);
        let path = format!("/v1/people?email={EMAIL}");
        let answer = stack.send(request(Method::DELETE, &path, SECRET_KEY, Body::Empty));
        assert_eq!(answer.await.status, 202);
        stack.erase_all().await;
        costs.push((name, take(&stack)));
    }
    costs
}
