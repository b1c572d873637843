//! What admins do, which is seldom: connecting a workspace and seeing to it.

use identity::WorkspaceId;
use jiff::tz::TimeZone;
use store::{
    ApiKey, Disconnection, Handover, HandoverToken, KEY_OVERLAP, KeyScope, NewConnection,
    Preferences, SecretText,
};

use super::operations::{Cost, take};
use crate::stack::Stack;

/// Everything from the way back from Intercom to the settings page, and what can be done there.
pub(crate) async fn seeing_to_a_workspace() -> Vec<(&'static str, Cost)> {
    let stack = Stack::start().await;
    let (store, now) = (&stack.store, stack.clock.now());
    let mut costs = Vec::new();
    for (number, name) in [(1, "connect: the first time"), (2, "connect: again")] {
        connect(&stack, number).await;
        costs.push((name, take(&stack)));
    }

    let workspace = WorkspaceId::parse("new").unwrap();
    let connection = store.connections().get(&workspace).await.unwrap().unwrap();
    let organization = &connection.organization;
    store.of(organization).api_keys().list(now).await.unwrap();
    let today = now.to_zoned(TimeZone::UTC).date();
    store
        .of(organization)
        .sessions()
        .day_counts(today)
        .await
        .unwrap();
    store
        .of(organization)
        .share_links()
        .list(now)
        .await
        .unwrap();
    store
        .of(organization)
        .identity_verification()
        .read(now)
        .await
        .unwrap();
    costs.push(("settings: the page", take(&stack)));

    let preferences = Preferences::default();
    let updated = store
        .connections()
        .update_preferences(&connection, &preferences);
    updated.await.unwrap();
    costs.push(("settings: preferences changed", take(&stack)));

    let key = ApiKey::from_random(KeyScope::Secret, [9; 32]);
    let rotated = store.of(&connection.organization).api_keys().rotate(
        &connection.preferences,
        &key,
        KEY_OVERLAP,
        now,
    );
    rotated.await.unwrap();
    costs.push(("settings: a key replaced", take(&stack)));

    store
        .connections()
        .token(&connection)
        .await
        .unwrap()
        .unwrap();
    let disconnected = store
        .connections()
        .disconnect(&workspace, None)
        .await
        .unwrap();
    assert!(matches!(disconnected, Disconnection::Done(_)));
    costs.push(("settings: disconnected", take(&stack)));
    costs
}

/// As `oauth-callback` does it, up to the arrival at the settings page.
async fn connect(stack: &Stack, number: u8) {
    let (store, now) = (&stack.store, stack.clock.now());
    assert!(store.spend_state(&number.to_string(), now).await.unwrap());
    let new = NewConnection {
        token: SecretText::new("dG9rOjAxMjM0NTY3LTg5YWItY2RlZi0wMTIzLTQ1Njc4OWFiY2RlZg=="),
        ..test_support::new_connection("new", "New")
    };
    let connection = store.connections().connect(&new, now).await.unwrap();
    let [write, secret] =
        [KeyScope::Write, KeyScope::Secret].map(|scope| ApiKey::from_random(scope, [number; 32]));
    let first = store.of(&connection.organization).api_keys().create_first(
        &connection.preferences,
        &write,
        &secret,
        now,
    );
    let first = first.await.unwrap();
    let token = HandoverToken::from_random([number; 32]);
    let handover = Handover {
        organization: connection.organization,
        workspace: connection.workspace,
        epoch: connection.epoch,
        installer: new.installer,
        browser: "b".repeat(64),
        is_new: true,
        wanted: None,
        first_secret_key: first.secret.then(|| SecretText::new(secret.expose())),
    };
    store.hand_over(&token, &handover, now).await.unwrap();
    let expected = store.look_at_handover(&token, now).await.unwrap();
    assert!(expected.is_some());
    store.take_handover(&token, now).await.unwrap().unwrap();
}
