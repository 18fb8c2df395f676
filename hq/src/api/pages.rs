//! The console's built files, inside the program.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../ui/console/dist"]
#[allow_missing = true]
struct Console;

pub async fn root() -> Redirect {
    Redirect::temporary("/console/")
}

pub async fn index() -> Response {
    file("index.html")
}

/// A path without a file is a view of the console: it starts from the index.
pub async fn page(Path(path): Path<String>) -> Response {
    if Console::get(&path).is_some() || path.contains('.') { file(&path) } else { file("index.html") }
}

fn file(path: &str) -> Response {
    match Console::get(path) {
        Some(found) => {
            let kind = found.metadata.mimetype().to_owned();
            ([(CONTENT_TYPE, kind)], found.data.into_owned()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "the console is not part of this build").into_response(),
    }
}
