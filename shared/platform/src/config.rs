//! Configuration: variables of the environment, read once when a function starts.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

/// The variables that a process was started with.
///
/// A value rather than calls to [`std::env::var`], so that tests need not touch the process. Its Debug shows
/// names only: some variables are secrets.
#[derive(Clone, Default)]
pub struct Environment {
    variables: HashMap<String, String>,
}

/// A variable that is missing or cannot be used. Names the variable, never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A required variable is not set, or is empty.
    #[error("{name} is not set: it must hold {holds}")]
    Missing {
        /// The variable.
        name: &'static str,
        /// What it should hold.
        holds: &'static str,
    },
    /// A variable holds something else than it should.
    #[error("{name} cannot be used: it must hold {holds}")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// What it should hold.
        holds: &'static str,
    },
}

impl Environment {
    /// The variables of this process; those that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// The variable `name`, or `None` when it is not set or empty.
    pub fn optional(&self, name: &str) -> Option<&str> {
        // Tests hold docs/CONFIGURATION.md against these lines.
        tracing::debug!(variable = name, "a variable is read");
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The variable `name`, which holds `holds` (for the error's text).
    ///
    /// # Errors
    /// When it is not set or empty.
    pub fn required(&self, name: &'static str, holds: &'static str) -> Result<&str, ConfigError> {
        self.optional(name)
            .ok_or(ConfigError::Missing { name, holds })
    }

    /// The variable `name` parsed, or `default` when it is not set.
    ///
    /// # Errors
    /// When it is set and does not parse.
    pub fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        holds: &'static str,
        default: T,
    ) -> Result<T, ConfigError> {
        match self.optional(name) {
            Some(value) => value
                .parse()
                .map_err(|_| ConfigError::Invalid { name, holds }),
            None => Ok(default),
        }
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let variables = variables.into_iter();
        Self {
            variables: variables
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.variables.keys())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().copied().collect()
    }

    #[test]
    fn an_error_names_the_variable_and_never_its_value() {
        let environment = environment(&[("PORT", "hunter2"), ("EMPTY", "")]);
        let invalid = environment
            .parsed("PORT", "a port number", 9000_u16)
            .unwrap_err()
            .to_string();
        assert_eq!(invalid, "PORT cannot be used: it must hold a port number");
        for name in ["EMPTY", "ABSENT"] {
            let missing = environment.required(name, "a table's name").unwrap_err();
            assert_eq!(
                missing.to_string(),
                format!("{name} is not set: it must hold a table's name")
            );
        }
    }

    #[test]
    fn a_default_stands_in_only_for_a_variable_that_is_not_set() {
        let environment = environment(&[("PORT", "8080")]);
        assert_eq!(environment.parsed("PORT", "a port", 9000_u16), Ok(8080));
        assert_eq!(environment.parsed("OTHER", "a port", 9000_u16), Ok(9000));
    }

    #[test]
    fn debug_shows_no_values() {
        let shown = format!("{:?}", environment(&[("MASTER_KEY", "hunter2")]));
        assert_eq!(shown, r#"{"MASTER_KEY"}"#);
    }
}
