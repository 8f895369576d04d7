//! Orders and incidents, made up: typed columns, the same for a seed at every run and on every machine.

/// The members as the rules declare them; codes are places in these lists.
pub const EDITIONS: [&str; 2] = ["edition-2023", "edition-2024"];
pub const SERVICES: [&str; 4] = ["unified-base", "proactive-credits", "mission-critical", "unified-enhanced-response"];
pub const SEVERITIES: [&str; 4] = ["1", "A", "B", "C"];
pub const PRODUCTS: [&str; 24] = [
    "azure-virtual-machines",
    "azure-storage",
    "azure-sql",
    "azure-networking",
    "azure-kubernetes",
    "azure-functions",
    "azure-storsimple",
    "azure-stack",
    "azure-media-services",
    "azure-maps",
    "github-ae",
    "communication-services",
    "exchange-online",
    "sharepoint-online",
    "teams",
    "intune",
    "dynamics-sales",
    "dynamics-finance",
    "power-apps",
    "windows-server",
    "sql-server",
    "system-center",
    "visual-studio",
    "billing",
];

/// The columns, named as the inputs are.
pub const HEADINGS: [&str; 12] = [
    "order.edition",
    "order.service",
    "incident.severity",
    "incident.product",
    "order.assessed-spend",
    "order.pays-floor-price",
    "event.confirmed-on",
    "event.starts-on",
    "booking.notice-days",
    "booking.service-fee",
    "work-order.starts-on",
    "incident.reported-at",
];

/// By how many seconds the local time of every report is ahead of UTC.
pub const REPORTED_OFFSET: i32 = 8 * 3600;

/// 2024-01-01, in days since 1970-01-01.
const FIRST_DAY: i32 = 19_723;

/// So many orders, a column for each fact: members as codes, money in cents, dates in days and instants in seconds since
/// 1970-01-01.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    pub edition: Vec<u8>,
    pub service: Vec<u8>,
    pub severity: Vec<u8>,
    pub product: Vec<u8>,
    pub spend: Vec<i64>,
    pub floor_price: Vec<bool>,
    pub confirmed_on: Vec<i32>,
    pub event_starts_on: Vec<i32>,
    pub notice_days: Vec<i64>,
    pub fee: Vec<i64>,
    pub work_starts_on: Vec<i32>,
    pub reported_at: Vec<i64>,
    /// A bit for each fact that a row lacks, the first heading's lowest.
    pub missing: Vec<u16>,
}

impl Orders {
    pub fn rows(&self) -> usize {
        self.severity.len()
    }

    /// Whether a row lacks the fact under this heading.
    pub fn lacks(&self, row: usize, heading: usize) -> bool {
        self.missing[row] >> heading & 1 == 1
    }
}

/// Makes orders, block by block.
#[derive(Clone, Debug)]
pub struct Generator {
    state: u64,
    /// Of a thousand facts, so many are missing.
    missing: u64,
}

impl Generator {
    pub fn new(seed: u64, missing: u64) -> Self {
        // Xorshift stands still at zero.
        Generator { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, missing }
    }

    /// The next orders.
    pub fn block(&mut self, rows: usize) -> Orders {
        let mut orders = Orders::default();
        for _ in 0..rows {
            orders.edition.push(u8::from(self.below(10) >= 3));
            orders.service.push(pick(self.below(10), [4, 6, 8]));
            orders.severity.push(pick(self.below(100), [5, 20, 60]));
            orders.product.push(self.below(PRODUCTS.len() as u64) as u8);
            orders.spend.push(match self.below(20) {
                // At the threshold of MCSAP Plus, and a cent below it.
                0 => 6_000_000_000,
                1 => 5_999_999_999,
                _ => self.below(12_000_000_000) as i64,
            });
            orders.floor_price.push(self.below(10) == 0);
            let starts = FIRST_DAY + self.below(1_000) as i32;
            orders.event_starts_on.push(starts);
            orders.confirmed_on.push(starts + 5 - self.below(100) as i32);
            orders.notice_days.push(self.below(30) as i64);
            orders.fee.push(self.below(5_000_000) as i64);
            orders.work_starts_on.push(FIRST_DAY + self.below(1_000) as i32);
            // To a minute of 1,000 days, so that every deadline lies in the years that the holidays cover.
            let minute = self.below(1_000 * 1_440) as i64;
            orders.reported_at.push(i64::from(FIRST_DAY) * 86_400 - i64::from(REPORTED_OFFSET) + minute * 60);
            orders.missing.push(self.lacking());
        }
        orders
    }

    fn lacking(&mut self) -> u16 {
        if self.missing == 0 {
            return 0;
        }
        (0..HEADINGS.len()).fold(0, |bits, heading| bits | u16::from(self.below(1_000) < self.missing) << heading)
    }

    /// A number below this one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        ((u128::from(self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)) * u128::from(end)) >> 64) as u64
    }
}

/// The place of a number among ascending bounds.
fn pick(number: u64, bounds: [u64; 3]) -> u8 {
    bounds.iter().filter(|bound| number >= **bound).count() as u8
}
