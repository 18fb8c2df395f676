//! Plain requests to headquarters, for clients made by hand.

use std::sync::Once;
use std::time::Duration;

use reqwest::header::CONTENT_ENCODING;
use reqwest::{Client, Method};
use tokio::runtime::{Builder, Runtime};

const LIMIT: Duration = Duration::from_secs(20);

/// An answer, unpacked.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Reply {
    /// # Panics
    /// When the body is not the JSON that was expected.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn lines(&self) -> Vec<String> {
        self.text().lines().map(str::to_owned).collect()
    }
}

/// A request as it goes out.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// Asks one server; takes any certificate, since the till's pin is what is tested, not this.
pub struct Http {
    runtime: Runtime,
    client: Client,
    base: String,
}

impl Http {
    /// # Panics
    /// When no client can be built.
    pub fn to(base: &str) -> Http {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // Another part of the same program may have chosen the same one before.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        // No connection is kept: the server may be killed between two requests.
        let client = Client::builder().pool_max_idle_per_host(0).no_proxy().timeout(LIMIT);
        let client = client.tls_danger_accept_invalid_certs(true).build();
        Http {
            runtime: Builder::new_current_thread().enable_all().build().expect("a runtime"),
            client: client.expect("a client"),
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// # Errors
    /// The network's, in words.
    pub fn send(&self, ask: Ask) -> Result<Reply, String> {
        let method = Method::from_bytes(ask.method.as_bytes()).map_err(|e| e.to_string())?;
        let mut request = self.client.request(method, format!("{}{}", self.base, ask.path)).body(ask.body);
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.map_err(|e| format!("{e:?}"))?;
            let status = answer.status().as_u16();
            let packed = answer.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding == "zstd");
            let body = answer.bytes().await.map_err(|e| format!("{e:?}"))?;
            let body =
                if packed { zstd::decode_all(&*body).map_err(|e| e.to_string())? } else { body.to_vec() };
            Ok(Reply { status, body })
        })
    }
}
