import Checkpoints
import XCTest

final class ElementTypeTests: XCTestCase {
  func testNamesAndWidths() {
    XCTAssertEqual(ElementType(rawValue: "BF16"), .bfloat16)
    XCTAssertNil(ElementType(rawValue: "bf16"))
    let widths = ElementType.allCases.map { "\($0)=\($0.byteWidth)" }.joined(separator: " ")
    XCTAssertEqual(
      widths,
      "BOOL=1 U8=1 I8=1 F8_E5M2=1 F8_E4M3=1 F8_E8M0=1 F8_E4M3FNUZ=1 F8_E5M2FNUZ=1 I16=2 U16=2 F16=2 BF16=2 I32=4 U32=4 "
        + "F32=4 C64=8 F64=8 I64=8 U64=8")
  }

  func testWiderTypesSortAfterNarrowerOnes() {
    XCTAssertLessThan(ElementType.float16, .bfloat16)
    XCTAssertLessThan(ElementType.float32, .float64)
  }
}
