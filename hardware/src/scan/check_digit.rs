//! Check digits of EAN/UPC (GS1 General Specifications 7.9) and of card numbers (ISO/IEC 7812-1).

/// True if the last digit is the EAN check digit of those before; any length from 2.
pub fn ean_is_valid(digits: &str) -> bool {
    let weighted = |(at, digit): (usize, u32)| if at % 2 == 0 { digit } else { 3 * digit };
    weighs_ten(digits, weighted)
}

/// True if the last digit is the Luhn check digit of those before; any length from 2.
pub fn luhn_is_valid(digits: &str) -> bool {
    let weighted = |(at, digit): (usize, u32)| match (at % 2, digit) {
        (0, digit) => digit,
        (_, digit) if digit > 4 => 2 * digit - 9,
        (_, digit) => 2 * digit,
    };
    weighs_ten(digits, weighted)
}

/// Sums the weights from the right, the check digit being place 0.
fn weighs_ten(digits: &str, weight: impl Fn((usize, u32)) -> u32) -> bool {
    let values: Option<Vec<u32>> = digits.chars().rev().map(|digit| digit.to_digit(10)).collect();
    match values {
        Some(values) if values.len() >= 2 => {
            values.into_iter().enumerate().map(weight).sum::<u32>() % 10 == 0
        }
        _ => false,
    }
}
