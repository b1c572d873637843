//! A person with many sessions, and everybody who is linked with one.

use super::*;

#[tokio::test]
async fn everybody_who_is_linked_goes_with_a_person() {
    let fixture = Fixture::start().await;
    let (shop, _) = fixture.connected("shop").await;
    let before = fixture.everything().await;
    let shared = browser("family");
    fixture
        .record(&shop, "ada-1", &[email("ada"), shared.clone()])
        .await;
    fixture
        .record(&shop, "bob-1", &[email("bob"), shared])
        .await;
    let ada = fixture
        .store
        .of(&shop)
        .people()
        .called("ada@shop.example")
        .await;
    let erasure = PersonErasure::of_person(&shop, &ada.unwrap()[0], fixture.now);
    fixture.finish_erasure(erasure).await;
    assert_eq!(fixture.everything().await, before);
}

#[tokio::test]
async fn sessions_are_erased_a_bounded_number_at_a_time() {
    let fixture = Fixture::start().await;
    let (shop, workspace) = fixture.connected("shop").await;
    for number in 0..45 {
        fixture
            .identify(&shop, &format!("s{number}"), &[email("ada")])
            .await;
    }
    let erasure = fixture
        .store
        .of(&shop)
        .erasures()
        .begin(&email("ada"), fixture.now);
    let mut next = Some(erasure);
    let mut steps = Vec::new();
    while let Some(erasure) = next {
        let step = fixture.store.erasure_step(erasure, fixture.now).await;
        let step = step.unwrap();
        for session in &step.sessions {
            fixture.erase_session(&shop, session.as_str(), false).await;
        }
        steps.push(step.sessions.len());
        next = step.next.filter(|_| !step.is_second);
    }
    assert_eq!(steps.iter().sum::<usize>(), 45);
    assert!(steps.iter().all(|sessions| *sessions <= 20), "{steps:?}");
    assert_eq!(fixture.sessions_of(&workspace, &email("ada")).await, []);
}
