import Testing
@testable import YOLOData

@Suite("Random numbers by (seed, epoch, index, stream)")
struct SampleRandomTests {
    @Test("Philox4x32-10 gives the published numbers", arguments: [
        (SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0), SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)),
        (
            SIMD4(repeating: UInt32.max), SIMD2(repeating: UInt32.max),
            SIMD4<UInt32>(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
        ),
        (
            SIMD4<UInt32>(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), SIMD2<UInt32>(0xA409_3822, 0x299F_31D0),
            SIMD4<UInt32>(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
        ),
    ])
    func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
        #expect(SampleRandom.philox(counter: counter, key: key) == expected)
    }

    @Test("the same key draws the same numbers, any other key draws others")
    func keys() {
        func first(_ seed: UInt64, _ epoch: Int, _ index: Int, _ stream: SampleRandom.Stream) -> UInt64 {
            var random = SampleRandom(seed: seed, epoch: epoch, index: index, stream: stream)
            return random.next()
        }
        #expect(first(1, 2, 3, .augmentation) == first(1, 2, 3, .augmentation))
        let others = [first(1, 2, 3, .augmentation), first(2, 2, 3, .augmentation), first(1, 3, 3, .augmentation),
            first(1, 2, 4, .augmentation), first(1, 2, 3, .order), first(1 << 32, 2, 3, .augmentation)]
        #expect(Set(others).count == others.count)
    }

    @Test("uniform numbers fill their range evenly")
    func uniform() {
        var random = SampleRandom(seed: 0, epoch: 0, index: 0, stream: .augmentation)
        let numbers = (0..<20_000).map { _ in random.uniform(-2, 6) }
        #expect(numbers.allSatisfy { (-2..<6).contains($0) })
        #expect(abs(numbers.reduce(0, +) / 20_000 - 2) < 0.05)
        #expect(random.uniform(3, 3) == 3)
    }

    @Test("probability 0 is never, probability 1 is always")
    func chance() {
        var random = SampleRandom(seed: 0, epoch: 0, index: 0, stream: .augmentation)
        let outcomes = (0..<1000).map { _ in (random.chance(0), random.chance(1)) }
        #expect(outcomes.allSatisfy { $0 == (false, true) })
    }

    @Test("a permutation holds every number once, and its first element is evenly spread")
    func permutation() {
        var counts = [Int](repeating: 0, count: 5)
        for index in 0..<5000 {
            var random = SampleRandom(seed: 9, epoch: 0, index: index, stream: .order)
            let order = random.permutation(of: 5)
            #expect(order.sorted() == [0, 1, 2, 3, 4])
            counts[order[0]] += 1
        }
        #expect(counts.allSatisfy { abs($0 - 1000) < 120 })
    }

    @Test("Beta(32, 32) has mean 1/2 and variance 1/260")
    func beta() {
        var random = SampleRandom(seed: 3, epoch: 0, index: 0, stream: .augmentation)
        let numbers = (0..<4000).map { _ in random.beta32() }
        let mean = numbers.reduce(0, +) / 4000
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
        #expect(abs(mean - 0.5) < 0.005)
        #expect(abs(variance * 260 - 1) < 0.1)
    }
}
