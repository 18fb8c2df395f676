//! The paper as a PNG: off-white paper with margins, dark ink, torn edges at the cutter.
use super::paper::Paper;

/// Unprintable margin at each side, in dots (4 to 5 mm on real rolls).
const SIDE: usize = 36;
/// Blank paper above the first and below the last line.
const END: usize = 28;
/// Depth and half period of the cutter's teeth.
const TOOTH: usize = 6;

/// Paper, ink, behind the paper (transparent), cut mark; red green blue each.
const COLOURS: [u8; 12] = [0xfc, 0xfb, 0xf7, 0x1f, 0x1f, 0x23, 0xff, 0xff, 0xff, 0xb4, 0xb0, 0xa8];
const OPACITY: [u8; 4] = [255, 255, 0, 255];
const PAPER: u8 = 0;
const INK: u8 = 1;
const BEHIND: u8 = 2;
const CUT: u8 = 3;

impl Paper {
    /// Draws the paper at one pixel per dot.
    pub fn to_png(&self) -> Vec<u8> {
        let width = self.width + 2 * SIDE;
        let height = self.rows.len() + 2 * END;
        let mut pixels = vec![PAPER; width * height];
        self.draw_ink(&mut pixels, width);
        self.draw_cuts(&mut pixels, width);
        tear(&mut pixels, width, height, self.cuts.last() == Some(&self.rows.len()));
        encode(&pixels, width, height)
    }

    fn draw_ink(&self, pixels: &mut [u8], width: usize) {
        for (y, row) in self.rows.iter().enumerate() {
            let start = (y + END) * width + SIDE;
            let inked = row.iter().enumerate().filter(|(_, inked)| **inked);
            inked.for_each(|(x, _)| pixels[start + x] = INK);
        }
    }

    /// A cut with more paper behind it is a dashed line; the last one is the paper's end.
    fn draw_cuts(&self, pixels: &mut [u8], width: usize) {
        for cut in self.cuts.iter().filter(|cut| **cut < self.rows.len()) {
            let line = &mut pixels[(cut + END) * width..][..width];
            line.iter_mut().enumerate().filter(|(x, _)| x % 12 < 7).for_each(|(_, dot)| *dot = CUT);
        }
    }
}

/// Teeth at the top, and at the bottom if the paper was cut there.
fn tear(pixels: &mut [u8], width: usize, height: usize, bottom: bool) {
    for x in 0..width {
        let phase = x % (2 * TOOTH);
        let depth = phase.min(2 * TOOTH - phase);
        for y in 0..depth {
            pixels[y * width + x] = BEHIND;
            if bottom {
                pixels[(height - 1 - y) * width + x] = BEHIND;
            }
        }
        pixels[depth * width + x] = CUT;
        if bottom {
            pixels[(height - 1 - depth) * width + x] = CUT;
        }
    }
}

fn encode(pixels: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut file = Vec::new();
    let side = |dots: usize| u32::try_from(dots).expect("paper is shorter than 4 billion dots");
    let mut encoder = png::Encoder::new(&mut file, side(width), side(height));
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(COLOURS.as_slice());
    encoder.set_trns(OPACITY.as_slice());
    let mut writer = encoder.write_header().expect("writing a header into memory cannot fail");
    writer.write_image_data(pixels).expect("the picture has as many bytes as the header says");
    writer.finish().expect("writing into memory cannot fail");
    file
}
