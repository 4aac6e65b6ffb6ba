import Foundation

/// How long libtorch's threads spin at the end of a parallel loop before they sleep.
///
/// GNU OpenMP lets them spin for milliseconds. On a machine that also does something else (loading images, for one) a thread
/// then burns the time that the thread it waits for needs: a training beside a compiler took five times as long. A short spin costs
/// nothing on a quiet machine. The library reads the setting when it is loaded, before `main`, so the program starts itself
/// once more with it.
enum BarrierWaiting {
    private static let variable = "GOMP_SPINCOUNT"
    private static let spins = "30000"

    /// Does not return where the program starts again; otherwise nothing happens: the user has chosen, or it cannot be done.
    static func limitSpinning() {
        let environment = ProcessInfo.processInfo.environment
        guard environment[variable] == nil, environment["OMP_WAIT_POLICY"] == nil else { return }
        setenv(variable, spins, 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        execv("/proc/self/exe", arguments)
    }
}
