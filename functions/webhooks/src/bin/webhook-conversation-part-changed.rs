//! The worker of the queue `webhook-conversation-part-changed` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::conversation_part_changed;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(
        Worker::ConversationPartChanged,
        conversation_part_changed::rule,
    )
    .await
}
