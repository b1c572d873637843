//! Everything that happens to a deployment, from its first recording to its last erasure.

use crate::deployment::Deployment;
use crate::{
    connection, dead_letters, delivering, erasing, notifications, panel, parking, problems,
    reconciliation, recording, tracked, viewing,
};

/// Lets it all happen; every step looks at what comes of it.
pub(crate) async fn everything(deployment: &mut Deployment) {
    recording::a_recording_becomes_a_summary(deployment).await;
    recording::a_chunk_beyond_a_gap_is_looked_at_again_later(deployment).await;
    recording::a_chunk_that_nobody_summarizes_is_found(deployment).await;
    recording::only_the_secret_key_reads(deployment);
    problems::a_backend_reads_what_went_wrong(deployment);
    tracked::what_clients_send_is_taken(deployment);
    panel::the_panel_shows_the_session(deployment);
    panel::a_forged_signature_is_refused(deployment);
    viewing::the_panels_links_lead_to_the_recording_and_to_all_sessions(deployment);
    connection::a_workspace_is_connected_seen_to_and_uninstalled(deployment);
    dead_letters::a_message_that_cannot_be_read_fails_alone_and_is_parked(deployment).await;
    let (session, _) = connection::connect(deployment, 303);
    problems::an_admin_sees_what_went_wrong(deployment, &session);
    connection::prefer(deployment, &session, &[("erase_deleted_contacts", "on")]);
    notifications::each_topic_has_its_effect(deployment).await;
    notifications::a_forged_signature_is_refused(deployment);
    reconciliation::what_no_notification_told_is_found(deployment).await;
    parking::what_fails_is_parked_and_can_be_sent_again(deployment, &session).await;

    let told = delivering::what_was_taken_is_told_and_whoever_is_erased_is_deleted;
    told(deployment, &session).await;
    erasing::whoever_a_backend_names_is_erased_for_good(deployment).await;
    erasing::whoever_an_admin_looks_at_is_erased_for_good(deployment, &session).await;
}
