//! A shop to click around in: a customer's site, with the recorder in its one script tag.
//!
//! Some of it works, and some of it fails as sites do: a button that does nothing, one that throws, requests
//! that are answered with errors. What its visitors write to support comes into the pretend Inbox.

mod assets;
mod products;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use crate::ApiKey;
use assets::ASSETS;
use products::{PRODUCTS, Product};

/// What every page has.
#[derive(Clone)]
struct Shop {
    /// For the recorder's tag.
    write_key: ApiKey,
}

#[derive(Template)]
#[template(path = "shop/list.html")]
struct ListPage<'a> {
    write_key: &'a str,
    products: &'a [Product],
}

#[derive(Template)]
#[template(path = "shop/product.html")]
struct ProductPage<'a> {
    write_key: &'a str,
    product: &'a Product,
}

#[derive(Template)]
#[template(path = "shop/basket.html")]
struct BasketPage<'a> {
    write_key: &'a str,
    products: &'a [Product],
}

#[derive(Template)]
#[template(path = "shop/checkout.html")]
struct CheckoutPage<'a> {
    write_key: &'a str,
}

#[derive(Template)]
#[template(path = "shop/account.html")]
struct AccountPage<'a> {
    write_key: &'a str,
}

/// The shop's pages, and what their scripts ask for.
pub(crate) fn routes(write_key: ApiKey) -> Router {
    let files = ASSETS
        .iter()
        .fold(Router::new(), |router, &(path, content_type, content)| {
            let file = move || async move { ([(CONTENT_TYPE, content_type)], content) };
            router.route(path, get(file))
        });
    files
        .route("/shop", get(list))
        .route("/shop/products/{id}", get(product))
        .route("/shop/basket", get(basket))
        .route("/shop/checkout", get(checkout))
        .route("/shop/account", get(account))
        .route("/shop/account/{section}", get(account))
        .route("/shop/api/stock/{id}", get(stock))
        .route("/shop/api/orders", post(order))
        .with_state(Shop { write_key })
}

async fn list(State(shop): State<Shop>) -> Response {
    page(&ListPage {
        write_key: shop.write_key.reveal(),
        products: &PRODUCTS,
    })
}

async fn product(State(shop): State<Shop>, Path(id): Path<String>) -> Response {
    let Some(product) = PRODUCTS.iter().find(|product| product.id == id) else {
        return (StatusCode::NOT_FOUND, "There is no such product.").into_response();
    };
    page(&ProductPage {
        write_key: shop.write_key.reveal(),
        product,
    })
}

async fn basket(State(shop): State<Shop>) -> Response {
    page(&BasketPage {
        write_key: shop.write_key.reveal(),
        products: &PRODUCTS,
    })
}

async fn checkout(State(shop): State<Shop>) -> Response {
    page(&CheckoutPage {
        write_key: shop.write_key.reveal(),
    })
}

async fn account(State(shop): State<Shop>) -> Response {
    page(&AccountPage {
        write_key: shop.write_key.reveal(),
    })
}

/// Fails, as if the warehouse were down.
async fn stock() -> (StatusCode, Json<serde_json::Value>) {
    let answer = json!({ "error": "the warehouse does not answer" });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(answer))
}

async fn order() -> StatusCode {
    StatusCode::CREATED
}

fn page(template: &impl Template) -> Response {
    template.render().map_or_else(
        |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        |page| Html(page).into_response(),
    )
}
