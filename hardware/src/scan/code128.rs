//! Code 128 (ISO/IEC 15417), set B: bars for the sheet of trial codes.

/// Widths of bars and gaps of each symbol, in modules, bar first.
const WIDTHS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];
const START_B: usize = 104;
const STOP: usize = 106;
/// Modulus of the check symbol.
const CHECK: usize = 103;

/// Bars and gaps of a text in modules, bar first; `None` if it is not plain ASCII.
pub fn widths(text: &str) -> Option<Vec<u8>> {
    let value = |byte: u8| matches!(byte, b' '..=b'~').then(|| usize::from(byte - b' '));
    let values: Vec<usize> = text.bytes().map(value).collect::<Option<_>>()?;
    let sum: usize = values.iter().zip(1..).map(|(value, place): (&usize, usize)| value * place).sum();
    let symbols = [START_B].into_iter().chain(values).chain([(START_B + sum) % CHECK, STOP]);
    Some(symbols.flat_map(|symbol| WIDTHS[symbol].bytes().map(|digit| digit - b'0')).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_symbol_is_itself_eleven_modules_wide_and_even_in_its_bars() {
        let all: HashSet<&str> = WIDTHS.into_iter().collect();
        assert_eq!(all.len(), WIDTHS.len());
        for widths in &WIDTHS[..STOP] {
            let digits: Vec<u32> = widths.chars().filter_map(|digit| digit.to_digit(10)).collect();
            assert_eq!((digits.len(), digits.iter().sum::<u32>()), (6, 11), "{widths}");
            assert_eq!(digits.iter().step_by(2).sum::<u32>() % 2, 0, "{widths}");
        }
    }

    #[test]
    fn a_text_has_its_start_its_check_symbol_and_its_stop() {
        // The standard's worked example begins with start B; "A" has value 33, so the check is 104 + 33 = 34.
        let spelt: String = widths("A").unwrap().iter().map(|width| char::from(b'0' + width)).collect();
        assert_eq!(spelt, format!("{}{}{}{}", WIDTHS[104], WIDTHS[33], WIDTHS[34], WIDTHS[106]));
        assert_eq!(widths("会员"), None);
    }
}
