//! The functions' real programs in the stack that the template makes: created in an emulator of AWS, each function
//! started with exactly the environment that it would have there, and driven with the events that Lambda makes.
//!
//! Needs Python with what `infra/stack/requirements.txt` names: `make stack-test` sees to it. One test, for creating
//! the stack takes seconds, and what roles allow can only be judged after everything else has happened.

#![allow(clippy::unwrap_used, reason = "tests")]

mod actions;
mod created;
mod deployment;
mod emulator;
mod function;
mod intercom;
mod mapping;
mod programs;
mod proxy;

mod addresses;
mod connection;
mod dead_letters;
mod erasing;
mod notifications;
mod panel;
mod parking;
mod permissions;
mod reconciliation;
mod recording;
mod viewing;

use created::CreatedStack;
use deployment::Deployment;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stack_does_what_it_is_for_with_no_more_permissions_than_that_takes() {
    let Ok(python) = std::env::var("STACK_PYTHON") else {
        println!(
            "skipped: STACK_PYTHON names no Python that could create the stack; `make stack-test` does"
        );
        return;
    };
    let stack = CreatedStack::create(&python);
    let mut deployment = Deployment::of(&stack).await;

    recording::a_recording_becomes_a_summary(&mut deployment).await;
    recording::a_chunk_beyond_a_gap_is_looked_at_again_later(&mut deployment).await;
    recording::only_the_secret_key_reads(&mut deployment);
    panel::the_panel_shows_the_session(&mut deployment);
    panel::a_forged_signature_is_refused(&mut deployment);
    viewing::the_panels_links_lead_to_the_recording_and_to_all_sessions(&mut deployment);
    connection::a_workspace_is_connected_seen_to_and_uninstalled(&mut deployment);
    dead_letters::a_message_that_cannot_be_read_fails_alone_and_is_parked(&mut deployment).await;
    let (session, _) = connection::connect(&mut deployment, 303);
    connection::prefer(
        &mut deployment,
        &session,
        &[("erase_deleted_contacts", "on")],
    );
    notifications::each_topic_has_its_effect(&mut deployment).await;
    notifications::a_forged_signature_is_refused(&mut deployment);
    reconciliation::what_no_notification_told_is_found(&mut deployment).await;
    parking::what_fails_is_parked_and_can_be_sent_again(&mut deployment, &session).await;

    erasing::whoever_a_backend_names_is_erased_for_good(&mut deployment).await;
    erasing::whoever_an_admin_looks_at_is_erased_for_good(&mut deployment, &session).await;

    addresses::an_address_that_is_none_is_answered(&mut deployment);
    addresses::slashes_and_head_mean_the_same_everywhere(&mut deployment);
    addresses::a_body_that_is_too_large_in_base64_reaches_no_function(&mut deployment);

    deployment.every_function_had_something_to_do();
    permissions::roles_allow_what_is_called_and_nothing_else(&deployment);
    deployment.the_page_on_cost_knows_how_much_memory_functions_have();
    deployment.no_log_shows_a_secret();
}
