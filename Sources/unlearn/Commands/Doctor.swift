import ArgumentParser
import Basics
import Foundation
import Torch
import Unlearning

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what the program runs on, and measure how fast it multiplies.",
    discussion: "Example:\n  unlearn doctor")

  @OptionGroup var common: CommonOptions

  func run() throws {
    var table = TextTable(columns: [.init("", .left), .init("", .left)])
    table.add(["LibTorch", Runtime.version])
    table.add(["loaded from", Runtime.libraryPath])
    table.add(["kernels", Runtime.cpuCapability])
    table.add(["CPU features", Runtime.cpuFeatures])
    table.add(["threads", String(Runtime.threads)])
    table.add(["memory", "\(ProcessInfo.processInfo.physicalMemory >> 20) MiB"])
    table.add(["CUDA", Runtime.hasCUDA ? "yes" : "no"])
    table.add(["MPS", Runtime.hasMPS ? "yes" : "no"])
    table.add(["bfloat16 in hardware", Runtime.hasBFloat16Hardware ? "yes" : "no"])
    for dtype in [DType.float32, .bfloat16] {
      let speed = try MatrixCeiling.measure(dtype)
      table.add(["\(dtype.rawValue) matrix product", "\(fixed(speed, speed < 10 ? 2 : 0)) GFLOP/s"])
    }
    print(
      table.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).joined(separator: "\n"),
      terminator: "")
  }
}
