//! What may happen only once: spending a state, taking a handover.

use identity::{OrganizationId, WorkspaceId};
use store::{Handover, HandoverToken, Installer, SecretText};

use crate::fixture::Fixture;

fn handover() -> Handover {
    Handover {
        organization: OrganizationId::parse("org_shop").unwrap(),
        workspace: WorkspaceId::parse("shop").unwrap(),
        epoch: 3,
        installer: Installer {
            admin_id: "814860".to_owned(),
            name: "Ada".to_owned(),
        },
        browser: "b".repeat(64),
        is_new: true,
        wanted: None,
        first_secret_key: Some(SecretText::new("rk_secret_hunter2")),
    }
}

#[tokio::test]
async fn of_many_at_once_exactly_one_spends_a_state() {
    let fixture = Fixture::start().await;
    let spends = (0..20).map(|_| fixture.store.spend_state("state-1", fixture.now));
    let spent = futures::future::join_all(spends).await;
    assert_eq!(
        spent
            .into_iter()
            .filter(|spent| matches!(spent, Ok(true)))
            .count(),
        1
    );
    let spend = |state| fixture.store.spend_state(state, fixture.later(86_400));
    assert!(!spend("state-1").await.unwrap(), "even when it has expired");
    assert!(spend("state-2").await.unwrap());
    assert!(!fixture.dump().await.join("\n").contains("state-"));
}

#[tokio::test]
async fn of_many_at_once_exactly_one_takes_a_handover() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let token = HandoverToken::from_random([1; 32]);
    store
        .hand_over(&token, &handover(), fixture.now)
        .await
        .unwrap();
    let dump = fixture.dump().await.join("\n");
    assert!(
        !dump.contains(token.expose()) && !dump.contains("hunter2"),
        "{dump}"
    );

    let takes = (0..20).map(|_| store.take_handover(&token, fixture.now));
    let taken: Vec<_> = futures::future::join_all(takes)
        .await
        .into_iter()
        .filter_map(Result::unwrap)
        .collect();
    assert_eq!(taken, [handover()]);
    assert!(!format!("{taken:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_handover_lasts_two_minutes() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    for (number, seconds, expected) in [(1, 119, Some(handover())), (2, 120, None)] {
        let token = HandoverToken::from_random([number; 32]);
        store
            .hand_over(&token, &handover(), fixture.now)
            .await
            .unwrap();
        let taken = store.take_handover(&token, fixture.later(seconds)).await;
        assert_eq!(taken.unwrap(), expected, "{seconds}");
    }
    let unknown = HandoverToken::from_random([9; 32]);
    assert_eq!(
        store.take_handover(&unknown, fixture.now).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_handover_brings_a_key_or_none() {
    let fixture = Fixture::start().await;
    let token = HandoverToken::from_random([1; 32]);
    let without = Handover {
        first_secret_key: None,
        ..handover()
    };
    let store = &fixture.store;
    store
        .hand_over(&token, &without, fixture.now)
        .await
        .unwrap();
    let taken = store.take_handover(&token, fixture.now).await.unwrap();
    assert_eq!(taken, Some(without));
}
