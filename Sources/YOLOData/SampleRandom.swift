import Foundation

/// Random numbers that depend on a key alone: (seed, epoch, index, stream).
///
/// The generator is counter-based, so any thread can draw the numbers of any sample without having drawn those before it:
/// a sample is the same for any number of workers, and a resumed run draws what an unbroken one would have.
///
///     var random = SampleRandom(seed: 0, epoch: 3, index: 17, stream: .augmentation)
///     let angle = random.uniform(-10, 10)
///
/// - Source: Philox4x32-10 of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011).
package struct SampleRandom: RandomNumberGenerator, Sendable {
    /// Who draws. Consumers with streams of their own cannot disturb one another.
    package enum Stream: UInt32, Sendable {
        case order = 0, augmentation, shapes, multiScale
        case anchors = 8
        case split = 16
        case evolution = 24
    }

    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var spare: UInt64?

    /// - Parameter repetition: How often the same key has been used before; up to 2^24.
    package init(seed: UInt64, epoch: Int, index: Int, stream: Stream, repetition: Int = 0) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        // The first word counts blocks of four numbers.
        counter = SIMD4(0, stream.rawValue | UInt32(truncatingIfNeeded: repetition) << 8, UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: epoch))
    }

    package mutating func next() -> UInt64 {
        if let number = spare {
            spare = nil
            return number
        }
        let block = Self.philox(counter: counter, key: key)
        counter.x &+= 1
        spare = UInt64(block.z) | UInt64(block.w) << 32
        return UInt64(block.x) | UInt64(block.y) << 32
    }

    /// Ten rounds of the Philox bijection of `counter` under `key`.
    static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var block = counter
        var key = key
        for _ in 0..<10 {
            let first = UInt64(block.x) * 0xD251_1F53
            let second = UInt64(block.z) * 0xCD9E_8D57
            block = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ block.y ^ key.x, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ block.w ^ key.y, UInt32(truncatingIfNeeded: first))
            key = key &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
        }
        return block
    }
}

// Written out rather than taken from the standard library, whose algorithms may change between releases: the numbers of a
// seed are part of a run.
extension SampleRandom {
    /// A number in `low..<high`, uniform to 53 bits (`low` when they are equal).
    package mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * (Double(next() >> 11) * 0x1p-53)
    }

    /// True with the given probability: never at 0, always at 1.
    package mutating func chance(_ probability: Double) -> Bool { uniform(0, 1) < probability }

    /// A number in `0..<count`.
    package mutating func index(below count: Int) -> Int {
        precondition(count > 0, "a choice needs at least one candidate")
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Fisher and Yates's shuffle.
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, index(below: last + 1))
        }
    }

    /// `0..<count` in random order.
    package mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        shuffle(&order)
        return order
    }

    /// A number of the normal distribution of mean 0 and deviation 1, after Box and Muller.
    package mutating func standardNormal() -> Double {
        let radius = (-2 * log(1 - uniform(0, 1))).squareRoot()
        return radius * cos(2 * .pi * uniform(0, 1))
    }

    /// A number of the distribution Beta(32, 32): the middle one of 63 uniform numbers is distributed so.
    package mutating func beta32() -> Double {
        var numbers = [Double]()
        numbers.reserveCapacity(63)
        for _ in 0..<63 { numbers.append(uniform(0, 1)) }
        numbers.sort()
        return numbers[31]
    }
}
