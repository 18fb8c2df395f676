//! What must be on the paper, with no idea of printers.

use serde::{Deserialize, Serialize};

use crate::balance::Balance;
use crate::id::{EventKey, Hash};
use crate::points::Points;
use crate::time::{Timestamp, Zone};

/// Text of the QR that identifies a receipt: `SP1:<terminal>:<epoch>:<seq>:<check>`, where check is
/// the first 8 hex digits of the event's hash (PROTOCOL, "Receipt code").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptCode {
    pub key: EventKey,
    pub check: [u8; 4],
}

impl ReceiptCode {
    pub fn of(key: EventKey, hash: &Hash) -> Self {
        let [a, b, c, d, ..] = hash.0;
        ReceiptCode { key, check: [a, b, c, d] }
    }

    pub fn matches(&self, hash: &Hash) -> bool {
        hash.0.starts_with(&self.check)
    }

    /// None for anything that is not exactly a receipt code.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("SP1:")?.split(':');
        let terminal = crate::id::TerminalId(parts.next()?.parse().ok()?);
        let epoch = parts.next()?.parse().ok()?;
        let seq = parts.next()?.parse().ok()?;
        let check = parts.next().filter(|c| c.len() == 8)?;
        let check = u32::from_str_radix(check, 16).ok()?.to_be_bytes();
        parts.next().is_none().then_some(ReceiptCode { key: EventKey { terminal, epoch, seq }, check })
    }
}

impl std::fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let EventKey { terminal, epoch, seq } = self.key;
        write!(f, "SP1:{terminal}:{epoch}:{seq}:{:08x}", u32::from_be_bytes(self.check))
    }
}

/// The member's block on a receipt, as it stood at the commit: a reprint says the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberBlock {
    pub name_masked: String,
    pub card_tail: String,
    /// Balance before this receipt's own movements.
    pub confirmed: Points,
    pub confirmed_at: Option<Timestamp>,
    /// Undecided movements of earlier receipts.
    pub pending_before: Points,
    /// What this receipt moves.
    pub this: Points,
}

impl MemberBlock {
    /// `余额 1,260(总部 14:02 确认)+ 本单 35(待确认)`
    pub fn standing(&self, zone: Zone) -> String {
        let mut text = match self.confirmed_at {
            Some(at) => format!("余额 {}(总部 {} 确认)", self.confirmed, at.hour_minute(zone)),
            None => format!("余额 {}(总部未确认)", self.confirmed),
        };
        for (label, points) in [("此前", self.pending_before), ("本单", self.this)] {
            if points != Points::ZERO {
                let sign = if points < Points::ZERO { '-' } else { '+' };
                text.push_str(&format!(" {sign} {label} {}(待确认)", Points(points.0.saturating_abs())));
            }
        }
        text
    }

    pub fn of(balance: &Balance, this: Points, name_masked: String, card_tail: String) -> Self {
        MemberBlock {
            name_masked,
            card_tail,
            confirmed: balance.confirmed,
            confirmed_at: balance.confirmed_at,
            pending_before: balance.pending,
            this,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Epoch, TerminalId};

    #[test]
    fn a_receipt_code_reads_back_and_anything_else_does_not() {
        let key = EventKey { terminal: TerminalId(7), epoch: Epoch(0xab), seq: 42 };
        let code = ReceiptCode::of(key, &Hash::of(b"event"));
        assert_eq!(ReceiptCode::parse(&code.to_string()), Some(code));
        for bad in [
            "SP1:7:ab:42:00000000",
            "SP1:7:00000000000000ab:42:0000000",
            "SP1:7:00000000000000ab:42:00000000:1",
            "6921168509256",
        ] {
            assert_eq!(ReceiptCode::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_balance_on_paper_says_what_is_confirmed_and_what_is_not() {
        let at: Timestamp = "2026-11-21T14:02:00+08:00".parse().unwrap();
        let balance = Balance { confirmed: Points(1260), pending: Points::ZERO, confirmed_at: Some(at) };
        let block = MemberBlock::of(&balance, Points(35), "王*梅".into(), "0012".into());
        assert_eq!(block.standing(Zone::CHINA), "余额 1,260(总部 14:02 确认) + 本单 35(待确认)");
    }
}
