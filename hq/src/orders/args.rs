//! Orders as the command line says them.

use clap::{Args, Subcommand};
use ledger::coupon::{Benefit, CouponState};
use ledger::id::{CouponId, MemberId, StoreId, TerminalId};
use ledger::money::Fen;
use ledger::time::{BusinessDay, Timestamp};
use serde_json::{Value, json};
use sync::decide::order::Order;
use sync::protocol::snapshot::CouponRow;

use super::{TerminalOrder, Wish, carry_out};
use crate::config::{DataDir, random};
use crate::interest::Holding;
use crate::store::Store;

#[derive(Subcommand)]
pub enum OrderCommand {
    /// Nothing of this member's may be spent from now on.
    Block(BlockArgs),
    /// Takes a block back.
    Unblock { member: MemberId },
    /// Makes one member another name of a second.
    Merge(MergeArgs),
    /// Parts a member from the one it became another name of.
    Unmerge { member: MemberId },
    /// Forgets everything personal of a member, here and at every till, for ever.
    Erase { member: MemberId },
    /// Makes an open coupon worthless.
    RevokeCoupon { coupon: CouponId },
    /// Gives a member a coupon.
    IssueCoupon(IssueArgs),
    /// Moves a till to another store; what it did before stays where it did it.
    Reassign(ReassignArgs),
    /// Shuts a till out.
    RevokeTerminal { terminal: u32 },
    /// Lets a till hold the chain's members or its store's; it loads them at once.
    Hold {
        #[arg(long)]
        terminal: u32,
        #[arg(long)]
        members: Holding,
    },
    /// Takes a member off a store's tills that hold their store's members, until the member comes again.
    Leave {
        #[arg(long)]
        store: String,
        #[arg(long)]
        member: MemberId,
    },
}

#[derive(Args)]
pub struct BlockArgs {
    member: MemberId,
    /// For the people who look at the case.
    #[arg(long, default_value = "")]
    why: String,
}

#[derive(Args)]
pub struct MergeArgs {
    /// Becomes another name.
    #[arg(long)]
    from: MemberId,
    /// Stays.
    #[arg(long)]
    to: MemberId,
}

#[derive(Args)]
pub struct IssueArgs {
    #[arg(long)]
    member: MemberId,
    /// What the cashier and the customer read.
    #[arg(long)]
    title: String,
    /// Taken off, fen.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    off_fen: i64,
    /// From this amount of goods on, fen.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=100_000_000))]
    threshold_fen: i64,
    #[arg(long)]
    starts_on: BusinessDay,
    /// Last valid day.
    #[arg(long)]
    ends_on: BusinessDay,
    /// Takes it offline without asking.
    #[arg(long)]
    home: String,
}

#[derive(Args)]
pub struct ReassignArgs {
    #[arg(long)]
    terminal: u32,
    #[arg(long)]
    store: String,
    /// Number of the till within its new store.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=99))]
    till: u32,
}

const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl OrderCommand {
    /// Does it beside a server that may be running; what the command line answers.
    ///
    /// # Errors
    /// The refusal in one sentence, or what the database reports.
    pub fn carry_out(self, data: &DataDir, store: &dyn Store, now: Timestamp) -> anyhow::Result<Value> {
        let wish = self.wish(now, random()?);
        let (done, _) = carry_out(store, now, &wish, Some(&data.erasures()))?;
        Ok(json!(done))
    }

    /// The order; `random` makes a new coupon's id and code.
    pub fn wish(self, now: Timestamp, random: [u8; 20]) -> Wish {
        match self {
            OrderCommand::Block(args) => Wish::Member(Order::Block { member: args.member, why: args.why }),
            OrderCommand::Unblock { member } => Wish::Member(Order::Unblock { member }),
            OrderCommand::Merge(args) => Wish::Member(Order::Merge { from: args.from, to: args.to }),
            OrderCommand::Unmerge { member } => Wish::Member(Order::Unmerge { member }),
            OrderCommand::Erase { member } => Wish::Member(Order::Erase { member }),
            OrderCommand::RevokeCoupon { coupon } => Wish::Member(Order::RevokeCoupon { coupon }),
            OrderCommand::IssueCoupon(args) => {
                Wish::Member(Order::IssueCoupon { coupon: Box::new(args.coupon(now, random)) })
            }
            OrderCommand::Reassign(args) => Wish::Terminal(TerminalOrder::Reassign {
                terminal: TerminalId(args.terminal),
                store: StoreId(args.store),
                till_no: args.till,
            }),
            OrderCommand::RevokeTerminal { terminal } => {
                Wish::Terminal(TerminalOrder::RevokeTerminal { terminal: TerminalId(terminal) })
            }
            OrderCommand::Hold { terminal, members } => {
                Wish::Terminal(TerminalOrder::Hold { terminal: TerminalId(terminal), members })
            }
            OrderCommand::Leave { store, member } => {
                Wish::Terminal(TerminalOrder::Leave { store: StoreId(store), member })
            }
        }
    }
}

impl IssueArgs {
    fn coupon(self, now: Timestamp, random: [u8; 20]) -> CouponRow {
        let code: String =
            random[10..].iter().map(|b| char::from(CODE_ALPHABET[usize::from(b % 32)])).collect();
        CouponRow {
            id: CouponId::new(now, std::array::from_fn(|i| random[i])),
            code: format!("CP{code}"),
            member: self.member,
            title: self.title,
            benefit: Benefit::Off { off_fen: Fen(self.off_fen) },
            threshold_fen: Fen(self.threshold_fen),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            home_store: StoreId(self.home),
            state: CouponState::Open,
        }
    }
}
