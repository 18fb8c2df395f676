//! Points spent on this cart: max, half, none, or as many as the member says.

use ledger::money::Fen;
use ledger::points::Points;
use ledger::pricing::burnable;
use ledger::programme::Programme;
use ledger::quota::{Hand, SpendLimit};
use ledger::sale::Presented;

use crate::approval;
use crate::checkout::{self, Standing};
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::limits;
use crate::view::{CartRedeem, CartView, RedeemChoice};

/// Everything that decides how many points may be spent.
#[derive(Clone, Copy)]
struct Ask<'a> {
    programme: &'a Programme,
    limit: SpendLimit,
    /// Confirmed and pending.
    total: Points,
    /// Owed before points.
    amount: Fen,
}

pub fn cart_redeem(desk: &Desk, args: CartRedeem) -> Answer<CartView> {
    let staff = desk.staff()?;
    let shop = desk.shop()?;
    let mut cart = checkout::cart(desk)?;
    if args.choice == RedeemChoice::None {
        (cart.redeem, cart.override_by) = (Points::ZERO, None);
        return checkout::keep(desk, &cart);
    }
    let supervisor = match args.supervisor_pin.as_deref() {
        Some(pin) => Some(approval::supervisor(desk, &staff, Some(pin))?),
        None => None,
    };
    let hand = if supervisor.is_some() { Hand::Supervisor } else { Hand::Cashier };
    let shopper = cart.shopper.ok_or_else(no_member)?;
    if shopper.presented == Presented::Typed {
        return Err(Failure::scan_to_spend());
    }
    cart.redeem = Points::ZERO;
    let ask = desk.read(|r| {
        let standing = Standing::of(desk, r, &shop, &cart)?;
        let limit = limits::points(r, &shop, shopper.member, standing.moment, hand)?;
        let total = limits::total(r, shopper.member)?;
        Ok(Ask { programme: &shop.programme, limit, total, amount: standing.priced().due })
    })?;
    let most = burnable(ask.programme, ask.amount, ask.limit.possible());
    let wanted = match args.choice {
        RedeemChoice::Points(points) => Points(points),
        RedeemChoice::Half => Points(most.0 / 2),
        RedeemChoice::Max | RedeemChoice::None => most,
    };
    cart.redeem = allowed(ask, wanted)?;
    cart.override_by = supervisor.map(|row| row.id);
    checkout::keep(desk, &cart)
}

/// `wanted` in whole fen if it may be spent, else what stands in the way and what is possible.
fn allowed(ask: Ask<'_>, wanted: Points) -> Answer<Points> {
    let Ask { programme, limit, total, amount } = ask;
    let most = burnable(programme, amount, limit.possible());
    if wanted > limit.possible() {
        return Err(limits::points_refused(limit, total));
    }
    if most == Points::ZERO {
        return Err(nothing_possible(programme, limit, total));
    }
    let possible = burnable(programme, amount, wanted);
    if wanted > most || possible == Points::ZERO {
        let hint = format!("可以用 {} 到 {most} 分", programme.burn.points_min);
        return Err(Failure::new("redeem_not_possible", format!("这一单不能用 {wanted} 分"), hint));
    }
    Ok(possible)
}

fn nothing_possible(programme: &Programme, limit: SpendLimit, total: Points) -> Failure {
    let offline = !matches!(limit, SpendLimit::Balance(_));
    if offline && total >= programme.burn.points_min {
        return limits::points_refused(limit, total);
    }
    let hint = format!("满 {} 分才能用,请直接收款", programme.burn.points_min);
    Failure::new("redeem_not_possible", format!("这一单没有可用的积分,会员共 {total} 分"), hint)
}

fn no_member() -> Failure {
    Failure::new("unknown_member", "还没有会员,不能用积分", "请先扫会员卡或会员码")
}
