extension UnsafeRawBufferPointer {
  /// The position of the first byte that breaks UTF-8, counted from 1; nil when all is well.
  package var firstInvalidUTF8: Int? {
    if String(validating: self, as: UTF8.self) != nil { return nil }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = makeIterator()
    var position = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): position += scalar.count
      case .error: return position + 1
      case .emptyInput: return nil
      }
    }
  }
}
