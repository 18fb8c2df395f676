//! The whole API on one screen.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use sync::protocol::path;
use sync::protocol::problem::ProblemCode;
use sync::protocol::signature::TIME_HEADER;

use crate::api::{
    authorize, cases, config, console, digest, enrol, feed, hello, lookup, nights, operators, orders, pack,
    pages, plain, pull, push, read, scan_rules, siblings, snapshot, templates, transfer, verdicts,
};
use crate::app::Shared;
use crate::error::{ApiError, wire};

pub fn routes(app: Shared) -> Router {
    Router::new()
        // Tills.
        .route(path::ENROL, post(enrol::enrol))
        .route(path::HELLO, post(hello::hello))
        .route(path::HASHES, post(hello::hashes))
        .route(path::BRANCH, post(hello::branch))
        .route(path::PUSH, post(push::push))
        .route(path::PULL, post(pull::pull))
        .route(path::VERDICTS, post(verdicts::verdicts))
        .route(path::AUTHORIZE, post(authorize::authorize))
        .route(path::RELEASE, post(authorize::release))
        .route(path::TRANSFER, post(transfer::transfer))
        .route(path::LOOKUP, post(lookup::lookup))
        .route(path::SNAPSHOT, get(snapshot::snapshot))
        .route(path::PACK, get(pack::pack))
        .route(&format!("{}/{{hash}}", path::PACK), get(pack::segment))
        .route(path::DIGEST, post(digest::digest))
        .route(path::CONFIG, get(config::config))
        .route(path::SIBLINGS, get(siblings::siblings))
        .route(path::FEED, get(feed::feed))
        .route(path::POLL, get(feed::poll))
        // Checks and scripts.
        .route("/v1/read/members/{id}", get(read::member))
        .route("/v1/read/members/{id}/entries", get(read::entries))
        .route("/v1/read/events/{terminal}/{epoch}/{seq}", get(read::event))
        .route("/v1/read/cases", get(read::cases))
        .route("/v1/read/trial-balance", get(read::trial_balance))
        .route("/v1/read/stores/{id}/days/{date}", get(read::day))
        // People.
        .route("/v1/console/sign-in", post(operators::sign_in))
        .route("/v1/console/overview", get(console::overview))
        .route("/v1/console/members", get(console::members))
        .route("/v1/console/members/{id}", get(console::member))
        .route("/v1/console/sales", get(console::sales))
        .route("/v1/console/tills", get(console::tills))
        .route("/v1/console/cases", get(read::cases))
        .route("/v1/console/nights/{date}", get(nights::night))
        .route("/v1/console/receipt-templates", get(templates::list).post(templates::keep))
        .route("/v1/console/receipt-templates/preview", post(templates::preview))
        .route("/v1/console/receipt-templates/logo", post(templates::logo))
        .route("/v1/console/scan-rules", get(scan_rules::list).post(scan_rules::keep))
        .route("/v1/console/scan-rules/try", post(scan_rules::trial))
        .route("/v1/console/orders", post(orders::order))
        .route("/v1/console/cases/{id}/resolve", post(cases::resolve_case))
        .route("/v1/console/cases/{id}/accept", post(cases::accept_case))
        .route("/v1/console/cases/{id}/owner", post(cases::assign_case))
        .route("/", get(pages::root))
        .route("/console", get(pages::root))
        .route("/console/", get(pages::index))
        .route("/console/{*path}", get(pages::page))
        .fallback(nowhere)
        .layer(from_fn(plain::when_asked))
        .layer(from_fn_with_state(app.clone(), tell_time))
        .with_state(app)
}

async fn nowhere() -> ApiError {
    wire(ProblemCode::NotFound, "no such path")
}

/// Every answer carries HQ's time: tills estimate their offset from it.
async fn tell_time(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(time) = HeaderValue::from_str(&app.now().to_string()) {
        response.headers_mut().insert(TIME_HEADER, time);
    }
    response
}
