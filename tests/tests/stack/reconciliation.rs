//! What Intercom has that no notification told.

use crate::deployment::Deployment;
use crate::mapping;

pub(crate) async fn what_no_notification_told_is_found(deployment: &mut Deployment) {
    let reconcile = deployment.function("reconcile");
    let answer = reconcile.scheduled();
    assert!(answer["workspaces"].as_u64() >= Some(1), "{answer}");
    assert!(mapping::serve(reconcile).await >= 1);
    assert!(
        reconcile.log().contains("workspace reconciled"),
        "{}",
        reconcile.log()
    );
}
