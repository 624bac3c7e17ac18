import ArgumentParser
import Basics
import Datasets
import Evaluation
import LanguageModels

/// What each suite reads, runs and writes.
extension Evaluate {
  enum Suite: String, CaseIterable {
    case semeval, tofu, muse, membership
  }

  /// Options that some suites alone take.
  var optionsOfSuites: [(name: String, isGiven: Bool, suites: [Suite])] {
    [
      ("--split", split != nil, [.semeval]), ("--mmlu", mmlu != nil, [.semeval]),
      ("--mmlu-sample", mmluSample != nil, [.semeval]), ("--shots", shots != nil, [.semeval]),
      ("--mia", mia != nil, [.semeval, .membership]), ("--max-new-tokens", maxNewTokens != nil, [.semeval, .tofu]),
      ("--forget-split", forgetSplit != nil, [.tofu]), ("--prompt-template", promptTemplate != nil, [.tofu]),
    ]
  }

  func suites() throws -> [Suite] {
    let names = suite.split(separator: ",", omittingEmptySubsequences: false)
    return try names.map { name in
      let name = name.trimmingPrefix { $0 == " " }
      guard let suite = Suite(rawValue: String(name)) else {
        let names = Suite.allCases.map(\.rawValue)
        let nearest = nearestName(to: String(name), in: names).map { "; did you mean '\($0)'?" } ?? ""
        throw ValidationError("--suite: expected \(names.joined(separator: ", ")), found '\(name)'\(nearest)")
      }
      return suite
    }
  }

  /// The folder of one suite's data: a folder of its name in --data where there is one, else --data itself.
  func folder(of suite: Suite) throws -> String {
    guard let data else { throw ValidationError("expected --data") }
    let own = "\(data)/\(suite.rawValue)"
    return Folder.exists(own) ? own : data
  }

  private func referenceFile(_ suite: Suite) -> String? { reference.map { "\($0)/\(suite.rawValue).json" } }

  /// One suite whose data is read and checked.
  struct Job {
    /// Files and folders that its results depend on, beside the model.
    let inputs: [String]
    /// What else they depend on.
    let settings: String
    /// Runs the suite, writes and prints its results.
    let run: (LanguageModel, EvaluationFolder) throws -> Void
  }

  func job(_ suite: Suite, _ progress: any ProgressObserver) throws -> Job {
    switch suite {
    case .semeval: return try official(progress)
    case .tofu:
      let split = forgetSplit ?? "forget10"
      let source = try self.folder(of: .tofu)
      let data = try TOFUData.read(folder: source, forgetSplit: split)
      let stored = try referenceFile(.tofu).map { try TOFUReference.read($0) }
      let options = TOFUOptions(
        forgetSplit: split, promptTemplate: promptTemplate ?? TOFUOptions.questionTemplate,
        maximumNewTokens: maxNewTokens ?? TOFUOptions.defaultNewTokens, rowLimit: sample, batchSize: batchSize)
      return own(.tofu, [source], "\(options)", progress) { model in
        try TOFUSuite.run(model, data: data, options: options, reference: stored, progress: progress)
      }
    case .muse:
      let source = try self.folder(of: .muse)
      let data = try MUSEData.read(folder: source)
      let rows = [
        data.forgetKnowledge.questions.count, data.retainKnowledge.questions.count, data.passages.count,
        data.forgetTexts.count, data.holdoutTexts.count,
      ]
      let options = MUSEOptions(rowLimit: limit(of: rows), batchSize: batchSize)
      let retrained = try referenceFile(.muse).map { try MUSESuite.membershipAUC(storedAt: $0, options: options) }
      let parts = ["knowmem", "verbmem", "privleak"].map { "\(source)/\($0)" }
      return own(.muse, parts, "\(options)", progress) { model in
        try MUSESuite.run(model, data: data, options: options, retrainedAUC: retrained, progress: progress)
      }
    case .membership:
      let documents = mia ?? ""
      let members = try MembershipDocument.read("\(documents)/member.jsonl")
      let nonmembers = try MembershipDocument.read("\(documents)/nonmember.jsonl")
      let options = MembershipOptions(rowLimit: limit(of: [members.count, nonmembers.count]))
      let retrained = try referenceFile(.membership).map { try MembershipReference.read($0, options: options) }
      return own(.membership, [documents], "\(options)", progress) { model in
        try MembershipSuite.run(
          model, members: members, nonmembers: nonmembers, options: options, retrained: retrained, progress: progress)
      }
    }
  }

  /// The sample's size, where it leaves anything out of sets of so many rows.
  private func limit(of counts: [Int]) -> Int? {
    sample.flatMap { sample in counts.contains { $0 > sample } ? sample : nil }
  }

  /// A suite that is one file of results.
  private func own(
    _ suite: Suite, _ inputs: [String], _ settings: String, _ progress: any ProgressObserver,
    _ result: @escaping (LanguageModel) throws -> SuiteResult
  ) -> Job {
    Job(inputs: inputs + [referenceFile(suite)].compactMap { $0 }, settings: settings) { model, folder in
      try folder.suite(suite.rawValue, progress: progress) { try result(model) }
    }
  }

  private func official(_ progress: any ProgressObserver) throws -> Job {
    var options = OfficialEvaluation.Options()
    options.maximumNewTokens = maxNewTokens ?? options.maximumNewTokens
    options.batchSize = batchSize
    options.sample = sample
    options.mmluSample = mmluSample
    options.seed = seed
    options.shots = shots ?? options.shots
    options.keepsText = true
    options.requiresKinds = true
    let compared = try reference.map { try EvaluationSummary(folder: $0) }
    let sets = try ForgetRetain.read(folder: self.folder(of: .semeval), split: split ?? .train)
    let evaluation = try OfficialEvaluation(
      .init(
        forget: sets.forget, retain: sets.retain, membershipFolder: mia, mmluFolder: mmlu,
        files: (forget: sets.forgetFiles.paths, retain: sets.retainFiles.paths)), options: options)
    let inputs =
      [mia].compactMap { $0 } + (mmlu.map { ["\($0)/dev", "\($0)/test"] } ?? []) + sets.forgetFiles.paths
      + sets.retainFiles.paths
    return Job(inputs: inputs, settings: "\(options)") { model, folder in
      // Row by row what is done is kept for another call; in the other suites a signal ends the program.
      Interruption.watch()
      defer { Interruption.endAtOnce() }
      try folder.official(of: model, reference: compared, progress: progress) {
        try evaluation.run($0, encoder: SampleEncoder(model))
      }
    }
  }
}
