//! All commands in one table: name outside, method inside, what it takes, what it answers.
//!
//! The window calls the methods, the headless till dispatches by name, the schema lists them: three
//! views of this one list, so none can miss a command.

use schemars::SchemaGenerator;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::command as run;
use crate::composition::Till;
use crate::failure::{Answer, Failure};
use crate::view::*;

/// One row of the table, for scripts and documents.
pub struct Spec {
    /// `cart.scan`; the window says `cart_scan`.
    pub name: &'static str,
    pub about: &'static str,
    /// JSON Schema of the arguments; None when it takes none.
    pub args: Option<Value>,
    /// JSON Schema of the answer's `data`.
    pub data: Value,
}

macro_rules! commands {
    ($($name:literal $method:ident ($($args:ty)?) -> $answer:ty, $effect:ident, $about:literal;)*) => {
        impl Till {
            $(
                #[doc = $about]
                ///
                /// # Errors
                /// What the cashier is told when it cannot be done.
                pub fn $method(&self $(, args: $args)?) -> Answer<$answer> {
                    self.$effect(|desk| run::$method(desk $(, is::<$args>(args))?))
                }
            )*

            /// Runs the command called `name`.
            ///
            /// # Errors
            /// `unknown_command`, `bad_args`, or what the command says.
            pub fn dispatch(&self, name: &str, args: Value) -> Answer<Value> {
                match name {
                    $($name => {
                        $(let args: $args = parse(args)?;)?
                        self.$method($(is::<$args>(args))?).and_then(shown)
                    })*
                    other => Err(Failure::new(
                        "unknown_command",
                        format!("没有名为 {other} 的命令"),
                        "用 commands 命令查看全部命令",
                    )),
                }
            }
        }

        /// The table, with schemas whose definitions gather in `schemas`.
        pub fn specs(schemas: &mut SchemaGenerator) -> Vec<Spec> {
            vec![$(Spec {
                name: $name,
                about: $about,
                args: None$(.or(Some(schemas.subschema_for::<$args>().to_value())))?,
                data: schemas.subschema_for::<$answer>().to_value(),
            }),*]
        }
    };
}

commands! {
    "enrol" enrol(Enrol) -> Screen, change, "Binds this till to a store with a one-time code.";
    "staff.sign_in" staff_sign_in(StaffSignIn) -> StaffView, change, "Signs a person in with a PIN; works offline.";
    "staff.sign_out" staff_sign_out() -> (), change, "Signs out. The cart stays.";
    "shift.open" shift_open(ShiftOpen) -> ShiftView, change, "Opens a shift with the float counted into the drawer.";
    "shift.close" shift_close(ShiftClose) -> DayReport, change, "Closes the shift with a blind count.";
    "report.x" report_x() -> DayReport, change, "Prints the report so far; nothing is closed.";
    "day.close" day_close(DayClose) -> DayReport, change, "Closes the business day: local, instant, immutable.";
    "cart.scan" cart_scan(CartScan) -> Scanned, change, "Takes anything scanned or typed: goods, member, coupon, receipt, staff.";
    "cart.quantity" cart_quantity(CartQuantity) -> CartView, change, "Sets the quantity of a line, in thousandths.";
    "cart.remove" cart_remove(CartRemove) -> CartView, change, "Removes a line.";
    "cart.clear" cart_clear() -> CartView, change, "Empties the cart.";
    "cart.hold" cart_hold() -> HeldView, change, "Puts the cart aside for the next customer.";
    "cart.recall" cart_recall(CartRecall) -> CartView, change, "Takes a held cart back.";
    "cart.held" cart_held() -> Vec<HeldView>, look, "Lists the held carts, longest waiting first.";
    "cart.member" cart_member(CartMember) -> CartView, change, "Attaches a member found by search (earns only), or detaches.";
    "cart.redeem" cart_redeem(CartRedeem) -> CartView, change, "Spends points on this cart: max, half, none or a number.";
    "cart.coupon" cart_coupon(CartCoupon) -> CartView, change, "Takes or gives back a coupon; one per sale.";
    "cart.offer" cart_offer() -> CartView, change, "Takes the best combination shown in the cart.";
    "member.find" member_find(MemberFind) -> Vec<MemberView>, look, "Finds members by card, phone, last four digits, name or pinyin.";
    "member.join" member_join(MemberJoin) -> Joined, change, "Makes the customer a member, with consent, and attaches them.";
    "member.top_up" member_top_up(MemberTopUp) -> ToppedUp, change, "Sells stored value to a member, with a receipt.";
    "pay" pay(Pay) -> Paid, change, "Completes the sale; answers only after the commit.";
    "sale.find" sale_find(SaleFind) -> SaleView, change, "Finds a sale by receipt code, receipt number or sale id.";
    "sale.list" sale_list(SaleList) -> Vec<SaleView>, look, "Lists the latest sales, newest first.";
    "sale.refund" sale_refund(SaleRefund) -> Refunded, change, "Gives a whole sale back.";
    "receipt.get" receipt_get(ReceiptOf) -> ReceiptView, look, "Shows a receipt as paper.";
    "receipt.reprint" receipt_reprint(ReceiptOf) -> ReceiptView, change, "Prints a receipt again, marked as a copy.";
    "cash.move" cash_move(CashMove) -> DayReport, change, "Puts cash into the drawer or takes it out.";
    "sync.status" sync_status() -> SyncStatus, look, "Tells what headquarters has, counted in the journal.";
    "sync.now" sync_now() -> SyncStatus, change, "Starts a round with headquarters at once.";
    "sync.pause" sync_pause() -> SyncStatus, change, "Stops all traffic with headquarters.";
    "sync.resume" sync_resume() -> SyncStatus, change, "Lets traffic with headquarters flow again.";
    "sync.verify" sync_verify() -> SyncVerified, look, "Compares every balance and coupon with headquarters and puts right what differs.";
    "print.queue" print_queue() -> PrintQueueView, look, "What waits for paper, what needs a look, what came out last.";
    "print.answer" print_answer(PrintAnswer) -> PrintQueueView, change, "Decides about a slip that may be incomplete: complete, copy or skip.";
    "print.release_old" print_release_old(PrintRelease) -> PrintQueueView, change, "One answer for all slips that waited too long.";
    "device.list" device_list() -> Vec<DeviceView>, look, "Every device and how it is.";
    "device.found" device_found() -> Vec<FoundDevice>, look, "USB devices that are plugged in and not set up yet.";
    "device.add" device_add(DeviceAdd) -> DeviceView, change, "Sets a printer, scanner or customer display up.";
    "device.map" device_map(DeviceMap) -> DeviceView, change, "Renames a device, changes its address or purpose, switches it on or off.";
    "device.remove" device_remove(DeviceOf) -> Vec<DeviceView>, change, "Forgets a device.";
    "device.test" device_test(DeviceOf) -> DeviceView, change, "Shows which device is meant: prints its name, lights the display up.";
    "device.test_page" device_test_page(DeviceOf) -> TestPageView, change, "Prints the page from which a printer's settings are learnt.";
    "device.learn" device_learn(DeviceLearn) -> DeviceView, change, "Takes the answers about the test page into the printer's settings.";
    "scan.test" scan_test(ScanTest) -> Vec<ScanSeen>, look, "Explains scanned codes without selling anything; newest first.";
    "scan.context" scan_context(ScanContextOf) -> (), change, "Tells what the screen does with codes from scanners of their own.";
    "strip.dismiss" strip_dismiss() -> (), change, "Takes the last message away.";
    "settings.language" settings_language(SettingsLanguage) -> (), change, "Switches the language: zh-CN or en.";
    "customer.screen" customer_screen() -> CustomerView, look, "What the customer sees, for a window that has just opened.";
    "customer.window" customer_window(CustomerWindowOf) -> (), change, "Opens or closes the customer's window, or leaves it to the second monitor.";
    "screen" screen() -> Screen, look, "The whole window in one value.";
}

/// Keeps the type of an argument that the macro passes on.
fn is<T>(value: T) -> T {
    value
}

/// Nothing given is the same as an empty object.
fn parse<T: DeserializeOwned>(args: Value) -> Answer<T> {
    let args = if args.is_null() { Value::Object(serde_json::Map::new()) } else { args };
    serde_json::from_value(args)
        .map_err(|e| Failure::new("bad_args", format!("命令的参数不对:{e}"), "用 commands 命令查看参数"))
}

fn shown<T: Serialize>(data: T) -> Answer<Value> {
    serde_json::to_value(data)
        .map_err(|e| Failure::new("internal", format!("答案无法写成 JSON:{e}"), "请重启收银机"))
}
