//! One real connection: TLS with the certificate that the code pins, and a clean end.

use std::sync::Arc;

use hq::auth::code;
use hq::config::DataDir;
use hq::serve;
use hq::tls::Certificate;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::shop::Shop;

#[tokio::test]
async fn a_pinned_certificate_is_served_and_the_server_ends_when_asked() {
    let shop = Shop::open();
    let data = DataDir::new(shop.folder.path());
    let certificate = Certificate::load_or_make(&data).unwrap();
    let again = Certificate::load_or_make(&data).unwrap();
    assert_eq!((again.sha256(), code::pin(&again.der)), (certificate.sha256(), code::pin(&certificate.der)));

    let listener = serve::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let tls = TlsAcceptor::from(certificate.server_config().unwrap());
    let served = tokio::spawn(serve::serve(listener, Some(tls), shop.app.clone(), async {
        stopped.await.ok();
    }));

    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(certificate.der.clone())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(client)).connect(name, stream).await.unwrap();
    stream.write_all(b"GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("\"not_found\""), "{answer}");

    stop.send(()).unwrap();
    served.await.unwrap();
}
