//! `/canvas/…` on Lambda.

use intercom::{HttpsUrl, signature::ClientSecret};
use lambda_http::{Error, run, service_fn};
use platform::{aws, clock::Clock, config::Environment, secrets, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let environment = Environment::of_process();
    let master_key = secrets::master_key(&environment)?;
    let client_secret = secrets::client_secret(&environment)?;
    let public_url = environment.required("PUBLIC_URL", "the https address of our pages")?;
    let sdk = aws::sdk_config().await;
    let state = &canvas::State {
        store: aws::store(&sdk, &environment, master_key)?,
        client_secret: ClientSecret::parse(client_secret.expose())?,
        public_url: HttpsUrl::parse(public_url).map_err(|error| format!("PUBLIC_URL: {error}"))?,
        clock: Clock::system(),
    };
    run(service_fn(move |request| async move {
        Ok::<_, Error>(canvas::handle(state, request).await)
    }))
    .await
}
