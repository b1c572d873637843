//! The stack with its functions running, and an organization in its table.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use http::{Method, Request};
use identity::MasterKey;
use intercom::fake::FakeIntercom;
use jiff::Timestamp;
use serde_json::Value;
use store::{KeyScope, NewKey, Provision, Store};
use test_support::{connection, profile, provision};

use crate::configuration;
use crate::created::CreatedStack;
use crate::faults::Faults;
use crate::function::{Function, Surroundings};
use crate::intercom::{TOKEN, umbrella};
use crate::programs::{self, PROGRAMS};
use crate::proxy::Endpoints;

pub(crate) const WRITE_KEY: &str = "acme-write-key";
pub(crate) const SECRET_KEY: &str = "acme-secret-key";
pub(crate) const WORKSPACE: &str = "acme";
pub(crate) use test_support::CLIENT_SECRET;
pub(crate) const EMAIL: &str = "ada@shop.example";

/// The functions of the stack, by name.
pub(crate) struct Deployment {
    functions: BTreeMap<String, Function>,
    pub(crate) surroundings: Surroundings,
    pub(crate) intercom: FakeIntercom,
    pub(crate) store: Store,
    /// Beneath the store, without a fault in between.
    pub(crate) table: Client,
    pub(crate) table_name: String,
    /// What no log may show.
    secrets: Vec<String>,
}

impl Deployment {
    /// Does what an operator does after the stack is there, and starts every function.
    pub(crate) async fn of(stack: &CreatedStack) -> Self {
        let aws = stack.aws.endpoint.clone();
        let everything = Endpoints {
            dynamodb: aws.clone(),
            others: aws,
        };
        Self::at(stack, everything, Faults::default()).await
    }

    /// The same with a table of the other emulator's, which knows a transaction again that is asked for
    /// twice, and with what goes wrong on the way there.
    pub(crate) async fn with_faults(stack: &CreatedStack, faults: &Faults) -> Self {
        let dynamodb = test_support::served_dynamodb().await;
        let (client, _) = test_support::dynamodb_at(&dynamodb);
        store::create_table(&client, stack.shared("TABLE_NAME"))
            .await
            .unwrap();
        let aws = Endpoints {
            dynamodb,
            others: stack.aws.endpoint.clone(),
        };
        Self::at(stack, aws, faults.clone()).await
    }

    async fn at(stack: &CreatedStack, aws: Endpoints, faults: Faults) -> Self {
        let in_the_stack: Vec<String> = stack.functions.keys().cloned().collect();
        assert_eq!(programs::names(), in_the_stack);
        stack
            .write_secret(&[
                ("intercom_client_id", "the-client-id"),
                ("intercom_client_secret", CLIENT_SECRET),
            ])
            .await;
        let secret = stack.secret().await;
        let master_key = secret["master_key"].as_str().unwrap();
        let (table, _) = test_support::dynamodb_at(&aws.dynamodb);
        let sealing = MasterKey::new(hex::decode(master_key).unwrap()).unwrap();
        let table_name = stack.shared("TABLE_NAME").to_owned();
        let store = Store::new(table.clone(), &table_name, sealing);
        make_acme(&store).await;

        let intercom = umbrella();
        let surroundings = Surroundings {
            aws,
            intercom: intercom.serve().await.unwrap().to_string(),
            faults,
        };
        let mut functions = BTreeMap::new();
        for (package, description) in &stack.functions {
            let program = &PROGRAMS[package];
            let function = Function::start(package, program, description, &surroundings);
            functions.insert(package.clone(), function.await);
        }
        let secrets = [
            master_key,
            CLIENT_SECRET,
            WRITE_KEY,
            SECRET_KEY,
            EMAIL,
            TOKEN,
        ];
        Self {
            functions,
            surroundings,
            intercom,
            store,
            table,
            table_name,
            secrets: secrets.map(str::to_owned).to_vec(),
        }
    }

    pub(crate) fn function(&mut self, package: &str) -> &mut Function {
        self.functions.get_mut(package).unwrap()
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = (&String, &Function)> {
        self.functions.iter()
    }

    /// Sends a request of the recording API, which must be answered with the status.
    pub(crate) fn record(
        &mut self,
        method: Method,
        path: &str,
        key: &str,
        body: Vec<u8>,
        status: u16,
    ) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("/v1/sessions/{path}"))
            .header("Authorization", format!("Bearer {key}"))
            .body(body)
            .unwrap();
        self.function("record").request(&request, status)
    }

    pub(crate) fn every_function_had_something_to_do(&self) {
        for (package, function) in &self.functions {
            assert!(
                function.invocations() > 0,
                "{package}: no event of this test goes there. Add what it is for."
            );
        }
    }

    /// The page on cost multiplies by a function's memory, which the stack decides.
    pub(crate) fn the_page_on_cost_knows_how_much_memory_functions_have(&self) {
        let page = include_str!("../../../infra/COST.md");
        for (package, function) in &self.functions {
            let row = format!(
                "| memory of {package}, MB | {} |",
                function.description.memory
            );
            assert!(page.contains(&row), "infra/COST.md lacks {row}");
        }
    }

    pub(crate) fn no_log_shows_a_secret(&self) {
        for (package, function) in &self.functions {
            let log = function.log();
            let lines = log
                .lines()
                .filter(|line| !line.contains(configuration::READ));
            println!(
                "{package}: {} bytes of log an invocation",
                lines.map(str::len).sum::<usize>() / function.invocations()
            );
            for secret in &self.secrets {
                assert!(!log.contains(secret), "{package} logged {secret}: {log}");
            }
        }
    }
}

async fn make_acme(store: &Store) {
    let key = |key: &str, scope| NewKey {
        key: key.to_owned(),
        scope,
        source: None,
        expires_at: None,
    };
    let profile = profile("Acme", "US", "Europe/Dublin");
    let mut connection = connection(WORKSPACE, profile);
    connection.preferences.erase_deleted_contacts = true;
    let provision = Provision {
        keys: vec![
            key(WRITE_KEY, KeyScope::Write),
            key(SECRET_KEY, KeyScope::Secret),
        ],
        ..provision(connection)
    };
    store.provision(&provision, Timestamp::now()).await.unwrap();
}
