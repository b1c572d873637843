//! The functions' real programs in the stack that the template makes: created in an emulator of AWS, each
//! function started with exactly the environment that it would have there, and driven with the events that
//! Lambda makes.
//!
//! Needs Python with what `infra/stack/requirements-stack.txt` names: `make stack-test` sees to it. Few
//! tests, for creating the stack takes seconds, and what roles allow can only be judged after everything else
//! has happened.

#![allow(clippy::unwrap_used, reason = "tests")]

mod actions;
mod course;
mod created;
mod deployment;
mod emulator;
mod faults;
mod function;
mod intercom;
mod mapping;
mod problems;
mod programs;
mod proxy;
mod rows;

mod addresses;
mod configuration;
mod connection;
mod contention;
mod dead_letters;
mod delivering;
mod erasing;
mod lost_answers;
mod notifications;
mod panel;
mod parking;
mod permissions;
mod reconciliation;
mod recording;
mod refusals;
mod tracked;
mod viewing;

use created::CreatedStack;
use deployment::Deployment;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stack_does_what_it_is_for_with_no_more_permissions_than_that_takes() {
    let Some(stack) = CreatedStack::create() else {
        return;
    };
    let mut deployment = Deployment::of(&stack).await;

    course::everything(&mut deployment).await;

    addresses::an_address_that_is_none_is_answered(&mut deployment);
    addresses::slashes_and_head_mean_the_same_everywhere(&mut deployment);
    addresses::a_body_that_is_too_large_in_base64_reaches_no_function(&mut deployment);

    configuration::every_function_reads_what_the_page_says(&deployment).await;
    deployment.every_function_had_something_to_do();
    permissions::roles_allow_what_is_called_and_nothing_else(&deployment);
    deployment.the_page_on_cost_knows_how_much_memory_functions_have();
    deployment.no_log_shows_a_secret();
}
