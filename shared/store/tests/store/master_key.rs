//! A master key that is not the table's is refused.

use identity::MasterKey;
use store::{Error, Store};
use test_support::{NOON, TABLE, TestStack};

fn store_with(stack: &TestStack, byte: u8) -> Store {
    let master = MasterKey::new([byte; 32]).unwrap();
    Store::new(stack.table.clone(), TABLE, master)
}

#[tokio::test]
async fn a_table_takes_the_master_key_it_was_begun_with_and_no_other() {
    let stack = TestStack::start().await;
    for (byte, fits) in [(1, true), (1, true), (2, false), (1, true)] {
        let checked = store_with(&stack, byte).check_master_key().await;
        match fits {
            true => checked.unwrap(),
            false => {
                let error = checked.unwrap_err();
                assert!(matches!(error, Error::WrongMasterKey), "{error}");
                assert!(!error.is_transient());
            }
        }
    }
}

#[tokio::test]
async fn starts_at_the_same_time_agree_on_one_master_key() {
    let stack = TestStack::start().await;
    let stores = [1, 2, 1, 2].map(|byte| store_with(&stack, byte));
    let checks = stores.iter().map(Store::check_master_key);
    let checked = futures::future::join_all(checks).await;
    let fit: Vec<bool> = checked.iter().map(Result::is_ok).collect();
    assert!(fit == [true, false, true, false] || fit == [false, true, false, true]);
}

#[tokio::test]
async fn a_table_that_does_not_answer_says_nothing_about_the_key() {
    let nobody = test_support::dynamodb_at("http://127.0.0.1:1");
    let stack = TestStack::over(nobody, NOON);
    let error = store_with(&stack, 1).check_master_key().await.unwrap_err();
    assert!(error.is_transient(), "{error}");
}
