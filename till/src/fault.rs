//! What can stop work on the ledger: a refusal for the cashier, or the ledger itself.

use ledger::store::StoreError;

use crate::failure::Failure;

#[derive(Debug)]
pub enum Fault {
    /// The command says no; the transaction is rolled back.
    Refused(Failure),
    Store(StoreError),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::Store(error)
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Fault::Refused(failure)
    }
}

/// The ledger's failures in words. Whatever is said here, nothing of the command was kept.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "ledger");
        match error {
            StoreError::DiskFull => {
                Failure::new("disk_full", "磁盘满了,这一步没有保存", "请清理磁盘后再试,已完成的单据都在")
            }
            StoreError::NotEnrolled => Failure::not_enrolled(),
            StoreError::Busy => Failure::new("busy", "账本正忙,这一步没有保存", "请再按一次"),
            StoreError::Damaged(_) => {
                Failure::new("damaged", "账本文件有损坏,这一步没有保存", "请重启收银机,并联系店长")
            }
            _ => Failure::new("internal", "账本出错,这一步没有保存", "请再试一次,不行就重启收银机"),
        }
    }
}
