//! What Intercom has that no notification told.

use crate::deployment::Deployment;
use crate::mapping;

pub(crate) async fn what_no_notification_told_is_found(deployment: &mut Deployment) {
    let sync = deployment.function("sync");
    let answer = sync.scheduled();
    assert!(answer["workspaces"].as_u64() >= Some(1), "{answer}");
    assert!(mapping::serve(sync).await >= 1);
    assert!(
        sync.log().contains("workspace reconciled"),
        "{}",
        sync.log()
    );
}
