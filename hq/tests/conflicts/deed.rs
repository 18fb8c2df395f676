//! What a step makes headquarters do by itself or for a till that asks, with ids instead of handles.

use ledger::grant::{AuthId, Spend};
use ledger::id::{Sku, StoreId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::programme::Programme;
use ledger::time::BusinessDay;
use serde_json::{Map, Value};
use sync::decide::kept::Keep;
use sync::decide::late::{self, Accounting};
use sync::protocol::authorize::{AuthorizeRequest, TTL_S};
use sync::protocol::transfer::TransferRequest;
use uuid::Uuid;

use crate::cast::{member_id, sixteen};
use crate::story::{ShortHold, ShortTransfer, What};

#[derive(Clone, Debug)]
pub enum Deed {
    Programme(Box<Programme>),
    Prices(Vec<(Sku, Fen)>),
    /// Closes the accounts of these stores.
    Close(Vec<Keep>),
    Expire,
    Tiers,
    FinishTransfers,
}

/// The stores that stories play in.
const STORES: [&str; 2] = ["S001", "S002"];

fn closed(through: BusinessDay) -> Vec<Keep> {
    let close = |store: StoreId| {
        let accounting = Accounting { closed_through: through };
        Keep::put(late::shard_of(&store), store.0.clone(), &accounting)
    };
    STORES.into_iter().map(|store| close(store.into())).collect()
}

impl Deed {
    /// The verb of a step and what it does; None for what is no deed.
    pub fn of(what: &What, in_force: &Programme) -> Option<(&'static str, Deed)> {
        Some(match what {
            What::PublishProgramme(over) => {
                ("publish_programme", Deed::Programme(Box::new(next(in_force, over))))
            }
            What::PublishPrices(prices) => {
                let prices = prices.iter().map(|(sku, fen)| (Sku::from(sku.as_str()), Fen(*fen)));
                ("publish_prices", Deed::Prices(prices.collect()))
            }
            What::CloseAccounts(day) => ("close_accounts", Deed::Close(closed(*day))),
            What::ExpirePoints {} => ("expire_points", Deed::Expire),
            What::Tiers {} => ("tiers", Deed::Tiers),
            What::FinishTransfers {} => ("finish_transfers", Deed::FinishTransfers),
            _ => return None,
        })
    }
}

fn next(in_force: &Programme, over: &Map<String, Value>) -> Programme {
    let mut value = serde_json::to_value(in_force).unwrap();
    value["version"] = (in_force.version + 1).into();
    value.as_object_mut().unwrap().extend(over.clone());
    serde_json::from_value(value).expect("the published programme is one")
}

/// The id under which the step `name` asks.
pub fn auth_id(name: &str) -> AuthId {
    AuthId(Uuid::from_bytes(sixteen(&format!("auth:{name}"))))
}

pub fn hold(name: &str, short: &ShortHold) -> AuthorizeRequest {
    let spend = Spend {
        member: member_id(&short.member),
        points: Points(short.points),
        stored_fen: Fen(short.stored_fen),
        coupons: Vec::new(),
    };
    AuthorizeRequest { auth_id: auth_id(name), spend, ttl_s: TTL_S, reason: String::new() }
}

pub fn transfer(name: &str, short: &ShortTransfer) -> TransferRequest {
    TransferRequest {
        auth_id: auth_id(name),
        from: member_id(&short.from),
        to: member_id(&short.to),
        points: Points(short.points),
    }
}
