/// The length of the longest common subsequence of two token lists.
public enum LongestCommonSubsequence {
  /// Time of the product of the two lengths, memory of the shorter one.
  public static func length(_ first: [Int], _ second: [Int]) -> Int {
    // What both begin or end with is in some longest subsequence; tokens of one side alone are in none.
    var start = 0
    let shorter = min(first.count, second.count)
    while start < shorter, first[start] == second[start] { start += 1 }
    var end = 0
    while end < shorter - start, first[first.count - 1 - end] == second[second.count - 1 - end] { end += 1 }
    var left = Array(first[start..<(first.count - end)])
    var right = Array(second[start..<(second.count - end)])
    let common = Set(left).intersection(right)
    left.removeAll { !common.contains($0) }
    right.removeAll { !common.contains($0) }
    if left.count < right.count { swap(&left, &right) }
    return start + end + table(long: left, short: right)
  }

  private static func table(long: [Int], short: [Int]) -> Int {
    guard !short.isEmpty else { return 0 }
    // row[j]: the length for what was read of `long` and the first j of `short`.
    var row = [Int](repeating: 0, count: short.count + 1)
    for token in long {
      var diagonal = 0
      var left = 0
      for (index, other) in short.enumerated() {
        let above = row[index + 1]
        left = token == other ? diagonal + 1 : max(above, left)
        row[index + 1] = left
        diagonal = above
      }
    }
    return row[short.count]
  }
}
