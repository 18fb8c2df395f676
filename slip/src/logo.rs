//! A shop's logo: from a PNG of any size and colour to the few black dots of a receipt.

use hardware::escpos::profile::PaperSize;
use hardware::receipt::picture::Picture;
use png::{ColorType, Decoder, Limits, Transformations};

use crate::template::{LOGO_HEIGHT_DOTS_MAX, TemplateError, wrong};

/// Largest file that is looked at.
const FILE_BYTES_MAX: usize = 512 * 1024;
/// Largest picture that is looked at, in each direction.
const SIDE_DOTS_MAX: usize = 3000;
const WHITE: i32 = 255;

/// A grey picture on white, `rows[y][x]` from 0 (ink) to 255.
type Grey = Vec<Vec<i32>>;

/// Makes a logo for the paper: scaled down until it fits, then dithered. It is never made larger.
///
/// # Errors
/// One Chinese sentence: no PNG, too large a file, nothing on it.
pub fn from_png(file: &[u8], paper: PaperSize) -> Result<Picture, TemplateError> {
    if file.len() > FILE_BYTES_MAX {
        return Err(wrong(format!(
            "图片文件太大:{} KB,最多 {} KB",
            file.len() / 1024,
            FILE_BYTES_MAX / 1024
        )));
    }
    let grey = decode(file)?;
    let (width, height) = (grey[0].len(), grey.len());
    let (fit_width, fit_height) = fit(width, height, paper.columns() * 12);
    let mut small = scale(&grey, fit_width, fit_height);
    let rows = dither(&mut small);
    if !rows.iter().flatten().any(|ink| *ink) {
        return Err(wrong("图片上什么也没有(全白),请换一张深色的"));
    }
    Ok(Picture::of(&rows))
}

fn decode(file: &[u8]) -> Result<Grey, TemplateError> {
    let unreadable = |_| wrong("这不是能读的 PNG 图片,请另存为 PNG 再选");
    let mut decoder = Decoder::new_with_limits(std::io::Cursor::new(file), Limits { bytes: 64 << 20 });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(unreadable)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if width > SIDE_DOTS_MAX || height > SIDE_DOTS_MAX {
        return Err(wrong(format!("图片太大:{width}×{height},每边最多 {SIDE_DOTS_MAX} 点")));
    }
    let size = reader.output_buffer_size().ok_or_else(|| wrong("图片太大,读不下"))?;
    let mut bytes = vec![0; size];
    let info = reader.next_frame(&mut bytes).map_err(unreadable)?;
    let channels = match info.color_type {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        ColorType::Indexed => return Err(wrong("这种 PNG 读不了,请另存为普通的 PNG 再选")),
    };
    let rows = bytes[..info.buffer_size()].chunks(info.line_size);
    Ok(rows.map(|row| row.chunks(channels).map(shade).collect()).collect())
}

/// How light a dot is on white paper: Rec. 601 weights in thousandths, then its opacity.
fn shade(dot: &[u8]) -> i32 {
    let at = |n: usize| i32::from(dot[n]);
    let (light, opacity) = match dot.len() {
        1 => (at(0), WHITE),
        2 => (at(0), at(1)),
        3 => ((299 * at(0) + 587 * at(1) + 114 * at(2)) / 1000, WHITE),
        _ => ((299 * at(0) + 587 * at(1) + 114 * at(2)) / 1000, at(3)),
    };
    (light * opacity + WHITE * (WHITE - opacity)) / WHITE
}

/// The largest size with the same proportions that is at most the paper's.
fn fit(width: usize, height: usize, dots: usize) -> (usize, usize) {
    let (mut fit_width, mut fit_height) = (width, height);
    if fit_width > dots {
        (fit_width, fit_height) = (dots, (height * dots / width).max(1));
    }
    if fit_height > LOGO_HEIGHT_DOTS_MAX {
        (fit_width, fit_height) = ((width * LOGO_HEIGHT_DOTS_MAX / height).max(1), LOGO_HEIGHT_DOTS_MAX);
    }
    (fit_width, fit_height)
}

/// Each new dot is the mean of the dots that it stands for.
fn scale(grey: &Grey, width: usize, height: usize) -> Grey {
    let (from_width, from_height) = (grey[0].len(), grey.len());
    let span = |at: usize, of: usize, from: usize| at * from / of..((at + 1) * from).div_ceil(of);
    let mean = |y: usize, x: usize| {
        let (rows, columns) = (span(y, height, from_height), span(x, width, from_width));
        let dots = i32::try_from(rows.len() * columns.len()).unwrap_or(i32::MAX);
        let sum: i32 = grey[rows].iter().map(|row| row[columns.clone()].iter().sum::<i32>()).sum();
        sum / dots.max(1)
    };
    (0..height).map(|y| (0..width).map(|x| mean(y, x)).collect()).collect()
}

/// Floyd and Steinberg: what a dot is too dark or too light by goes to its neighbours.
fn dither(grey: &mut Grey) -> Vec<Vec<bool>> {
    let (width, height) = (grey[0].len(), grey.len());
    let mut rows = vec![vec![false; width]; height];
    for y in 0..height {
        for x in 0..width {
            let light = grey[y][x];
            rows[y][x] = light < 128;
            let error = light - if rows[y][x] { 0 } else { WHITE };
            if x + 1 < width {
                grey[y][x + 1] += error * 7 / 16;
            }
            if y + 1 < height {
                let below = &mut grey[y + 1];
                if x > 0 {
                    below[x - 1] += error * 3 / 16;
                }
                below[x] += error * 5 / 16;
                if x + 1 < width {
                    below[x + 1] += error / 16;
                }
            }
        }
    }
    rows
}
