/// The knowledge score of question-answer rows: equal after white space at both ends is removed and case is folded.
public enum ExactMatch {
  /// Python's `target.strip().lower() == prediction.strip().lower()`, compared code point by code point (two spellings
  /// of one accented letter differ, as they do in Python).
  public static func matches(target: String, prediction: String) -> Bool {
    let left = PythonText.lowercased(PythonText.stripped(target))
    let right = PythonText.lowercased(PythonText.stripped(prediction))
    return left.utf8.elementsEqual(right.utf8)
  }

  /// 1 or 0.
  public static func score(target: String, prediction: String) -> Double {
    matches(target: target, prediction: prediction) ? 1 : 0
  }
}
