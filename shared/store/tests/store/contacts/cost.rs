//! What applying a statement asks of the table, and what happens when the table does not answer.

use identity::Presence::Deleted;

use super::{Shop, browser, by, by_id, email, says, visitor};

fn count(calls: &[String], name: &str) -> usize {
    calls.iter().filter(|call| *call == name).count()
}

#[tokio::test]
async fn what_says_nothing_new_costs_one_read() {
    let shop = Shop::open().await;
    shop.record("s1", &[browser("home"), visitor("v")]).await;
    let statement = || says("lead", 1).visitor("v").typed("ada");
    shop.fixture.calls.take();
    shop.apply(statement()).await;
    let calls = shop.fixture.calls.take();
    // Three links and a row of facts, written and marked; contact, visitor, browser and e-mail.
    assert_eq!(count(&calls, "PutItem"), 3, "{calls:?}");
    assert_eq!(count(&calls, "UpdateItem"), 2 + 4, "{calls:?}");
    assert!(calls.len() <= 36, "{}: {calls:?}", calls.len());
    let before = shop.fixture.dump().await;
    shop.fixture.calls.take();

    let again = shop.apply(statement()).await;
    assert_eq!(shop.fixture.calls.take(), ["BatchGetItem"]);
    assert_eq!(again.people.len(), 1);
    assert_eq!(shop.fixture.dump().await, before);
}

#[tokio::test]
async fn whatever_breaks_off_is_made_up_for_the_next_time() {
    for operation in ["BatchGetItem", "UpdateItem", "Query", "PutItem"] {
        // How many calls of the operation succeed before one fails.
        for calls_before in [0, 1, 2, 3, 5, 8] {
            let shop = Shop::open().await;
            shop.record("s1", &[browser("home"), visitor("v")]).await;
            let statements = [
                says("lead", 1).visitor("v").typed("ada"),
                says("other", 1).visitor("w").typed("ada"),
                says("other", 2).is(Deleted),
            ];
            shop.record("s2", &[browser("work"), visitor("w")]).await;
            shop.fixture.calls.fail_after(operation, calls_before);
            for says in &statements {
                while shop.try_apply(&says.0).await.is_err() {}
            }
            shop.assert_finds(&by_id("lead"), &["s1"]).await;
            shop.assert_finds(&by_id("other"), &[]).await;
            let typed = by(store::ContactRole::Lead, &[email("ada")]);
            shop.assert_unverified(&typed, &["s1"]).await;
        }
    }
}
