//! Whom the client trusts.

use std::error::Error as _;
use std::sync::Arc;

use intercom::oauth::AccessToken;
use intercom::rest::{Client, Error};
use intercom::{Hosts, Region};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use url::Url;

use crate::fixture::LIMITS;

#[tokio::test]
async fn a_server_that_only_vouches_for_itself_gets_no_token() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            drop(acceptor.accept(stream).await);
        }
    });

    let hosts = Hosts::new(Some(Url::parse(&api).unwrap()), None).unwrap();
    let token = AccessToken::parse("dG9r").unwrap();
    let error = Client::with_limits(hosts, LIMITS)
        .me(Region::Us, &token)
        .await
        .err()
        .unwrap();
    assert!(
        matches!(
            error,
            Error::Unreachable {
                never_sent: true,
                ..
            }
        ),
        "{error:?}"
    );
    let cause = format!("{:?}", error.source().unwrap());
    assert!(cause.contains("UnknownIssuer"), "{cause}");
}
