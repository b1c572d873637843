//! Calls of AWS in its JSON protocol, for what tests do themselves.

use serde_json::Value;

/// Where AWS is emulated, or somebody who passes calls on to it.
#[derive(Debug, Clone)]
pub(crate) struct Emulator {
    pub(crate) endpoint: String,
    http: reqwest::Client,
}

impl Emulator {
    pub(crate) fn at(endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            http: reqwest::Client::new(),
        }
    }

    /// Calls `AmazonSQS.SendMessage` or the like; it must succeed.
    pub(crate) async fn call(&self, target: &str, request: &Value) -> Value {
        let service = match target.split_once('.') {
            Some(("AmazonSQS", _)) => "sqs",
            Some((service, _)) => service,
            None => target,
        };
        // The emulator reads from the signature which service in which region is meant, and does not check
        // it.
        let scope = format!("test/20261120/us-east-1/{service}/aws4_request");
        let response = self
            .http
            .post(&self.endpoint)
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
            )
            .body(request.to_string())
            .send()
            .await
            .unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{target}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}
