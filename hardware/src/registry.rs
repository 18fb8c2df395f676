//! From an address to an opened device.
use std::path::PathBuf;

use crate::{
    error::HwError,
    escpos::profile::Profile,
    transport::{Connector, file::FileConnector, serial::SerialConnector, tcp::TcpConnector},
    uri::DeviceUri,
    r#virtual::files::VirtualConnector,
};

/// A printer that can be connected to, with what is known of its paper and abilities.
pub struct Printer {
    pub connector: Box<dyn Connector>,
    pub profile: Profile,
}

/// The printer at an address; `None` for `none:`.
///
/// Nothing is opened yet. Fails with [`ErrorCode::Illegal`](crate::error::ErrorCode::Illegal)
/// if the address is one of a scanner, or of a virtual printer without a folder.
pub fn printer(uri: &DeviceUri) -> Result<Option<Printer>, HwError> {
    let (connector, print): (Box<dyn Connector>, _) = match uri {
        DeviceUri::Tcp { host, port, print } => (Box::new(TcpConnector::new(host, *port)), print),
        DeviceUri::Serial { path, baud, dtr, print } => {
            (Box::new(SerialConnector::new(path, *baud, *dtr)), print)
        }
        DeviceUri::File { path, print } => (Box::new(FileConnector::new(PathBuf::from(path))), print),
        DeviceUri::Virtual { dir: Some(dir), print } => {
            (Box::new(VirtualConnector::new(PathBuf::from(dir), &print.profile())), print)
        }
        DeviceUri::Virtual { dir: None, .. } => {
            return Err(HwError::illegal("虚拟打印机要写 dir=文件夹"));
        }
        DeviceUri::Wedge { .. } => return Err(HwError::illegal("这是扫码枪地址,不是打印机")),
        DeviceUri::None => return Ok(None),
    };
    Ok(Some(Printer { connector, profile: print.profile() }))
}
