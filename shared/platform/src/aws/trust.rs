//! Whom a connection to AWS trusts, and whose TLS it speaks.

use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use crate::config::{ConfigError, Environment};

/// rustls over ring. AWS-LC, the SDK's default, makes a binary 2 MB larger and gathers CPU-jitter entropy at
/// the first handshake: 24 ms of CPU, which are 161 ms under the quota of a 256 MB function, unless it is
/// built otherwise.
pub(super) const PROVIDER: Provider = Provider::Rustls(CryptoMode::Ring);

/// The five roots that Amazon Trust Services asks its customers' clients to trust
/// (<https://www.amazontrust.com/repository/>). Parsing the system's 145 instead takes longer than all the
/// rest of a function's start.
const AMAZON: &str = include_str!("amazon-trust-services.pem");

/// Amazon's roots, or those in the file that `AWS_CA_BUNDLE` names.
///
/// # Errors
/// When that file cannot be read or holds no certificate.
pub(super) fn context(environment: &Environment) -> Result<TlsContext, ConfigError> {
    const NAME: &str = "AWS_CA_BUNDLE";
    let invalid = || ConfigError::Invalid {
        name: NAME,
        holds: "the path of a PEM file with certificates",
    };
    let roots = match environment.optional(NAME) {
        Some(path) => std::fs::read_to_string(path)
            .ok()
            .filter(|pem| pem.contains("-----BEGIN CERTIFICATE-----"))
            .ok_or_else(invalid)?,
        None => AMAZON.to_owned(),
    };
    TlsContext::builder()
        .with_trust_store(TrustStore::empty().with_pem_certificate(roots))
        .build()
        .map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(path: &str) -> Environment {
        [("AWS_CA_BUNDLE", path)].into_iter().collect()
    }

    #[test]
    fn amazons_roots_are_trusted_unless_told_otherwise() {
        assert!(context(&Environment::default()).is_ok());
        assert_eq!(AMAZON.matches("BEGIN CERTIFICATE").count(), 5);
    }

    #[test]
    fn a_bundle_that_holds_no_certificate_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roots.pem");
        std::fs::write(&file, "nothing to trust").unwrap();
        for path in [file.to_str().unwrap(), "/no/such/file"] {
            let error = context(&bundle(path)).unwrap_err();
            assert!(error.to_string().starts_with("AWS_CA_BUNDLE "), "{error}");
        }
    }
}
