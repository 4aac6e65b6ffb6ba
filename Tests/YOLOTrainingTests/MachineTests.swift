import Foundation
import LoopbackServer
import Testing

@testable import YOLOTraining

@Suite("What a machine has")
struct MachineTests {
    @Test("the CPU's name and its instruction sets, by the kernel's own file")
    func processor() {
        let amd = Processor("processor\t: 0\nmodel name\t: AMD EPYC 9R14\nflags\t\t: fpu avx avx2 avx512f avx512_bf16\n\nprocessor\t: 1\n")
        #expect(amd.name == "AMD EPYC 9R14" && amd.usefulFeatures == ["AVX2", "AVX-512", "AVX-512 BF16"])
        let arm = Processor("processor\t: 0\nBogoMIPS\t: 50\nFeatures\t: fp asimd sve bf16\n")
        #expect(arm.name == Processor.architecture && arm.usefulFeatures == ["NEON", "SVE", "BF16"])
        #expect(Processor("").usefulFeatures.isEmpty)
    }

    @Test("what a container allows of the processors", arguments: [("200000 100000\n", 2.0), ("150000 100000", 1.5), ("max 100000", nil), ("", nil), (nil, nil)] as [(String?, Double?)])
    func share(_ quota: String?, _ share: Double?) { #expect(Processor.share(quota) == share) }

    @Test("more threads than the container allows are a warning with the right number")
    func quota() {
        let checks = ProcessorExamination(processor: Processor("flags : avx2\n"), share: 0.4).checks()
        #expect(checks.count == 1 && checks[0].status == .warning && checks[0].advice?.contains("OMP_NUM_THREADS=1 ") == true)
        #expect(ProcessorExamination(processor: Processor("flags : avx2\n"), share: nil).checks()[0].status == .ok)
    }

    @Test("a line on program, libraries and machine")
    func environment() {
        let text = RunEnvironment(device: "cpu").description
        #expect(text.hasPrefix("yolov5-swift \(Version.current), libtorch 2.") && text.contains(", CPU ") && text.contains(" free of "))
        #expect(!text.contains("\n"))
        // A device that is not there is somebody else's error.
        #expect(RunEnvironment(device: "97").description.contains(", CPU "))
    }

    @Test("another libtorch than the program was built with is a problem; what a build adds to the version is none")
    func libtorch() {
        func status(_ loaded: String) -> MachineCheck.Status? { LibtorchExamination(builtWith: "2.13.0", loaded: loaded).checks().first?.status }
        #expect(status("2.13.0") == .ok && status("2.13.0+cu130") == .ok && status("") == .ok)
        #expect(status("2.11.0") == .problem)
    }

    @Test("a GPU that is not used has a reason and something to do")
    func cuda() {
        func check(
            hasGPU: Bool = true, library: String? = nil, driver: String? = nil, visible: String? = nil
        ) -> MachineCheck {
            CUDAExamination.Absence(
                hasGPU: hasGPU, libraryProblem: library, driverProblem: driver, driverVersion: "12.4", visibleDevices: visible
            ).check
        }
        let noDriver = "libcuda.so.1: cannot open shared object file: No such file or directory"
        let noLibrary = "libtorch_cuda.so: cannot open shared object file: No such file or directory"
        #expect(check(hasGPU: false, library: noLibrary, driver: noDriver).status == .ok)
        let cases = [
            (check(library: noLibrary, driver: noDriver), "its driver does not work"), (check(driver: "unknown error"), "unknown error"),
            (check(hasGPU: false, library: noLibrary), "made for CPUs alone"),
            (check(library: "libcudnn.so.9: cannot open shared object file"), "libcudnn.so.9"),
            (check(driver: "no CUDA-capable device is detected", visible: "-1"), "CUDA_VISIBLE_DEVICES='-1'"), (check(), "It knows CUDA 12.4"),
        ]
        for (check, clue) in cases { #expect(check.status == .warning && check.finding.contains(clue) && check.advice != nil, "\(check)") }
    }
}

@Suite("Newer releases")
struct ReleaseCheckTests {
    @Test(
        "the version of a release's name",
        arguments: [
            (#"{"tag_name": "v0.2.0", "name": "x"}"#, "0.2.0"), ("0.2.0\n", "0.2.0"), ("v1.0-rc1", "1.0-rc1"), ("<html>", nil), ("", nil),
            (#"{"tag_name": "latest"}"#, nil), ("1", nil), ("1.0 and more", nil), ("1.0\u{1B}[2J", nil),
        ] as [(String, String?)])
    func names(_ answer: String, _ version: String?) { #expect(ReleaseCheck.version(in: Data(answer.utf8)) == version) }

    @Test(
        "releases are compared number by number",
        arguments: [("0.1.0", false), ("0.1", false), ("v0.0.9", false), ("0.1.1", true), ("0.10.0", true), ("1.0", true)])
    func compared(_ version: String, _ isNewer: Bool) throws {
        let server = try LoopbackServer { _ in [.answer(200, body: Array("{\"tag_name\": \"\(version)\"}".utf8))] }
        defer { server.stop() }
        let check = ReleaseCheck(address: server.url("/latest"), current: "0.1.0").check()
        #expect(check.status == (isNewer ? .warning : .ok), "\(check)")
        #expect(server.requests.count == 1)
    }

    @Test("no address is no problem, and nothing is asked; one that fails is a warning")
    func failures() throws {
        #expect(ReleaseCheck(address: nil).check().status == .ok)
        #expect(ReleaseCheck(address: "").check().advice?.contains(ReleaseCheck.variable) == true)
        let server = try LoopbackServer { _ in [.answer(404)] }
        defer { server.stop() }
        for address in [server.url("/latest?key=secret"), try LoopbackServer.silentAddress(), "nowhere"] {
            let check = ReleaseCheck(address: address).check()
            #expect(check.status == .warning && !check.finding.contains("secret") && !check.finding.contains("put it to"), "\(check)")
        }
    }
}
