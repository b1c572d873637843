//! The worker of the queue `webhook-conversation-state-changed` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::conversation_state_changed;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(
        Worker::ConversationStateChanged,
        conversation_state_changed::rule,
    )
    .await
}
