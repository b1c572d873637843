//! Where a service is: where AWS has it, or where the environment says.

use crate::config::Environment;

/// The address of a service: what `AWS_ENDPOINT_URL_<SERVICE>` says, else `AWS_ENDPOINT_URL`, as AWS's
/// reference of "service-specific endpoints" has it; else AWS's own in the region.
///
/// By name rather than by the SDK's rules, whose tables of partitions every client reads at its first call.
pub(super) fn url(environment: &Environment, variable: &str, name: &str, region: &str) -> String {
    named(environment, variable).unwrap_or_else(|| {
        let suffix = match region.starts_with("cn-") {
            true => "amazonaws.com.cn",
            false => "amazonaws.com",
        };
        format!("https://{name}.{region}.{suffix}")
    })
}

/// The address of a service that the environment names, if any.
pub(super) fn named(environment: &Environment, variable: &str) -> Option<String> {
    environment
        .optional(&format!("AWS_ENDPOINT_URL_{variable}"))
        .or_else(|| environment.optional("AWS_ENDPOINT_URL"))
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
        for (variable, expected) in [
            ("SECRETS_MANAGER", "http://secrets"),
            ("DYNAMODB", "http://all"),
        ] {
            let found = named(&environment, variable);
            assert_eq!(found.as_deref(), Some(expected), "{variable}");
        }
        assert_eq!(named(&Environment::default(), "SQS"), None);
    }

    #[test]
    fn without_one_it_is_the_regions() {
        for (region, expected) in [
            ("eu-west-1", "https://sqs.eu-west-1.amazonaws.com"),
            ("cn-north-1", "https://sqs.cn-north-1.amazonaws.com.cn"),
        ] {
            let found = url(&Environment::default(), "SQS", "sqs", region);
            assert_eq!(found, expected);
        }
    }
}
