//! The worker of the queue `webhook-conversation-deleted` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::conversation_deleted;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(Worker::ConversationDeleted, conversation_deleted::rule).await
}
