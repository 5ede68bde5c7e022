//! Where the preview listens: this machine alone, unless the author names a host.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

use crate::text::{Diagnostic, DiagnosticCode};

/// How many ports after a taken one are tried, to name one that is free.
const TRIED: u16 = 100;

/// Listens on a port of this machine (both 127.0.0.1 and ::1, where there is IPv6) or of the host that is named.
///
/// # Errors
/// [`DiagnosticCode::TakenPort`], naming the next free port; [`DiagnosticCode::FailedPreview`] if the host is not
/// one of this machine.
pub fn bind(host: Option<&str>, port: u16) -> Result<Vec<TcpListener>, Diagnostic> {
    let named = host.unwrap_or("localhost");
    let failed = |error: &io::Error| {
        Diagnostic::new(
            DiagnosticCode::FailedPreview,
            format!("cannot listen on `{named}`, port {port}: {error}"),
        )
    };

    let hosts = addresses(host).map_err(|error| failed(&error))?;
    match listen(&hosts, port) {
        Ok(listeners) => Ok(listeners),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let free = (1..=TRIED)
                .filter_map(|more| port.checked_add(more))
                .find(|port| listen(&hosts, *port).is_ok());
            let diagnostic = Diagnostic::new(
                DiagnosticCode::TakenPort,
                format!("another program listens on port {port} of `{named}`"),
            );

            let host = host.map(|host| format!(" --host {host}")).unwrap_or_default();
            Err(match free {
                Some(free) => {
                    diagnostic.hint(format!("port {free} is free: `bindery serve{host} --port {free}`"))
                }
                None => diagnostic.hint(format!("take any that is free: `bindery serve{host} --port 0`")),
            })
        }
        Err(error) => {
            let diagnostic = failed(&error);
            Err(match error.kind() {
                io::ErrorKind::PermissionDenied => {
                    diagnostic.hint("ports below 1024 are the system's; take another")
                }
                _ => diagnostic,
            })
        }
    }
}

/// The addresses of a host name.
fn addresses(host: Option<&str>) -> io::Result<Vec<IpAddr>> {
    let local = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
    match host {
        None | Some("localhost" | "127.0.0.1") => Ok(local.to_vec()),
        Some(name) => match unbracketed(name).parse() {
            Ok(address) => Ok(vec![address]),
            Err(_) => Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect()),
        },
    }
}

/// Listens on all of the addresses, on one port. Some of them may be missing (a machine without IPv6), but a port
/// that another program has on one of them is taken.
fn listen(hosts: &[IpAddr], port: u16) -> io::Result<Vec<TcpListener>> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    let mut failed = io::ErrorKind::AddrNotAvailable.into();
    for host in hosts {
        let port =
            listeners.first().map_or(Ok(port), |first| Ok::<_, io::Error>(first.local_addr()?.port()))?;
        match TcpListener::bind(SocketAddr::new(*host, port)) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                listeners.push(listener);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(error) => failed = error,
        }
    }

    if listeners.is_empty() { Err(failed) } else { Ok(listeners) }
}

/// The URL at which the preview can be opened.
///
/// # Errors
/// If the system does not say where it listens.
pub fn url(listeners: &[TcpListener], host: Option<&str>) -> io::Result<String> {
    let address = match listeners.first() {
        Some(listener) => listener.local_addr()?,
        None => return Err(io::ErrorKind::AddrNotAvailable.into()),
    };

    let host = match host.filter(|host| host.parse::<IpAddr>().is_err()) {
        Some(name) => unbracketed(name).to_owned(),
        None if address.ip().is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        None => address.ip().to_string(),
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    Ok(format!("http://{host}:{}/", address.port()))
}

/// An IPv6 address without the brackets that it has in URLs.
fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}
