//! A workspace is connected, and its admin sees to it.

use jiff::SignedDuration;
use url::Url;

use super::{Journey, Keys, field, form, get};
use crate::door::{Answer, Door, HOST, Sent, Service};
use crate::functions::ask;
use crate::intercom::{CODE, WORKSPACE};
use crate::lines::Line;
use crate::world::World;

pub(crate) const PAGE: &str = "/settings/integrations/intercom";

/// The first install, and the settings that an admin begins with.
pub(super) async fn arrive(journey: &mut Journey<'_>) -> Keys {
    let arrived = sign_in(journey, "first install", get("/install")).await;
    let first_secret = key_of("rk_secret_", &arrived);
    assert!(first_secret.len() > 40, "{first_secret}");
    choose(journey, "preferences of the beginning", "90").await;
    journey
        .settle("nothing is older", Line::Erase, SignedDuration::ZERO)
        .await;

    let rotated = replace_key(journey, "secret").await;
    let secret = key_of("rk_secret_", &rotated);
    assert_ne!(secret, first_secret);
    replace_key(journey, "write").await;
    sign_names(journey).await;
    let page = journey.get("the page", Service::Settings, PAGE).await;
    // Those who take longer to deploy: the new key is for everybody.
    let write = key_of("rk_write_", &page);
    Keys { write, secret }
}

/// From the beginning of an authorization to the settings page; what stands there.
pub(super) async fn sign_in(journey: &mut Journey<'_>, what: &str, begin: Sent) -> Answer {
    let name = |step: &str| format!("{what}: {step}");
    let service = Service::OauthCallback;
    let begun = journey
        .browse(&name("the way out"), service, begin.clone())
        .await;
    journey.again = Some(begin);
    let back = way_back(journey.world, &begun);
    let back = journey.get(&name("the way back"), service, &back).await;
    assert!(back.location().contains("handover="), "{back:?}");
    let arrival = back.location();
    let arrived = journey
        .get(&name("handover"), Service::Settings, &arrival)
        .await;
    assert!(
        journey
            .cookies
            .keys()
            .any(|name| name.ends_with("recapt_session")),
        "{arrived:?}"
    );
    arrived
}

/// What a browser does whose way back came to nothing: it begins anew. The answer to the second way back.
pub(crate) async fn sign_in_again(world: &World, begin: &Sent) -> Answer {
    let door = |sent| Door::Request(Service::OauthCallback, sent);
    let begun = ask(world, &door(begin.clone())).await;
    let cookie = begun.cookies().next().unwrap();
    let mut back = get(&way_back(world, &begun));
    let cookie = cookie.split(';').next().unwrap();
    back.headers.push(("cookie", cookie.to_owned()));
    ask(world, &door(back)).await
}

/// Where Intercom sends a browser once an admin has allowed the app.
fn way_back(world: &World, begun: &Answer) -> String {
    world.fake.allow(WORKSPACE, CODE);
    let url = Url::parse(&begun.location()).unwrap();
    let mut pairs = url.query_pairs();
    let (_, state) = pairs.find(|(name, _)| name == "state").unwrap();
    format!("/oauth/callback?code={CODE}&state={state}")
}

/// Saves preferences, with which everything is on.
pub(super) async fn choose(journey: &mut Journey<'_>, name: &str, retention_days: &str) {
    let fields = [
        field("retention_days", retention_days),
        field("sessions_in_list", "5"),
        field("show_possible_matches", "yes"),
        field("share_link_days", "7"),
        field("erase_deleted_contacts", "yes"),
        field("allowed_origins", ""),
    ];
    let saved = act(journey, name, "preferences", &[], &fields).await;
    assert!(
        saved.location().ends_with("done=preferences-saved"),
        "{saved:?}"
    );
}

/// What visitors' names are signed with: pasted, removed, made, replaced, and not required.
async fn sign_names(journey: &mut Journey<'_>) {
    let change = "change";
    for (name, platform, secret) in [
        ("secret of the web pasted", "web", "web-secret-1234"),
        ("secret of iOS pasted", "ios", "ios-secret-1234"),
    ] {
        let fields = [field("platform", platform), field("secret", secret)];
        act(journey, name, "identity", &[(change, "add")], &fields).await;
    }
    act(
        journey,
        "secret removed",
        "identity",
        &[(change, "remove")],
        &[],
    )
    .await;
    for name in ["identity key made", "identity key replaced"] {
        act(journey, name, "identity", &[(change, "replace-key")], &[]).await;
    }
    act(
        journey,
        "nothing required",
        "identity",
        &[(change, "require")],
        &[],
    )
    .await;
}

async fn replace_key(journey: &mut Journey<'_>, scope: &str) -> Answer {
    let name = format!("{scope} key replaced");
    act(journey, &name, "keys", &[("scope", scope)], &[]).await
}

/// Sends a form of the settings page: the one with these fields, and others in it.
pub(super) async fn act(
    journey: &mut Journey<'_>,
    name: &str,
    action: &str,
    given: &[(&str, &str)],
    fields: &[(String, String)],
) -> Answer {
    let page = journey
        .get(&format!("{name}: the page"), Service::Settings, PAGE)
        .await;
    let path = format!("{PAGE}/{action}");
    let mut sent = form(&page, &path, given);
    sent.extend_from_slice(fields);
    let answer = journey.post(name, Service::Settings, &path, &sent).await;
    assert!(matches!(answer.status, 200 | 303), "{name}: {answer:?}");
    answer
}

/// Signs in by the button that connects again.
pub(super) async fn reconnect(journey: &mut Journey<'_>, what: &str) {
    let sent = act(journey, what, "reconnect", &[], &[]).await;
    let begin = sent.location();
    assert!(begin.starts_with("/install"), "on {HOST}: {begin}");
    sign_in(journey, what, get(&begin)).await;
}

/// The first key with this beginning on a page.
fn key_of(beginning: &str, page: &Answer) -> String {
    let (_, rest) = page.body.split_once(beginning).unwrap();
    let end = rest
        .find(|character: char| !(character.is_ascii_alphanumeric() || "_-".contains(character)));
    format!("{beginning}{}", &rest[..end.unwrap()])
}
