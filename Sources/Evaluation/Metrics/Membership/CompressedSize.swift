import Basics
import Foundation

/// The length of a text after zlib compression, which the zlib membership score divides by.
///
/// The system's zlib is opened when first asked for: the package needs no zlib headers to build, and no zlib to run
/// anything else.
public enum CompressedSize {
  private typealias Compress =
    @convention(c) (
      UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CUnsignedLong>?, UnsafePointer<UInt8>?, CUnsignedLong, CInt
    ) -> CInt
  private typealias Bound = @convention(c) (CUnsignedLong) -> CUnsignedLong

  private struct Library: @unchecked Sendable {
    let compress: Compress
    let bound: Bound
  }

  private static let library: Library? = {
    for name in ["libz.so.1", "libz.1.dylib", "libz.so"] {
      guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL), let compress = dlsym(handle, "compress2"),
        let bound = dlsym(handle, "compressBound")
      else { continue }
      return Library(
        compress: unsafeBitCast(compress, to: Compress.self), bound: unsafeBitCast(bound, to: Bound.self))
    }
    return nil
  }()

  /// Bytes of `zlib.compress(text.encode("utf-8"))`, level 6, header and checksum included: 8 for an empty text.
  /// - Throws: ``Failure`` of kind `missingInput` where the system has no zlib.
  public static func zlib(_ text: String) throws -> Int {
    guard let library else {
      throw Failure(
        .missingInput, at: Location(field: "zlib"), "the zlib library (libz) is not on this system",
        hint: "install it (zlib1g on Debian and Ubuntu), or leave the zlib membership score out")
    }
    let source = Array(text.utf8)
    var size = library.bound(CUnsignedLong(source.count))
    var output = [UInt8](repeating: 0, count: Int(size))
    let code = library.compress(&output, &size, source, CUnsignedLong(source.count), 6)
    guard code == 0 else {
      throw Failure(.fault, at: Location(field: "zlib"), "the compression failed with code \(code)")
    }
    return Int(size)
  }
}
