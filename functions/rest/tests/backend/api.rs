//! The API, every answer of which is held against its description.

use std::collections::BTreeMap;
use std::sync::Mutex;

use lambda_http::{Body, Request, Response};
use rest::State;
use serde_json::Value;
use test_support::{Call, Description};

/// The API as tests ask it. The state is this module's alone, so that no answer goes unchecked.
pub(crate) struct Api {
    state: State,
    taken: Mutex<Taken>,
}

/// Requests that were taken, by method and path.
pub(crate) type Taken = BTreeMap<(String, String), Vec<Exchange>>;

/// A request that was taken, and its answer.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) sent: Value,
    pub(crate) status: u16,
    pub(crate) answered: Value,
}

impl Api {
    pub(crate) fn new(state: State) -> Self {
        Self {
            state,
            taken: Mutex::default(),
        }
    }

    /// The answer to a request.
    ///
    /// # Panics
    /// When the description does not say that it can be answered so.
    pub(crate) async fn ask(&self, request: Request) -> Response<Body> {
        let description = Description::of_the_api();
        let method = request.method().to_string();
        let target = request.uri().path_and_query().unwrap().to_string();
        let sent = serde_json::from_slice(request.body()).unwrap_or_default();
        let response = rest::handle(&self.state, request).await;
        let answered = serde_json::from_slice(response.body()).unwrap();
        let call = Call {
            method: &method,
            target: &target,
            sent: &sent,
            status: response.status().as_u16(),
            answered: &answered,
        };
        let found = description.violations(&call);
        let status = call.status;
        assert!(
            found.is_empty(),
            "{method} {target}: {status} {answered}: {found:#?}"
        );
        if status < 300 {
            let operation = description.operation_of(&method, &target).unwrap();
            let mut taken = self.taken.lock().unwrap();
            taken.entry(operation).or_default().push(Exchange {
                sent,
                status,
                answered,
            });
        }
        response
    }

    /// What was taken so far.
    pub(crate) fn taken(&self) -> Taken {
        self.taken.lock().unwrap().clone()
    }
}
