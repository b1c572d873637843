//! The stack as CloudFormation creates it from the template, in an emulator of AWS.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::Emulator;

/// What `infra/stack/create.py` says of the stack.
#[derive(Deserialize)]
struct Description {
    endpoint: String,
    functions: BTreeMap<String, FunctionDescription>,
}

/// A function as the stack made it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FunctionDescription {
    /// Seconds.
    pub(crate) timeout: u64,
    /// Megabytes.
    pub(crate) memory: u32,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) permissions: Vec<Statement>,
    pub(crate) queues: Vec<QueueDescription>,
}

/// What a role allows: any of these actions on any of these resources.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Statement {
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
}

/// A queue that a function works through.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct QueueDescription {
    pub(crate) url: String,
    pub(crate) batch_size: usize,
    /// None of a queue that is such a place itself.
    pub(crate) dead_letters: Option<String>,
}

/// A created stack. Its emulator ends with it.
pub(crate) struct CreatedStack {
    /// Ends when its standard input does.
    emulator: Child,
    pub(crate) aws: Emulator,
    /// By package.
    pub(crate) functions: BTreeMap<String, FunctionDescription>,
}

impl CreatedStack {
    /// Creates the stack with the Python that `STACK_PYTHON` names, whose environment has what
    /// `infra/stack/requirements-stack.txt` names; `None` when there is no such variable.
    pub(crate) fn create() -> Option<Self> {
        let Ok(python) = std::env::var("STACK_PYTHON") else {
            // Not by a macro: what those print of a test that passes is swallowed.
            let skipped = "skipped: STACK_PYTHON names no Python that could create the stack; \
                           `make stack-test` does\n";
            std::io::stderr().write_all(skipped.as_bytes()).unwrap();
            return None;
        };
        Some(Self::create_with(&python))
    }

    fn create_with(python: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/stack/create.py");
        let mut emulator = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = emulator.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let description: Description = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("create.py does not describe the stack: {error}"));
        Self {
            emulator,
            aws: Emulator::at(&description.endpoint),
            functions: description.functions,
        }
    }

    /// A value of the environment that all functions have in common.
    pub(crate) fn shared(&self, variable: &str) -> &str {
        let mut environments = self
            .functions
            .values()
            .map(|function| &function.environment);
        let value = environments.find_map(|environment| environment.get(variable));
        value.unwrap_or_else(|| panic!("no function has {variable}"))
    }

    /// What the stack's secret of our own keys holds.
    pub(crate) async fn secret(&self) -> Value {
        self.secret_of("SECRET_ARN").await
    }

    /// What the secret holds that a variable names.
    async fn secret_of(&self, variable: &str) -> Value {
        let which = json!({ "SecretId": self.shared(variable) });
        let answer = self.aws.call("secretsmanager.GetSecretValue", &which).await;
        serde_json::from_str(answer["SecretString"].as_str().unwrap()).unwrap()
    }

    /// Writes fields of the app's credentials, as `make secret` does.
    pub(crate) async fn write_secret(&self, fields: &[(&str, &str)]) {
        let variable = "INTERCOM_SECRET_ARN";
        let mut secret = self.secret_of(variable).await;
        for (name, value) in fields {
            assert_eq!(secret[name], "", "the stack leaves {name} to the operator");
            secret[name] = Value::from(*value);
        }
        let arn = self.shared(variable);
        let written = json!({ "SecretId": arn, "SecretString": secret.to_string() });
        self.aws
            .call("secretsmanager.PutSecretValue", &written)
            .await;
    }
}

impl Drop for CreatedStack {
    fn drop(&mut self) {
        drop(self.emulator.stdin.take());
        // It may have ended already.
        let _ = self.emulator.wait();
    }
}
