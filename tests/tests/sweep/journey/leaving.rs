//! The connection has its troubles, and ends.

use serde_json::json;

use super::arriving::{act, reconnect, sign_in};
use super::watching::signed;
use super::{Journey, field, get};
use crate::door::{Door, Service};
use crate::intercom::WORKSPACE;

pub(super) async fn leave(journey: &mut Journey<'_>) {
    ask(journey, "well", "/health").await;
    journey.refuses_tokens = true;
    ask(journey, "its token is refused", "/health").await;
    journey.refuses_tokens = false;
    reconnect(journey, "connected again").await;

    // Nobody has asked to switch, so there is no form for it.
    let path = settings::Action::Switch.path();
    let refused = journey
        .post("a switch unasked", Service::Settings, &path, &[])
        .await;
    assert_eq!(refused.status, 403, "{refused:?}");

    act(journey, "signed out", "sign-out", &[], &[]).await;
    sign_in(journey, "signed in", get("/install")).await;
    let everywhere = [field("everywhere", "yes")];
    act(
        journey,
        "signed out everywhere",
        "sign-out",
        &[],
        &everywhere,
    )
    .await;
    sign_in(journey, "signed in once more", get("/install")).await;

    let gone = act(journey, "disconnected", "disconnect", &[], &[]).await;
    assert!(gone.location().ends_with("done=disconnected"), "{gone:?}");
    sign_in(journey, "connected after all", get("/install")).await;
    // Intercom ends the token first.
    journey.refuses_tokens = true;
    ask(journey, "uninstalled", "/uninstall").await;
    ask(journey, "uninstalled again", "/uninstall").await;
}

async fn ask(journey: &mut Journey<'_>, name: &str, target: &str) {
    let body = match target {
        "/uninstall" => json!({ "app_id": WORKSPACE }),
        _ => json!({ "workspace_id": WORKSPACE }),
    };
    let door = Door::Request(Service::Installation, signed(target, &body));
    let answer = journey.step(name, door).await;
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
}
