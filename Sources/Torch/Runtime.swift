import LazyTorch

/// LibTorch as a whole: version, threads, devices.
public enum Runtime {
  /// Begins to load LibTorch while the caller does something else. A program that may end before it has made a tensor ends
  /// by `_exit`.
  public static func preload() { lazytorch_preload() }

  /// Sets what is done where the library CTorch, and with it LibTorch, cannot be loaded: by default a message and an end
  /// with 70.
  public static func onFailure(_ handler: @convention(c) (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Void) {
    lazytorch_on_failure(handler)
  }

  public static var version: String { String(cString: ctorch_version()) }

  /// The shared library of LibTorch that was loaded.
  public static var libraryPath: String { String(cString: ctorch_library_path()) }

  /// Instruction sets of this CPU that matter to the products, separated by spaces.
  public static var cpuFeatures: String { String(cString: ctorch_cpu_features()) }

  /// The instruction set of LibTorch's own kernels, such as `AVX2`.
  public static var cpuCapability: String { String(cString: ctorch_cpu_capability()) }

  /// Whether this CPU multiplies bfloat16 in hardware (AVX512-bf16 or AMX); elsewhere it is emulated and slow.
  public static var hasBFloat16Hardware: Bool { ctorch_bfloat16_hardware() > 0 }

  public static var threads: Int { Int(ctorch_threads()) }

  /// Threads of LibTorch's pool; the team belongs to the calling thread.
  public static func setThreads(_ count: Int) throws {
    guard count > 0, let count = Int32(exactly: count), ctorch_set_threads(count) else {
      throw TorchError(operation: "threads", operands: [], reason: "expected a positive number, got \(count)")
    }
  }

  public static var hasCUDA: Bool { ctorch_cuda_available() }
  public static var hasMPS: Bool { ctorch_mps_available() }

  /// For tests and benchmarks: layers run as LibTorch compositions while `body` runs.
  public static func withComposedLayers<Result>(_ body: () throws -> Result) rethrows -> Result {
    ctorch_set_composed(true)
    defer { ctorch_set_composed(false) }
    return try body()
  }
}
