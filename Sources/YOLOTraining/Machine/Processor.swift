import Foundation

/// The CPU, as the kernel describes it.
struct Processor {
    /// The maker's name for it, or that of its architecture.
    let name: String
    /// Instruction sets and other features, in the kernel's words: `avx2`, `avx512_bf16`.
    let features: Set<String>

    /// - Parameter description: the content of `/proc/cpuinfo`.
    init(_ description: String = Processor.ownDescription) {
        func field(_ names: [String]) -> String? {
            for line in description.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, names.contains(parts[0].trimmingCharacters(in: .whitespaces)) {
                    return parts[1].trimmingCharacters(in: .whitespaces)
                }
            }
            return nil
        }
        name = field(["model name", "Model", "Hardware"]) ?? Self.architecture
        features = Set((field(["flags", "Features"]) ?? "").split(separator: " ").map(String.init))
    }

    /// Those that neural networks gain from, as people write them.
    var usefulFeatures: [String] {
        let names = [
            ("avx2", "AVX2"), ("avx512f", "AVX-512"), ("avx512_bf16", "AVX-512 BF16"), ("amx_bf16", "AMX BF16"), ("asimd", "NEON"),
            ("sve", "SVE"), ("bf16", "BF16"),
        ]
        return names.filter { features.contains($0.0) }.map(\.1)
    }

    private static var ownDescription: String {
        FileManager.default.contents(atPath: "/proc/cpuinfo").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    static var architecture: String {
        #if arch(x86_64)
        "x86-64"
        #elseif arch(arm64)
        "arm64"
        #else
        "of an unknown kind"
        #endif
    }

    /// Processors that a container lets this process have in the mean; nil where it sets no limit.
    /// - Parameter quota: the content of a control group's `cpu.max`: microseconds, and those of the period that they are for.
    static func share(_ quota: String? = ownQuota) -> Double? {
        let numbers = (quota ?? "").split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        return numbers.count == 2 && numbers[1] > 0 ? numbers[0] / numbers[1] : nil
    }

    private static var ownQuota: String? {
        FileManager.default.contents(atPath: "/sys/fs/cgroup/cpu.max").map { String(decoding: $0, as: UTF8.self) }
    }
}
