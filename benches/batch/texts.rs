//! The five decisions written by hand from names, decimals and ISO dates.

use rust_decimal::Decimal;

use super::workload::hand::{Decided, Order, decide};
use super::workload::orders::{EDITIONS, Orders, PRODUCTS, SERVICES, SEVERITIES};

/// One order as texts and decimals.
#[derive(Clone, Debug)]
pub struct Texts {
    pub edition: String,
    pub service: String,
    pub severity: String,
    pub product: String,
    pub spend: Decimal,
    pub floor_price: bool,
    pub confirmed_on: String,
    pub event_starts_on: String,
    pub notice_days: i64,
    pub fee: Decimal,
    pub work_starts_on: String,
}

impl Texts {
    pub fn of(orders: &Orders, row: usize) -> Self {
        let member = |members: &[&str], code: u8| members[usize::from(code)].to_owned();
        Texts {
            edition: member(&EDITIONS, orders.edition[row]),
            service: member(&SERVICES, orders.service[row]),
            severity: member(&SEVERITIES, orders.severity[row]),
            product: member(&PRODUCTS, orders.product[row]),
            spend: Decimal::new(orders.spend[row], 2),
            floor_price: orders.floor_price[row],
            confirmed_on: iso(orders.confirmed_on[row]),
            event_starts_on: iso(orders.event_starts_on[row]),
            notice_days: orders.notice_days[row],
            fee: Decimal::new(orders.fee[row], 2),
            work_starts_on: iso(orders.work_starts_on[row]),
        }
    }
}

fn iso(days: i32) -> String {
    chrono::NaiveDate::from_num_days_from_ce_opt(days + 719_163).expect("days lie in the 21st century").to_string()
}

/// The decisions for one order; `None` where something cannot be read.
pub fn decide_texts(order: &Texts) -> Option<Decided> {
    Some(decide(&Order {
        edition: code(&EDITIONS, &order.edition)?,
        service: code(&SERVICES, &order.service)?,
        severity: code(&SEVERITIES, &order.severity)?,
        product: code(&PRODUCTS, &order.product)?,
        spend: cents(order.spend)?,
        floor_price: order.floor_price,
        confirmed_on: days(&order.confirmed_on)?,
        event_starts_on: days(&order.event_starts_on)?,
        notice_days: order.notice_days,
        fee: cents(order.fee)?,
        work_starts_on: days(&order.work_starts_on)?,
    }))
}

fn code(members: &[&str], text: &str) -> Option<u8> {
    members.iter().position(|member| *member == text).map(|place| place as u8)
}

fn cents(amount: Decimal) -> Option<i64> {
    (amount.scale() == 2).then(|| i64::try_from(amount.mantissa()).ok())?
}

/// The days from 1970-01-01 to an ISO date, by the civil calendar.
fn days(iso: &str) -> Option<i32> {
    let bytes: &[u8; 10] = iso.as_bytes().try_into().ok()?;
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0, |number, byte| match byte {
            b'0'..=b'9' => Some(number * 10 + i32::from(byte - b'0')),
            _ => None,
        })
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if bytes[4] != b'-' || bytes[7] != b'-' || !(1..=length).contains(&day) {
        return None;
    }
    // Years that start in March have their leap day at the end.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_era = year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + day_of_era - 719_468)
}
