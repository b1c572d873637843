//! HTTP through a function URL: payload format 2.0
//! (<https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>).

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::{HeaderMap, Request, Response, StatusCode, header};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::limits::text;
use crate::error::{Error, Payload};
use crate::process::Answer;

const URL_ID: &str = "abcdefghijklmnopqrstuvwxyz012345";
/// A caller of nowhere: the range is reserved for documentation (RFC 5737).
const SOURCE_IP: &str = "203.0.113.7";

/// The event of a request that reaches a function URL at `now`.
pub fn function_url(request: &Request<Vec<u8>>, now: Timestamp) -> Value {
    let uri = request.uri();
    function_url_at(request, uri.path(), uri.query().unwrap_or_default(), now)
}

/// The event of a request whose address is any text.
///
/// Function URLs hand on what is no address, such as `?q=a b` for `?q=a+b`
/// (<https://github.com/awslabs/aws-lambda-web-adapter/issues/491>), and an [`http::Uri`] cannot say that.
pub fn function_url_at(
    request: &Request<Vec<u8>>,
    path: &str,
    query: &str,
    now: Timestamp,
) -> Value {
    let host = format!("{URL_ID}.lambda-url.us-east-1.on.aws");
    let mut headers = joined(request.headers());
    headers.insert("host".to_owned(), json!(host));
    headers.insert("x-forwarded-for".to_owned(), json!(SOURCE_IP));
    headers.insert("x-forwarded-port".to_owned(), json!("443"));
    headers.insert("x-forwarded-proto".to_owned(), json!("https"));
    let user_agent = headers.get("user-agent").cloned();
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": URL_ID,
            "domainName": host,
            "domainPrefix": URL_ID,
            "http": {
                "method": request.method().as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": SOURCE_IP,
                "userAgent": user_agent.unwrap_or_default(),
            },
            "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
            "routeKey": "$default",
            "stage": "$default",
            "time": now.to_zoned(TimeZone::UTC).strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": false,
    });
    if !query.is_empty() {
        event["queryStringParameters"] = Value::Object(parameters(query));
    }
    let cookies = cookies(request.headers());
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    match text(request.headers(), request.body()) {
        _ if request.body().is_empty() => {}
        Some(text) => event["body"] = json!(text),
        None => {
            event["body"] = json!(BASE64_STANDARD.encode(request.body()));
            event["isBase64Encoded"] = json!(true);
        }
    }
    event
}

/// What the caller of a function URL gets when an invocation has come to this.
///
/// For an event that is too large that is 413 of Lambda's own, which the function never hears of: without its
/// headers, those for other origins among them. What the body says is documented nowhere; here it says
/// nothing.
///
/// # Errors
/// Those of [`crate::Process::invoke`] and of [`response`] but for that: what Lambda answers with 502.
pub fn answered(answer: Result<Answer, Error>) -> Result<Response<Vec<u8>>, Error> {
    match answer {
        Ok(answer) => response(&answer.body),
        Err(Error::TooLarge {
            payload: Payload::Event,
            ..
        }) => {
            let mut response = Response::new(Vec::new());
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

/// What the caller of a function URL gets for a function's answer.
///
/// That is what it says or, where it names no status, the answer itself as JSON with 200.
///
/// # Errors
/// [`Error::Malformed`] for what Lambda answers with 502: no JSON, or a status, header or body that is none.
pub fn response(answer: &[u8]) -> Result<Response<Vec<u8>>, Error> {
    let malformed = |error: &dyn std::fmt::Display| Error::Malformed(error.to_string());
    let json: Value = serde_json::from_slice(answer).map_err(|error| malformed(&error))?;
    if json.get("statusCode").is_none() {
        let response = Response::builder().header(header::CONTENT_TYPE, "application/json");
        return response
            .body(answer.to_vec())
            .map_err(|error| malformed(&error));
    }
    let answer = Format2::deserialize(json).map_err(|error| malformed(&error))?;
    let body = answer.body.unwrap_or_default();
    let body = if answer.is_base64_encoded {
        let decoded = BASE64_STANDARD.decode(body);
        decoded.map_err(|error| malformed(&error))?
    } else {
        body.into_bytes()
    };
    let mut response = Response::builder().status(answer.status_code);
    for (name, value) in answer.headers {
        let value = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        response = response.header(name, value);
    }
    for cookie in answer.cookies {
        response = response.header(header::SET_COOKIE, cookie);
    }
    response.body(body).map_err(|error| malformed(&error))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Format2 {
    status_code: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    cookies: Vec<String>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// Names in lower case, several values of one name joined by commas; cookies stand elsewhere as well.
fn joined(headers: &HeaderMap) -> Map<String, Value> {
    let join = |name| {
        let values = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join(",")
    };
    headers
        .keys()
        .map(|name| (name.to_string(), json!(join(name))))
        .collect()
}

fn cookies(headers: &HeaderMap) -> Vec<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .collect()
}

fn parameters(query: &str) -> Map<String, Value> {
    let mut parameters = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match parameters.get_mut(name.as_ref()) {
            Some(Value::String(values)) => {
                values.push(',');
                values.push_str(&value);
            }
            _ => drop(parameters.insert(name.into_owned(), json!(value))),
        }
    }
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:15:02.123Z".parse().unwrap()
    }

    #[test]
    fn a_request_becomes_an_event_of_format_2() {
        let request = Request::get("/v1/s?a=1&b=%C3%A9&a=2")
            .header("Cookie", "x=1; y=2")
            .header("X-Twice", "a")
            .header("X-Twice", "b")
            .header("User-Agent", "test")
            .body(Vec::new())
            .unwrap();
        let event = function_url(&request, now());
        assert_eq!(event["rawPath"], "/v1/s");
        assert_eq!(event["rawQueryString"], "a=1&b=%C3%A9&a=2");
        assert_eq!(
            event["queryStringParameters"],
            json!({ "a": "1,2", "b": "é" })
        );
        assert_eq!(event["cookies"], json!(["x=1", "y=2"]));
        assert_eq!(event["headers"]["x-twice"], "a,b");
        let context = &event["requestContext"];
        assert_eq!(context["http"]["method"], "GET");
        assert_eq!(context["http"]["userAgent"], "test");
        assert_eq!(context["time"], "20/Nov/2026:10:15:02 +0000");
        assert_eq!(context["timeEpoch"], 1_795_169_702_123_i64);
        assert!(event.get("body").is_none());
    }

    #[test]
    fn an_address_that_is_none_is_handed_on_as_it_is() {
        let request = Request::get("/").body(Vec::new()).unwrap();
        let event = function_url_at(&request, "/a b", "q=a b&\"c\"=#", now());
        assert_eq!(event["rawPath"], "/a b");
        assert_eq!(event["requestContext"]["http"]["path"], "/a b");
        assert_eq!(event["rawQueryString"], "q=a b&\"c\"=#");
        assert_eq!(
            event["queryStringParameters"],
            json!({ "q": "a b", "\"c\"": "#" })
        );
    }

    #[test]
    fn only_plain_text_is_passed_as_it_is() {
        for (headers, body, encoded) in [
            (
                &[("content-type", "application/json; charset=utf-8")][..],
                &b"{}"[..],
                None,
            ),
            (&[], b"{}", Some("e30=")),
            (
                &[("content-type", "application/octet-stream")],
                b"{}",
                Some("e30="),
            ),
            (
                &[("content-type", "text/plain"), ("content-encoding", "gzip")],
                b"{}",
                Some("e30="),
            ),
            (&[("content-type", "text/plain")], b"\xff", Some("/w==")),
        ] {
            let request = headers
                .iter()
                .fold(Request::post("/"), |request, (name, value)| {
                    request.header(*name, *value)
                });
            let event = function_url(&request.body(body.to_vec()).unwrap(), now());
            assert_eq!(event["isBase64Encoded"], encoded.is_some(), "{headers:?}");
            assert_eq!(event["body"], encoded.unwrap_or("{}"), "{headers:?}");
        }
    }

    #[test]
    fn an_answer_becomes_a_response() {
        let answer = br#"{"statusCode":201,"headers":{"x-a":"1","x-n":2},"cookies":["c=1"],"body":"e30=","isBase64Encoded":true}"#;
        let response = response(answer).unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["x-a"], "1");
        assert_eq!(response.headers()["x-n"], "2");
        assert_eq!(response.headers()["set-cookie"], "c=1");
        assert_eq!(response.body(), b"{}");
    }

    #[test]
    fn an_answer_without_a_status_is_the_body() {
        let response = response(br#"{"hello":"world"}"#).unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.body(), br#"{"hello":"world"}"#);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for answer in [
            "",
            "hello",
            r#"{"statusCode":1}"#,
            r#"{"statusCode":"OK"}"#,
            r#"{"statusCode":200,"body":"!","isBase64Encoded":true}"#,
            r#"{"statusCode":200,"headers":{"a\nb":"c"}}"#,
        ] {
            let refused = response(answer.as_bytes());
            assert!(matches!(refused, Err(Error::Malformed(_))), "{answer}");
        }
    }
}
