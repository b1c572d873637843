//! Where a service is, if not where AWS has it.

use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::config::Environment;

/// Answers the SDK's clients from `AWS_ENDPOINT_URL_<SERVICE>`, else from `AWS_ENDPOINT_URL`, as AWS's
/// reference of "service-specific endpoints" has it.
#[derive(Debug)]
pub(super) struct Endpoints(pub(super) Environment);

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        of(&self.0, key.env(), key.service_id())
    }
}

/// The endpoint of S3 that the environment names, if any.
pub(super) fn of_s3(environment: &Environment) -> Option<String> {
    of(environment, "AWS_ENDPOINT_URL", "S3")
}

fn of(environment: &Environment, variable: &str, service: &str) -> Option<String> {
    let service = service.to_uppercase().replace([' ', '-'], "_");
    environment
        .optional(&format!("{variable}_{service}"))
        .or_else(|| environment.optional(variable))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_services_own_endpoint_comes_before_the_one_of_all_services() {
        let environment: Environment = [
            ("AWS_ENDPOINT_URL", "http://all"),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://secrets"),
        ]
        .into_iter()
        .collect();
        for (service, expected) in [
            ("Secrets Manager", "http://secrets"),
            ("DynamoDB", "http://all"),
        ] {
            let found = of(&environment, "AWS_ENDPOINT_URL", service);
            assert_eq!(found.as_deref(), Some(expected), "{service}");
        }
        let nothing = Environment::default();
        assert_eq!(of(&nothing, "AWS_ENDPOINT_URL", "SQS"), None);
    }
}
