//! The window's commands: each hands its arguments to the till and the answer back.

use tauri::State;
use till::failure::Answer;
use till::view::*;

use crate::app::App;

#[tauri::command]
pub async fn enrol(app: State<'_, App>, args: Enrol) -> Answer<Screen> {
    app.run(move |till| till.enrol(args)).await
}

#[tauri::command]
pub async fn staff_sign_in(app: State<'_, App>, args: StaffSignIn) -> Answer<StaffView> {
    app.run(move |till| till.staff_sign_in(args)).await
}

#[tauri::command]
pub async fn staff_sign_out(app: State<'_, App>) -> Answer<()> {
    app.run(move |till| till.staff_sign_out()).await
}

#[tauri::command]
pub async fn shift_open(app: State<'_, App>, args: ShiftOpen) -> Answer<ShiftView> {
    app.run(move |till| till.shift_open(args)).await
}

#[tauri::command]
pub async fn shift_close(app: State<'_, App>, args: ShiftClose) -> Answer<DayReport> {
    app.run(move |till| till.shift_close(args)).await
}

#[tauri::command]
pub async fn report_x(app: State<'_, App>) -> Answer<DayReport> {
    app.run(move |till| till.report_x()).await
}

#[tauri::command]
pub async fn day_close(app: State<'_, App>, args: DayClose) -> Answer<DayReport> {
    app.run(move |till| till.day_close(args)).await
}

#[tauri::command]
pub async fn cart_scan(app: State<'_, App>, args: CartScan) -> Answer<Scanned> {
    app.run(move |till| till.cart_scan(args)).await
}

#[tauri::command]
pub async fn cart_quantity(app: State<'_, App>, args: CartQuantity) -> Answer<CartView> {
    app.run(move |till| till.cart_quantity(args)).await
}

#[tauri::command]
pub async fn cart_remove(app: State<'_, App>, args: CartRemove) -> Answer<CartView> {
    app.run(move |till| till.cart_remove(args)).await
}

#[tauri::command]
pub async fn cart_clear(app: State<'_, App>) -> Answer<CartView> {
    app.run(move |till| till.cart_clear()).await
}

#[tauri::command]
pub async fn cart_hold(app: State<'_, App>) -> Answer<HeldView> {
    app.run(move |till| till.cart_hold()).await
}

#[tauri::command]
pub async fn cart_recall(app: State<'_, App>, args: CartRecall) -> Answer<CartView> {
    app.run(move |till| till.cart_recall(args)).await
}

#[tauri::command]
pub async fn cart_held(app: State<'_, App>) -> Answer<Vec<HeldView>> {
    app.run(move |till| till.cart_held()).await
}

#[tauri::command]
pub async fn cart_member(app: State<'_, App>, args: CartMember) -> Answer<CartView> {
    app.run(move |till| till.cart_member(args)).await
}

#[tauri::command]
pub async fn cart_redeem(app: State<'_, App>, args: CartRedeem) -> Answer<CartView> {
    app.run(move |till| till.cart_redeem(args)).await
}

#[tauri::command]
pub async fn cart_coupon(app: State<'_, App>, args: CartCoupon) -> Answer<CartView> {
    app.run(move |till| till.cart_coupon(args)).await
}

#[tauri::command]
pub async fn cart_offer(app: State<'_, App>) -> Answer<CartView> {
    app.run(move |till| till.cart_offer()).await
}

#[tauri::command]
pub async fn member_find(app: State<'_, App>, args: MemberFind) -> Answer<Vec<MemberView>> {
    app.run(move |till| till.member_find(args)).await
}

#[tauri::command]
pub async fn member_join(app: State<'_, App>, args: MemberJoin) -> Answer<Joined> {
    app.run(move |till| till.member_join(args)).await
}

#[tauri::command]
pub async fn member_top_up(app: State<'_, App>, args: MemberTopUp) -> Answer<ToppedUp> {
    app.run(move |till| till.member_top_up(args)).await
}

#[tauri::command]
pub async fn pay(app: State<'_, App>, args: Pay) -> Answer<Paid> {
    app.run(move |till| till.pay(args)).await
}

#[tauri::command]
pub async fn sale_find(app: State<'_, App>, args: SaleFind) -> Answer<SaleView> {
    app.run(move |till| till.sale_find(args)).await
}

#[tauri::command]
pub async fn sale_list(app: State<'_, App>, args: SaleList) -> Answer<Vec<SaleView>> {
    app.run(move |till| till.sale_list(args)).await
}

#[tauri::command]
pub async fn sale_refund(app: State<'_, App>, args: SaleRefund) -> Answer<Refunded> {
    app.run(move |till| till.sale_refund(args)).await
}

#[tauri::command]
pub async fn receipt_get(app: State<'_, App>, args: ReceiptOf) -> Answer<ReceiptView> {
    app.run(move |till| till.receipt_get(args)).await
}

#[tauri::command]
pub async fn receipt_reprint(app: State<'_, App>, args: ReceiptOf) -> Answer<ReceiptView> {
    app.run(move |till| till.receipt_reprint(args)).await
}

#[tauri::command]
pub async fn cash_move(app: State<'_, App>, args: CashMove) -> Answer<DayReport> {
    app.run(move |till| till.cash_move(args)).await
}

#[tauri::command]
pub async fn sync_status(app: State<'_, App>) -> Answer<SyncStatus> {
    app.run(move |till| till.sync_status()).await
}

#[tauri::command]
pub async fn sync_now(app: State<'_, App>) -> Answer<SyncStatus> {
    app.run(move |till| till.sync_now()).await
}

#[tauri::command]
pub async fn sync_pause(app: State<'_, App>) -> Answer<SyncStatus> {
    app.run(move |till| till.sync_pause()).await
}

#[tauri::command]
pub async fn sync_resume(app: State<'_, App>) -> Answer<SyncStatus> {
    app.run(move |till| till.sync_resume()).await
}

#[tauri::command]
pub async fn print_queue(app: State<'_, App>) -> Answer<PrintQueueView> {
    app.run(move |till| till.print_queue()).await
}

#[tauri::command]
pub async fn print_answer(app: State<'_, App>, args: PrintAnswer) -> Answer<PrintQueueView> {
    app.run(move |till| till.print_answer(args)).await
}

#[tauri::command]
pub async fn print_release_old(app: State<'_, App>, args: PrintRelease) -> Answer<PrintQueueView> {
    app.run(move |till| till.print_release_old(args)).await
}

#[tauri::command]
pub async fn device_list(app: State<'_, App>) -> Answer<Vec<DeviceView>> {
    app.run(move |till| till.device_list()).await
}

#[tauri::command]
pub async fn device_found(app: State<'_, App>) -> Answer<Vec<FoundDevice>> {
    app.run(move |till| till.device_found()).await
}

#[tauri::command]
pub async fn device_add(app: State<'_, App>, args: DeviceAdd) -> Answer<DeviceView> {
    app.run(move |till| till.device_add(args)).await
}

#[tauri::command]
pub async fn device_map(app: State<'_, App>, args: DeviceMap) -> Answer<DeviceView> {
    app.run(move |till| till.device_map(args)).await
}

#[tauri::command]
pub async fn device_remove(app: State<'_, App>, args: DeviceOf) -> Answer<Vec<DeviceView>> {
    app.run(move |till| till.device_remove(args)).await
}

#[tauri::command]
pub async fn device_test(app: State<'_, App>, args: DeviceOf) -> Answer<DeviceView> {
    app.run(move |till| till.device_test(args)).await
}

#[tauri::command]
pub async fn device_test_page(app: State<'_, App>, args: DeviceOf) -> Answer<TestPageView> {
    app.run(move |till| till.device_test_page(args)).await
}

#[tauri::command]
pub async fn device_learn(app: State<'_, App>, args: DeviceLearn) -> Answer<DeviceView> {
    app.run(move |till| till.device_learn(args)).await
}

#[tauri::command]
pub async fn scan_test(app: State<'_, App>, args: ScanTest) -> Answer<Vec<ScanSeen>> {
    app.run(move |till| till.scan_test(args)).await
}

#[tauri::command]
pub async fn scan_context(app: State<'_, App>, args: ScanContextOf) -> Answer<()> {
    app.run(move |till| till.scan_context(args)).await
}

#[tauri::command]
pub async fn strip_dismiss(app: State<'_, App>) -> Answer<()> {
    app.run(move |till| till.strip_dismiss()).await
}

#[tauri::command]
pub async fn settings_language(app: State<'_, App>, args: SettingsLanguage) -> Answer<()> {
    app.run(move |till| till.settings_language(args)).await
}

#[tauri::command]
pub async fn customer_screen(app: State<'_, App>) -> Answer<CustomerView> {
    app.run(move |till| till.customer_screen()).await
}

#[tauri::command]
pub async fn customer_window(app: State<'_, App>, args: CustomerWindowOf) -> Answer<()> {
    app.run(move |till| till.customer_window(args)).await
}

#[tauri::command]
pub async fn screen(app: State<'_, App>) -> Answer<Screen> {
    app.run(move |till| till.screen()).await
}

/// Every command above, for the window's builder.
macro_rules! all {
    () => {
        tauri::generate_handler![
            $crate::commands::enrol,
            $crate::commands::staff_sign_in,
            $crate::commands::staff_sign_out,
            $crate::commands::shift_open,
            $crate::commands::shift_close,
            $crate::commands::report_x,
            $crate::commands::day_close,
            $crate::commands::cart_scan,
            $crate::commands::cart_quantity,
            $crate::commands::cart_remove,
            $crate::commands::cart_clear,
            $crate::commands::cart_hold,
            $crate::commands::cart_recall,
            $crate::commands::cart_held,
            $crate::commands::cart_member,
            $crate::commands::cart_redeem,
            $crate::commands::cart_coupon,
            $crate::commands::cart_offer,
            $crate::commands::member_find,
            $crate::commands::member_join,
            $crate::commands::member_top_up,
            $crate::commands::pay,
            $crate::commands::sale_find,
            $crate::commands::sale_list,
            $crate::commands::sale_refund,
            $crate::commands::receipt_get,
            $crate::commands::receipt_reprint,
            $crate::commands::cash_move,
            $crate::commands::sync_status,
            $crate::commands::sync_now,
            $crate::commands::sync_pause,
            $crate::commands::sync_resume,
            $crate::commands::print_queue,
            $crate::commands::print_answer,
            $crate::commands::print_release_old,
            $crate::commands::device_list,
            $crate::commands::device_found,
            $crate::commands::device_add,
            $crate::commands::device_map,
            $crate::commands::device_remove,
            $crate::commands::device_test,
            $crate::commands::device_test_page,
            $crate::commands::device_learn,
            $crate::commands::scan_test,
            $crate::commands::scan_context,
            $crate::commands::strip_dismiss,
            $crate::commands::settings_language,
            $crate::commands::customer_screen,
            $crate::commands::customer_window,
            $crate::commands::screen,
        ]
    };
}
pub(crate) use all;
