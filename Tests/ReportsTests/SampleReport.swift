import Foundation
import Reports

/// A made-up report that looks like one of a real run. Its numbers mean nothing; they come from a fixed sequence.
enum SampleReport {
  /// A linear congruential sequence in 0..<1.
  struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }

    /// About normal: mean 0, deviation 1.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + next() } }
  }

  static func make(steps: Int = 180, reference: Bool = true) -> RunReport {
    var report = RunReport(title: "runs/semeval-1b")
    report.summary = .init(
      method: "ngdiff", model: "OLMo-1B-memorised", forgetRows: 1112, retainRows: 1136, seconds: 743)
    report.verdict = [
      .init("forget ROUGE-L", direction: .lowerIsBetter, before: 0.97, after: 0.12),
      .init("retain ROUGE-L", direction: .higherIsBetter, before: 0.98, after: 0.95),
      .init("final score", direction: .higherIsBetter, before: 0.163, after: 0.702),
    ]
    report.samples = [
      .init(of: "forget rows", evaluated: 128, total: 1112), .init(of: "retain rows", evaluated: 128, total: 1136),
      .init(of: "MMLU questions", evaluated: 75, total: 14042),
    ]
    report.metrics = metrics(reference: reference)
    report.steps = training(steps)
    report.rowCounts = rowCounts
    report.membership = membership
    report.mmlu = mmlu
    report.record = record
    return report
  }

  private static func metrics(reference: Bool) -> [RunReport.Metric] {
    var noise = Noise(seed: 5)
    var metrics: [RunReport.Metric] = []
    for (set, direction, after) in [
      ("Forget set", RunReport.Direction.lowerIsBetter, 0.14), ("Retain set", .higherIsBetter, 0.93),
    ] {
      for task in 1...3 {
        for kind in ["regurgitation", "knowledge"] {
          metrics.append(
            .init(
              "Task \(task) \(kind)", group: set, direction: direction, before: 0.95 + 0.05 * noise.next(),
              after: after + 0.07 * noise.next(), reference: reference ? after - 0.05 + 0.1 * noise.next() : nil))
        }
      }
      metrics.append(
        .init(
          "mean loss (nats per token)", group: set,
          direction: direction == .lowerIsBetter ? .higherIsBetter : .lowerIsBetter, before: 0.021,
          after: direction == .lowerIsBetter ? 4.317 : 0.094, bounds: nil))
    }
    let whole = "Official scores"
    return metrics + [
      .init("task aggregate", group: whole, direction: .higherIsBetter, before: 0, after: 0.874),
      .init(
        "MIA AUC", group: whole, direction: .closerIsBetter(to: 0.5), before: 0.986, after: 0.562,
        reference: reference ? 0.508 : nil),
      .init("MIA score", group: whole, direction: .higherIsBetter, before: 0.028, after: 0.876),
      .init("MMLU", group: whole, direction: .higherIsBetter, before: 0.271, after: 0.262),
      .init("final score", group: whole, direction: .higherIsBetter, before: 0.1, after: 0.671),
      .init("KS p-value", group: whole, direction: .higherIsBetter, before: 1.06e-239, after: 0.041),
    ]
  }

  private static func training(_ count: Int) -> [RunReport.Step] {
    var noise = Noise(seed: 11)
    return (1...max(1, count)).map { index in
      let progress = Double(index) / Double(count)
      return .init(
        step: index, forgetLoss: 0.04 + 4.4 / (1 + exp(-12 * (progress - 0.4))) * (1 + 0.07 * noise.normal()),
        retainLoss: 0.03 + 0.14 * progress * (1 + 0.25 * noise.normal()) + (index == count / 3 ? 0.4 : 0),
        learningRate: 1e-3 * pow(2, (6 * sin(3 * progress)).rounded()), rolledBack: index == count / 3)
    }
  }

  private static let rowCounts: [RunReport.RowCount] = [
    ("forget_train", [166, 642, 304]), ("retain_train", [206, 612, 318]), ("forget_validation", [48, 138, 68]),
    ("retain_validation", [54, 150, 74]),
  ].flatMap { set, counts in
    zip(1..., counts).map { task, rows in
      .init(set: set, task: "Task\(task)", rows: rows, tokens: rows * [612, 41, 233][task - 1])
    }
  }

  private static var membership: RunReport.Membership {
    var noise = Noise(seed: 3)
    func losses(_ mean: Double, _ deviation: Double) -> [Double] {
      (0..<150).map { _ in max(0.05, mean + deviation * noise.normal()) }
    }
    return .init(
      before: .init(member: losses(1.1, 0.3), nonmember: losses(2.7, 0.35), areaUnderCurve: 0.986),
      after: .init(member: losses(2.85, 0.4), nonmember: losses(2.95, 0.4), areaUnderCurve: 0.562))
  }

  private static var mmlu: RunReport.MMLU {
    var noise = Noise(seed: 9)
    func score(_ name: String, _ questions: Int) -> RunReport.MMLU.Score {
      .init(name, questions: questions, before: 0.24 + 0.07 * noise.next(), after: 0.235 + 0.06 * noise.next())
    }
    let subcategories = [
      ("biology", 454), ("business", 437), ("chemistry", 303), ("computer science", 412), ("culture", 332),
      ("economics", 742), ("engineering", 145), ("geography", 198), ("health", 1640), ("history", 930), ("law", 1763),
      ("math", 1064), ("other", 1165), ("philosophy", 2012), ("physics", 640), ("politics", 648), ("psychology", 1157),
    ]
    return .init(
      shots: 5,
      categories: [("STEM", 3018), ("humanities", 4705), ("social sciences", 3077), ("other", 3242)].map(score),
      subcategories: subcategories.map(score))
  }

  private static var record: RunReport.Record {
    var record = RunReport.Record()
    record.configuration = [
      .init("method", "ngdiff"), .init("auto-lr", "gen"), .init("learning-rate", "auto"), .init("tuning", "lora"),
      .init("rank", "16"), .init("alpha", "32"), .init("optimizer", "sgd"), .init("batch-size", "8"),
      .init("max-length", "1024"), .init("retain-budget", "0.05"), .init("dtype", "bfloat16"),
    ]
    record.versions = [
      .init("swift-unlearning", "0.1.0"), .init("LibTorch", "2.13.0"), .init("CPU", "AVX512"), .init("threads", "16"),
    ]
    record.command = [
      "unlearn", "run", "--model", "OLMo-1B-memorised", "--forget", "data/forget_train.jsonl", "--retain",
      "data/retain train.jsonl", "--output", "runs/semeval-1b",
    ]
    record.seed = 42
    record.hashes = ["model/model.safetensors", "model/tokenizer.json", "data/forget_train.jsonl"].enumerated().map {
      .init(path: $1, sha256: String(repeating: "0123456789abcdef", count: 4).replacing("0", with: "\($0)"))
    }
    record.warnings = ["3 rows of the forget set are longer than max-length and were cut."]
    record.stopReason = "forget target reached"
    record.started = "2025-03-01 12:00 UTC"
    record.finished = "2025-03-01 12:31 UTC"
    record.durations = [
      .init("evaluation before", seconds: 512), .init("unlearning", seconds: 743),
      .init("evaluation after", seconds: 530),
    ]
    record.peakMemoryBytes = 6_871_947_674
    return record
  }
}
