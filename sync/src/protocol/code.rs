//! Codes that HQ signs and a till checks without asking: `<prefix>.<payload>.<signature>`, both parts
//! base64url without padding, the signature Ed25519 over the text before it (PROTOCOL, "Signed codes").

use ed25519_dalek::SigningKey;
use ledger::id::{CouponId, MemberId, StoreId};
use ledger::money::Fen;
use ledger::time::{BusinessDay, Timestamp};

use super::signature;

const MEMBER: &str = "MB2";
const COUPON: &str = "CB1";
/// Stands for every store in a coupon's code.
const ANY_STORE: &str = "*";
/// How long a member's code is good for after it was made, ms.
pub const MEMBER_CODE_MS: i64 = 90_000;
/// How much earlier a till may believe it is, before its own doubt, ms.
const AHEAD_MS: i64 = 30_000;
/// Longest doubt about HQ's time that stretches a code's life, ms.
const DOUBT_MS_MAX: u64 = 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadCode {
    /// Not of this form.
    Form,
    /// Not signed by a key of this chain.
    Signature,
}

/// A member's rotating code: whoever shows it holds the member's phone now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberCode {
    pub member: MemberId,
    /// HQ's clock, whole seconds.
    pub issued_at: Timestamp,
    pub nonce: u32,
}

impl MemberCode {
    /// 16 bytes of the id, 4 of the seconds since 1970, 4 of the nonce, big-endian.
    pub fn seal(&self, key: &SigningKey) -> String {
        let seconds = u32::try_from(self.issued_at.0.div_euclid(1000)).unwrap_or(u32::MAX);
        let payload = [&self.member.bytes()[..], &seconds.to_be_bytes(), &self.nonce.to_be_bytes()].concat();
        seal(MEMBER, &payload, key)
    }

    /// # Errors
    /// See [`BadCode`]; age is judged by [`MemberCode::is_fresh`].
    pub fn open(text: &str, keys: &[Vec<u8>]) -> Result<Self, BadCode> {
        let payload = open(MEMBER, text, keys)?;
        let (member, rest) = payload.split_first_chunk::<16>().ok_or(BadCode::Form)?;
        let (seconds, rest) = rest.split_first_chunk::<4>().ok_or(BadCode::Form)?;
        let nonce = <[u8; 4]>::try_from(rest).map_err(|_| BadCode::Form)?;
        Ok(MemberCode {
            member: MemberId::from(*member),
            issued_at: Timestamp(i64::from(u32::from_be_bytes(*seconds)) * 1000),
            nonce: u32::from_be_bytes(nonce),
        })
    }

    /// True while the code is good at `hq_now`, known to within `doubt_ms`.
    pub fn is_fresh(&self, hq_now: Timestamp, doubt_ms: u64) -> bool {
        let doubt = doubt_ms.min(DOUBT_MS_MAX).cast_signed();
        let age = hq_now.since(self.issued_at);
        (-AHEAD_MS - doubt..=MEMBER_CODE_MS + doubt).contains(&age)
    }
}

/// A coupon for whoever carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CouponCode {
    pub coupon: CouponId,
    pub value: Fen,
    /// Last valid day, included.
    pub ends_on: BusinessDay,
    /// The store that gave it out and may take it offline; None for the chain.
    pub store: Option<StoreId>,
}

impl CouponCode {
    /// 16 bytes of the id, 8 of the value in fen, 4 of the day as yyyymmdd, big-endian; then the store.
    pub fn seal(&self, key: &SigningKey) -> String {
        let store = self.store.as_ref().map_or(ANY_STORE, |store| store.0.as_str());
        let day = u32::try_from(self.ends_on.number()).unwrap_or(u32::MAX);
        let parts: [&[u8]; 4] =
            [&self.coupon.bytes(), &self.value.0.to_be_bytes(), &day.to_be_bytes(), store.as_bytes()];
        seal(COUPON, &parts.concat(), key)
    }

    /// # Errors
    /// See [`BadCode`].
    pub fn open(text: &str, keys: &[Vec<u8>]) -> Result<Self, BadCode> {
        let payload = open(COUPON, text, keys)?;
        let (coupon, rest) = payload.split_first_chunk::<16>().ok_or(BadCode::Form)?;
        let (value, rest) = rest.split_first_chunk::<8>().ok_or(BadCode::Form)?;
        let (day, store) = rest.split_first_chunk::<4>().ok_or(BadCode::Form)?;
        let store = std::str::from_utf8(store).ok().filter(|s| !s.is_empty()).ok_or(BadCode::Form)?;
        Ok(CouponCode {
            coupon: CouponId::from(*coupon),
            value: Fen(i64::from_be_bytes(*value)),
            ends_on: BusinessDay::from_number(i64::from(u32::from_be_bytes(*day))).ok_or(BadCode::Form)?,
            store: (store != ANY_STORE).then(|| StoreId(store.to_owned())),
        })
    }
}

fn seal(prefix: &str, payload: &[u8], key: &SigningKey) -> String {
    let text = format!("{prefix}.{}", signature::encode(payload));
    let sig = signature::sign(key, &text);
    format!("{text}.{sig}")
}

fn open(prefix: &str, text: &str, keys: &[Vec<u8>]) -> Result<Vec<u8>, BadCode> {
    let (signed, sig) = text.rsplit_once('.').ok_or(BadCode::Form)?;
    let payload = signed.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')).ok_or(BadCode::Form)?;
    let payload = signature::decode(payload).ok_or(BadCode::Form)?;
    let known = keys.iter().any(|key| signature::verify(key, signed, sig));
    if known { Ok(payload) } else { Err(BadCode::Signature) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> (SigningKey, Vec<Vec<u8>>) {
        let key = SigningKey::from_bytes(&[3; 32]);
        let public = key.verifying_key().to_bytes().to_vec();
        (key, vec![vec![0; 32], public])
    }

    #[test]
    fn a_members_code_reads_back_and_ages() {
        let (key, public) = key();
        let made =
            MemberCode { member: MemberId::from([7; 16]), issued_at: Timestamp(1_700_000_000_000), nonce: 9 };
        let text = made.seal(&key);
        assert_eq!(MemberCode::open(&text, &public), Ok(made));
        for (age_ms, doubt_ms, fresh) in [
            (0, 0, true),
            (90_000, 0, true),
            (90_001, 0, false),
            (95_000, 5_000, true),
            (-30_001, 0, false),
            (3_600_000, u64::MAX, false),
        ] {
            assert_eq!(made.is_fresh(made.issued_at.plus_ms(age_ms), doubt_ms), fresh, "{age_ms} {doubt_ms}");
        }
    }

    #[test]
    fn a_coupons_code_reads_back() {
        let (key, public) = key();
        for store in [None, Some(StoreId::from("S001"))] {
            let made = CouponCode {
                coupon: CouponId::from([1; 16]),
                value: Fen(500),
                ends_on: "2026-11-30".parse().unwrap(),
                store,
            };
            assert_eq!(CouponCode::open(&made.seal(&key), &public), Ok(made));
        }
    }

    #[test]
    fn a_code_that_was_changed_or_signed_by_a_stranger_does_not_open() {
        let (key, public) = key();
        let made = MemberCode { member: MemberId::from([7; 16]), issued_at: Timestamp(0), nonce: 9 };
        let text = made.seal(&SigningKey::from_bytes(&[4; 32]));
        assert_eq!(MemberCode::open(&text, &public), Err(BadCode::Signature));
        let text = made.seal(&key).replacen("MB2.B", "MB2.C", 1);
        assert_eq!(MemberCode::open(&text, &public), Err(BadCode::Signature));
        for text in ["", "MB2", "MB2.", "MB2..", "CB1.AAAA.AAAA", "MB2.AAAA.AAAA"] {
            assert!(MemberCode::open(text, &public).is_err(), "{text}");
            assert!(CouponCode::open(text, &public).is_err(), "{text}");
        }
    }
}
