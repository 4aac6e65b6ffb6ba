import Foundation
import Imaging

/// A quiet pattern between two colours, roughened by noise at several scales.
struct BackgroundTexture {
    private enum Pattern: CaseIterable { case clouds, stripes, checks, rings, slope }

    let low: ShapeColor
    let high: ShapeColor
    private let pattern: Pattern
    /// Direction of stripes and slope, radians.
    private let angle: Double
    /// Pixels from one stripe, check or ring to the next.
    private let period: Double
    private let center: SIMD2<Double>
    private let noise: ValueNoise
    private let grainKey: UInt64

    init(random: inout SampleRandom) {
        low = .muted(random: &random)
        high = low.mixed(with: .muted(random: &random), 0.6)
        pattern = Pattern.allCases[random.index(below: Pattern.allCases.count)]
        angle = random.uniform(0, 2 * .pi)
        period = random.uniform(24, 90)
        center = SIMD2(random.uniform(-60, 380), random.uniform(-60, 380))
        noise = ValueNoise(random: &random)
        grainKey = random.next()
    }

    /// Paints every pixel.
    func paint(on view: ImageView) {
        let (cosine, sine) = (cos(angle), sin(angle))
        var grain = grainKey
        for y in 0..<view.height {
            for x in 0..<view.width {
                let place = SIMD2(Double(x), Double(y))
                let along = SIMD2(cosine * place.x + sine * place.y, cosine * place.y - sine * place.x)
                let rough = noise(place)
                let fraction = 0.55 * wave(place, along, side: Double(view.width)) + 0.45 * rough
                // A linear congruential generator: cheap grain of +-0.03.
                grain = grain &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let speck = (Double(grain >> 40) * 0x1p-24 - 0.5) * 0.06
                let color = low.mixed(with: high, fraction)
                view[x, y] = ShapeColor(red: color.red + speck, green: color.green + speck, blue: color.blue + speck).pixel
            }
        }
    }

    /// The pattern at a place, 0...1; `along` is the place in the pattern's own directions.
    private func wave(_ place: SIMD2<Double>, _ along: SIMD2<Double>, side: Double) -> Double {
        func swing(_ distance: Double) -> Double { 0.5 + 0.5 * sin(2 * .pi * distance / period) }
        switch pattern {
        case .clouds: return noise(place * 0.4)
        case .stripes: return swing(along.x)
        case .checks: return swing(along.x) * swing(along.y) + (1 - swing(along.x)) * (1 - swing(along.y))
        case .rings:
            let offset = place - center
            return swing((offset * offset).sum().squareRoot())
        case .slope: return (along.x / side * 0.7 + 0.5).clamped(to: 0...1)
        }
    }}

/// Smooth noise: random values on lattices of four sizes, interpolated between.
private struct ValueNoise {
    private static let side = 32
    private let values: [Double]

    init(random: inout SampleRandom) {
        var values: [Double] = []
        for _ in 0..<Self.side * Self.side { values.append(random.uniform(0, 1)) }
        self.values = values
    }

    /// The noise at a place in pixels, 0...1.
    func callAsFunction(_ place: SIMD2<Double>) -> Double {
        var sum = 0.0
        var weight = 0.5
        var cell = 64.0
        for _ in 0..<4 {
            sum += weight * lattice(place / cell)
            weight /= 2
            cell /= 2.3
        }
        return sum / 0.9375
    }

    private func lattice(_ place: SIMD2<Double>) -> Double {
        let (left, top) = (Int(place.x.rounded(.down)), Int(place.y.rounded(.down)))
        func smooth(_ fraction: Double) -> Double { fraction * fraction * (3 - 2 * fraction) }
        let (x, y) = (smooth(place.x - Double(left)), smooth(place.y - Double(top)))
        let upper = value(left, top) + (value(left + 1, top) - value(left, top)) * x
        let lower = value(left, top + 1) + (value(left + 1, top + 1) - value(left, top + 1)) * x
        return upper + (lower - upper) * y
    }

    /// The lattice repeats after 32 cells.
    private func value(_ x: Int, _ y: Int) -> Double { values[(y & 31) * Self.side + (x & 31)] }
}
