//! The worker of the queue `webhook-conversation-replied` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::conversation_replied;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(Worker::ConversationReplied, conversation_replied::rule).await
}
