//! The one certificate this till trusts: HQ's, known by its SHA-256, met once at enrolment.
//!
//! Names and dates in the certificate mean nothing here: HQ makes it itself, a till meets it under any
//! address, and a shop that was shut for a year must still reach its HQ.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, Once, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest as _, Sha256};

/// SHA-256 of HQ's certificate (DER). 64 lower-case hex digits as text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pin(pub [u8; 32]);

impl Pin {
    pub fn of(certificate: &[u8]) -> Self {
        Pin(Sha256::digest(certificate).into())
    }

    /// The 40 bits that an enrolment code repeats.
    pub fn first_bits(&self) -> [u8; 5] {
        let [a, b, c, d, e, ..] = self.0;
        [a, b, c, d, e]
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ledger::id::Hash(self.0).fmt(f)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pin({self})")
    }
}

impl FromStr for Pin {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<ledger::id::Hash>().map(|hash| Pin(hash.0))
    }
}

/// What the certificate must be.
#[derive(Clone, Debug)]
pub enum Expected {
    Exactly(Pin),
    /// At enrolment: begins with these bits. The pin that was met is left in `met`.
    FirstBits {
        bits: [u8; 5],
        met: Arc<Mutex<Option<Pin>>>,
    },
}

#[derive(Debug)]
struct PinVerifier {
    expected: Expected,
    provider: Arc<CryptoProvider>,
}

impl PinVerifier {
    fn accepts(&self, pin: Pin) -> bool {
        match &self.expected {
            Expected::Exactly(expected) => pin == *expected,
            Expected::FirstBits { bits, met } => {
                let accepted = pin.first_bits() == *bits;
                if accepted {
                    *met.lock().unwrap_or_else(PoisonError::into_inner) = Some(pin);
                }
                accepted
            }
        }
    }
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.accepts(Pin::of(end_entity.as_ref())) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// reqwest asks for a process-wide provider even where a client brings its own.
fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that somebody installed one before: that one is as good.
        let _already = rustls::crypto::ring::default_provider().install_default();
    });
}

/// TLS for a client that trusts what is `expected` and nothing else.
///
/// # Errors
/// When ring offers no protocol version, which it always does.
pub fn tls(expected: Expected) -> Result<ClientConfig, Error> {
    install_provider();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = PinVerifier { expected, provider: Arc::clone(&provider) };
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Expected, certificate: &[u8]) -> bool {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        PinVerifier { expected, provider }
            .verify_server_cert(
                &CertificateDer::from(certificate.to_vec()),
                &[],
                &ServerName::try_from("hq").unwrap(),
                &[],
                UnixTime::now(),
            )
            .is_ok()
    }

    #[test]
    fn only_the_pinned_certificate_is_accepted() {
        assert!(check(Expected::Exactly(Pin::of(b"hq")), b"hq"));
        assert!(!check(Expected::Exactly(Pin::of(b"hq")), b"hQ"));
    }

    #[test]
    fn enrolment_accepts_what_the_code_repeats_and_remembers_the_whole_pin() {
        let met = Arc::new(Mutex::new(None));
        let bits = Pin::of(b"hq").first_bits();
        assert!(!check(Expected::FirstBits { bits, met: Arc::clone(&met) }, b"portal"));
        assert_eq!(*met.lock().unwrap(), None);
        assert!(check(Expected::FirstBits { bits, met: Arc::clone(&met) }, b"hq"));
        assert_eq!(*met.lock().unwrap(), Some(Pin::of(b"hq")));
    }

    #[test]
    fn a_pin_reads_back_as_it_was_written() {
        let pin = Pin::of(b"hq");
        assert_eq!(pin.to_string().parse(), Ok(pin));
    }
}
