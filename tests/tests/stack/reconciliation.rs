//! What Intercom has that no notification told.

use serde_json::json;

use crate::deployment::Deployment;
use crate::mapping;

pub(crate) async fn what_no_notification_told_is_found(deployment: &mut Deployment) {
    let reconcile = deployment.function("reconcile");
    let schedule = json!({
        "version": "0", "id": "7bf73129", "detail-type": "Scheduled Event", "source": "aws.events",
        "account": "123456789012", "time": "2026-11-20T12:00:00Z", "region": "us-east-1", "resources": [], "detail": {},
    });
    let answer = reconcile.event(&schedule);
    assert!(answer["workspaces"].as_u64() >= Some(1), "{answer}");
    assert!(mapping::serve(reconcile).await >= 1);
    assert!(
        reconcile.log().contains("workspace reconciled"),
        "{}",
        reconcile.log()
    );
}
