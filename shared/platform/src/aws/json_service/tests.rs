use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use serde_json::json;

use super::*;

/// A service with given answers, one after the other; the last one again and again.
#[derive(Debug, Clone)]
pub(crate) struct Fake {
    answers: Arc<Mutex<VecDeque<Option<(u16, String)>>>>,
    /// What it was asked: headers and body.
    pub(crate) asked: Arc<Mutex<Vec<(Vec<(String, String)>, Value)>>>,
}

impl HttpConnector for Fake {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let body = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        self.asked.lock().unwrap().push((headers.collect(), body));
        let mut answers = self.answers.lock().unwrap();
        let answer = match answers.len() {
            1 => answers[0].clone(),
            _ => answers.pop_front().unwrap(),
        };
        HttpConnectorFuture::ready(match answer {
            Some((status, body)) => {
                let status = status.try_into().unwrap();
                Ok(HttpResponse::new(status, SdkBody::from(body)))
            }
            None => Err(ConnectorError::io("refused".into())),
        })
    }
}

impl Fake {
    /// `None` is a connection that is refused.
    pub(crate) fn new(answers: impl IntoIterator<Item = Option<(u16, Value)>>) -> Self {
        let answers = answers.into_iter();
        let answers = answers.map(|it| it.map(|(status, body)| (status, body.to_string())));
        Self {
            answers: Arc::new(Mutex::new(answers.collect())),
            asked: Arc::default(),
        }
    }

    pub(crate) fn service(&self, protocol: Protocol) -> JsonService {
        JsonService {
            protocol,
            url: "https://service.example".to_owned(),
            region: "eu-west-1".to_owned(),
            identity: Credentials::new("id", "hunter2", Some("token".to_owned()), None, "test")
                .into(),
            connector: SharedHttpConnector::new(self.clone()),
            patience: Patience::REQUEST,
        }
    }

    fn attempts(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

const PROTOCOL: Protocol = Protocol {
    name: "secretsmanager",
    variable: "SECRETS_MANAGER",
    target: "secretsmanager",
    version: "1.1",
};

async fn call(fake: &Fake) -> Result<Value, CallError> {
    let service = fake.service(PROTOCOL);
    service
        .call("GetSecretValue", &json!({"SecretId": "s"}))
        .await
}

#[tokio::test]
async fn a_call_is_signed_json() {
    let fake = Fake::new([Some((200, json!({"SecretString": "x"})))]);
    assert_eq!(call(&fake).await.unwrap(), json!({"SecretString": "x"}));
    let (headers, body) = fake.asked.lock().unwrap()[0].clone();
    assert_eq!(body, json!({"SecretId": "s"}));
    let header = |name| {
        headers
            .iter()
            .find(|(it, _)| it == name)
            .unwrap()
            .1
            .as_str()
    };
    assert_eq!(header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(header("x-amz-target"), "secretsmanager.GetSecretValue");
    assert_eq!(header("x-amz-security-token"), "token");
    let date = &header("x-amz-date")[..8];
    let scope =
        format!("AWS4-HMAC-SHA256 Credential=id/{date}/eu-west-1/secretsmanager/aws4_request");
    let signed = "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
    let authorization = header("authorization");
    assert!(authorization.starts_with(&format!("{scope}, {signed}, Signature=")));
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_three_times_and_the_rest_once() {
    let refused = |code: &str| json!({"__type": format!("com.amazonaws#{code}")});
    for (answer, attempts) in [
        (Some((200, json!({}))), 1),
        (Some((500, refused("InternalFailure"))), 3),
        (Some((429, refused("TooMany"))), 3),
        (Some((400, refused("ThrottlingException"))), 3),
        (None, 3),
        (Some((400, refused("ResourceNotFoundException"))), 1),
        (Some((200, json!("no object")).clone()), 1),
    ] {
        let fake = Fake::new([answer]);
        let _ = call(&fake).await;
        assert_eq!(fake.attempts(), attempts);
    }
    let fake = Fake::new([None, Some((503, json!({}))), Some((200, json!({"a": 1})))]);
    assert_eq!(call(&fake).await.unwrap(), json!({"a": 1}));
}

#[tokio::test]
async fn an_error_shows_its_code_and_nothing_else() {
    for (body, shown) in [
        (
            json!({"__type": "a.b#AccessDenied", "Message": "hunter2"}),
            "secretsmanager answered 403 Forbidden AccessDenied",
        ),
        (
            json!({"__type": "is hunter2 !"}),
            "secretsmanager answered 403 Forbidden ",
        ),
        (json!("hunter2"), "secretsmanager answered 403 Forbidden "),
    ] {
        let error = call(&Fake::new([Some((403, body))])).await.unwrap_err();
        assert_eq!(error.to_string(), shown);
        let service = Fake::new([]).service(PROTOCOL);
        assert!(!format!("{error:?} {service:?}").contains("hunter2"));
    }
}
