//! The network of the machines: small, of addresses for examples, and none that the host uses. Pure.

use std::net::Ipv4Addr;

use crate::read::Machine;

/// The networks of addresses for machines that name none, the first one first: RFC 5737.
const DEFAULTS: [Ipv4Addr; 3] =
    [Ipv4Addr::new(203, 0, 113, 0), Ipv4Addr::new(198, 51, 100, 0), Ipv4Addr::new(192, 0, 2, 0)];

/// In how many places of each of them a network may be, so that several books can be followed at once.
const PLACES: u32 = 4;

/// The addresses of the smallest network.
const SMALLEST: u32 = 16;

/// A network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineNetwork {
    /// Its addresses: `203.0.113.0/28`.
    pub subnet: String,
    /// The address of the host in it.
    pub gateway: Ipv4Addr,
    /// The address of each machine, and then those that are for others.
    pub addresses: Vec<Ipv4Addr>,
    range: (u32, u32),
}

impl MachineNetwork {
    /// Plans the network of some machines, with so many addresses for others. If no machine names one, there are several such
    /// networks, the better ones first.
    ///
    /// # Errors
    /// Their addresses are not in one network, or two are the same.
    pub fn plans(machines: &[Machine], others: usize) -> Result<Vec<Self>, String> {
        if let Some(first) = machines.iter().find_map(|machine| machine.setup.address) {
            return Ok(vec![Self::plan(machines, others, first)?]);
        }

        let begins = (0..PLACES)
            .flat_map(|place| DEFAULTS.map(|default| Ipv4Addr::from(u32::from(default) + place * SMALLEST)));
        let mut plans: Vec<Self> = Vec::new();
        for begin in begins {
            let plan = Self::plan(machines, others, begin)?;
            // A larger network has several of these places.
            if !plans.contains(&plan) {
                plans.push(plan);
            }
        }
        Ok(plans)
    }

    /// Plans the network around an address.
    fn plan(machines: &[Machine], others: usize, first: Ipv4Addr) -> Result<Self, String> {
        let given: Vec<Ipv4Addr> = machines.iter().filter_map(|machine| machine.setup.address).collect();
        let base = u32::from(first) & 0xffff_ff00;
        if let Some(other) = given.iter().find(|address| u32::from(**address) & 0xffff_ff00 != base) {
            return Err(format!("the machines at {first} and {other} are in different networks"));
        }
        if let Some(twice) = given.iter().enumerate().find(|(at, address)| given[..*at].contains(address)) {
            return Err(format!("two machines have the address {}", twice.1));
        }

        // The smallest network with room for all of them and for the host.
        let needed = (machines.len() + others) as u32 + 1;
        for bits in 4..=8 {
            let mask = (1_u32 << bits) - 1;
            let start = u32::from(first) & !mask;
            let end = start + mask;
            let holds = |address: &Ipv4Addr| (start + 1..end).contains(&u32::from(*address));
            if !given.iter().all(holds) || needed > mask - 1 {
                continue;
            }

            let mut free = (start + 1..end).map(Ipv4Addr::from).filter(|address| !given.contains(address));
            let Some(gateway) = free.next() else { continue };
            let wanted = machines.iter().map(|machine| machine.setup.address);
            let wanted = wanted.chain(std::iter::repeat_n(None, others));
            let addresses: Option<Vec<Ipv4Addr>> =
                wanted.map(|address| address.or_else(|| free.next())).collect();
            if let Some(addresses) = addresses {
                let subnet = format!("{}/{}", Ipv4Addr::from(start), 32 - bits);
                return Ok(MachineNetwork { subnet, gateway, addresses, range: (start, end) });
            }
        }
        Err("there are more machines than addresses".to_owned())
    }

    /// What of the routes of the host, as `/proc/net/route` has them, leads to the same addresses.
    pub fn conflict(&self, routes: &str) -> Option<String> {
        routes.lines().skip(1).find_map(|line| {
            let mut fields = line.split_whitespace();
            let interface = fields.next()?;
            let mut number = |at: usize| Some(u32::from_str_radix(fields.nth(at)?, 16).ok()?.swap_bytes());
            let (start, mask) = (number(0)?, number(5)?);
            let end = start | !mask;
            let is_default = mask == 0;
            let overlaps = start <= self.range.1 && self.range.0 <= end;
            (overlaps && !is_default).then(|| format!("{} of {interface}", Ipv4Addr::from(start)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::machine::MachineSetup;

    fn machines(addresses: &[&str]) -> Vec<Machine> {
        let machine = |address: &&str| {
            let setup = MachineSetup { address: address.parse().ok(), ..MachineSetup::default() };
            Machine { setup, ..Machine::default() }
        };
        addresses.iter().map(machine).collect()
    }

    #[test]
    fn networks_are_small_and_have_room() {
        for (given, subnet, gateway, addresses) in [
            (
                &["", "203.0.113.10"][..],
                "203.0.113.0/28",
                "203.0.113.1",
                &["203.0.113.2", "203.0.113.10"][..],
            ),
            (&["198.51.100.1", ""], "198.51.100.0/28", "198.51.100.2", &["198.51.100.1", "198.51.100.3"]),
            (&["192.0.2.7", "192.0.2.200"], "192.0.2.0/24", "192.0.2.1", &["192.0.2.7", "192.0.2.200"]),
            (&["203.0.113.15"], "203.0.113.0/27", "203.0.113.1", &["203.0.113.15"]),
            (&["203.0.113.100"], "203.0.113.96/28", "203.0.113.97", &["203.0.113.100"]),
        ] {
            let network = &MachineNetwork::plans(&machines(given), 0).expect("a network")[0];
            let found: Vec<String> = network.addresses.iter().map(ToString::to_string).collect();
            assert_eq!((network.subnet.as_str(), network.gateway.to_string().as_str()), (subnet, gateway));
            assert_eq!(found, addresses);
        }
        assert!(MachineNetwork::plans(&machines(&["192.0.2.7", "203.0.113.7"]), 0).is_err());
        assert!(MachineNetwork::plans(&machines(&["192.0.2.7", "192.0.2.7"]), 0).is_err());
    }

    #[test]
    fn there_are_addresses_for_others_and_other_networks() {
        let shown = |given: &[&str]| {
            let networks = MachineNetwork::plans(&machines(given), 1).expect("networks");
            let shown = |network: &MachineNetwork| {
                let addresses: Vec<String> = network.addresses.iter().map(ToString::to_string).collect();
                format!("{} {}", network.subnet, addresses.join(" "))
            };
            networks.iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(
            shown(&[""])[..4],
            [
                "203.0.113.0/28 203.0.113.2 203.0.113.3",
                "198.51.100.0/28 198.51.100.2 198.51.100.3",
                "192.0.2.0/28 192.0.2.2 192.0.2.3",
                "203.0.113.16/28 203.0.113.18 203.0.113.19",
            ]
        );
        assert_eq!(shown(&[""]).len(), 12);
        // Some of the places are in one network.
        assert_eq!(shown(&[""; 20]).len(), 6);
        assert_eq!(shown(&["192.0.2.2", ""]), ["192.0.2.0/28 192.0.2.2 192.0.2.3 192.0.2.4"]);
    }

    #[test]
    fn addresses_of_the_host_are_seen() {
        let routes = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\n\
            eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\n\
            eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\n";
        let network = |address: &str| {
            MachineNetwork::plans(&machines(&[address]), 0).expect("a network").swap_remove(0)
        };
        assert_eq!(network("192.0.2.10").conflict(routes), Some("192.0.2.0 of eth0".to_owned()));
        assert_eq!(network("203.0.113.10").conflict(routes), None);
    }
}
