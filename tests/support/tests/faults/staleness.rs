//! Reads that are behind.

use crate::table::{TABLE, Table};

#[tokio::test]
async fn until_it_thaws_a_read_sees_the_past_unless_it_is_consistent() {
    let table = Table::new().await;
    table.add("a").await.unwrap();
    let faults = table.calls.faults();
    let before = table.count("a", true).await;
    faults.freeze(&table.client).await;
    table.add("a").await.unwrap();
    table.add("b").await.unwrap();

    assert_eq!(table.count("a", false).await, before);
    assert_eq!(table.count("b", false).await, None);
    assert_ne!(table.count("a", true).await, before);
    let scan = table.client.scan().table_name(TABLE);
    assert_eq!(scan.clone().send().await.unwrap().items().len(), 1);
    let scan = scan.consistent_read(true);
    assert_eq!(scan.send().await.unwrap().items().len(), 2);

    faults.thaw();
    assert_ne!(table.count("a", false).await, before);
    assert!(table.count("b", false).await.is_some());
}
