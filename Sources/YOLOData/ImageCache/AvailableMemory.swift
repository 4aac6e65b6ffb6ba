import Foundation

/// Memory that can be taken without swapping, and without passing the limit of a container.
package struct AvailableMemory: Sendable {
    /// What `/proc` and `/sys` are found under; another folder in tests.
    private let root: String

    package init(root: String = "") { self.root = root }

    /// Bytes; the smaller of what the machine and what the control groups of this process have left. 0 if nothing is known.
    package var bytes: Int { [machine, controlGroup].compactMap { $0 }.min() ?? 0 }

    /// Bytes of the machine's memory; 0 if that is not known.
    package var machineTotal: Int { field("MemTotal:", of: "/proc/meminfo").map { $0 * 1024 } ?? 0 }

    /// The least that a control group of this process allows, where that is less than the machine has.
    package var limit: Int? {
        let total = machineTotal
        return groups.compactMap { number($0.folder + ($0.isVersion2 ? "/memory.max" : "/memory.limit_in_bytes")) }.filter { $0 < total }.min()
    }

    /// The kernel's own estimate.
    private var machine: Int? {
        field("MemAvailable:", of: "/proc/meminfo").map { $0 * 1024 }
    }

    /// The least that is left in a control group of this process or one around it.
    private var controlGroup: Int? { groups.compactMap { $0.isVersion2 ? version2($0.folder) : version1($0.folder) }.min() }

    /// The control groups of this process and those around them.
    private var groups: [(folder: String, isVersion2: Bool)] {
        let lines = text("/proc/self/cgroup")?.split(separator: "\n") ?? []
        var groups: [(folder: String, isVersion2: Bool)] = []
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            // Version 2 has one hierarchy without a name; version 1 has one for memory.
            let isVersion2 = parts[0] == "0" && parts[1].isEmpty
            guard isVersion2 || parts[1].split(separator: ",").contains("memory") else { continue }
            var group = parts[2].split(separator: "/").map(String.init)
            // Inside of a container, the path may be that outside of it: what is not there is passed over.
            while true {
                groups.append(((isVersion2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory") + group.map { "/" + $0 }.joined(), isVersion2))
                guard group.popLast() != nil else { break }
            }
        }
        return groups
    }

    private func version2(_ folder: String) -> Int? {
        // "max" is no number: no limit.
        guard let limit = number(folder + "/memory.max"), let used = number(folder + "/memory.current") else { return nil }
        return remaining(limit, used, reclaimable: field("inactive_file", of: folder + "/memory.stat"))
    }

    private func version1(_ folder: String) -> Int? {
        guard let limit = number(folder + "/memory.limit_in_bytes"), let used = number(folder + "/memory.usage_in_bytes")
        else { return nil }
        return remaining(limit, used, reclaimable: field("total_inactive_file", of: folder + "/memory.stat"))
    }

    /// Files that were read and are not in use count as used, but give way.
    private func remaining(_ limit: Int, _ used: Int, reclaimable: Int?) -> Int {
        max(limit - max(used - (reclaimable ?? 0), 0), 0)
    }

    private func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// The number in the line that begins with a name.
    private func field(_ name: String, of path: String) -> Int? {
        for line in text(path)?.split(separator: "\n") ?? [] {
            let words = line.split(separator: " ")
            if words.first.map(String.init) == name { return words.dropFirst().first.flatMap { Int($0) } }
        }
        return nil
    }

    private func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: root + path).map { String(decoding: $0, as: UTF8.self) }
    }
}
