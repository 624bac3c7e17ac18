/// All that `report.html` shows of one run: names, ids and numbers that the caller has, never the text of a row.
///
/// Every part is optional. The page leaves out what is missing, so that a run without an evaluation, without membership
/// losses or without MMLU still has a report:
///
/// ```swift
/// var report = RunReport(title: "runs/first")
/// report.steps = [.init(step: 1, forgetLoss: 0.02, retainLoss: 0.02, learningRate: 0.01)]
/// try report.write(to: "runs/first/report.html")
/// ```
public struct RunReport: Sendable, Equatable {
  /// The page's title, such as the name of the run's folder.
  public var title: String
  public var summary: Summary?
  /// The two or three figures that say whether the run did its job; shown large, in the order given.
  public var verdict: [Metric] = []
  /// How much of what was evaluated. What was evaluated whole need not be here.
  public var samples: [Sample] = []
  /// Every figure before and after. Metrics of one group stand together, groups in the order of their first metric.
  public var metrics: [Metric] = []
  /// The steps in their order.
  public var steps: [Step] = []
  /// Size of the data by set and task.
  public var rowCounts: [RowCount] = []
  public var membership: Membership?
  public var mmlu: MMLU?
  public var record = Record()

  public init(title: String) { self.title = title }
}

extension RunReport {
  /// What was done, for one plain sentence.
  public struct Summary: Sendable, Equatable {
    /// The method's name, such as `ngdiff`.
    public var method: String?
    /// The model's name or folder.
    public var model: String?
    /// How far the run is.
    public var ending: Ending
    /// Rows that were learned by heart; nil for a run that forgets.
    public var memorizedRows: Int?
    public var forgetRows: Int?
    public var retainRows: Int?
    /// Seconds of training.
    public var seconds: Double?

    public init(
      method: String? = nil, model: String? = nil, ending: Ending = .finished, memorizedRows: Int? = nil,
      forgetRows: Int? = nil, retainRows: Int? = nil, seconds: Double? = nil
    ) {
      self.ending = ending
      self.memorizedRows = memorizedRows
      self.method = method
      self.model = model
      self.forgetRows = forgetRows
      self.retainRows = retainRows
      self.seconds = seconds
    }
  }

  /// How far a run is.
  public enum Ending: Sendable, Equatable {
    /// It did what it was to do.
    case finished
    /// It came to its end before its first step: the model is what it was.
    case withoutStep
    /// It has taken so many steps and goes on, now or when it is resumed.
    case unfinished(steps: Int)
  }

  /// Marks figures as those of a sample.
  public struct Sample: Sendable, Equatable {
    /// What was counted, such as `forget rows`.
    public var name: String
    public var evaluated: Int
    public var total: Int

    public init(of name: String, evaluated: Int, total: Int) {
      self.name = name
      self.evaluated = evaluated
      self.total = total
    }
  }
}
