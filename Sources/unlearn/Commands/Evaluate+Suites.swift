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

  /// Reads and checks the data of a suite; what is given back runs it and writes its results.
  func job(
    _ suite: Suite, _ folder: String, _ progress: any ProgressObserver
  ) throws -> (LanguageModel) throws -> Void {
    switch suite {
    case .semeval: return try official(folder, progress)
    case .tofu:
      let split = forgetSplit ?? "forget10"
      let data = try TOFUData.read(folder: self.folder(of: .tofu), forgetSplit: split)
      let stored = try referenceFile(.tofu).map { try TOFUReference.read($0) }
      let options = TOFUOptions(
        forgetSplit: split, promptTemplate: promptTemplate ?? TOFUOptions.questionTemplate,
        maximumNewTokens: maxNewTokens ?? TOFUOptions.defaultNewTokens, rowLimit: sample, batchSize: batchSize)
      return { model in
        try EvaluationFolder.write(
          TOFUSuite.run(model, data: data, options: options, reference: stored, progress: progress), to: output)
      }
    case .muse:
      let data = try MUSEData.read(folder: self.folder(of: .muse))
      let options = MUSEOptions(rowLimit: sample, batchSize: batchSize)
      let retrained = try referenceFile(.muse).map { try MUSESuite.membershipAUC(storedAt: $0) }
      return { model in
        try EvaluationFolder.write(
          MUSESuite.run(model, data: data, options: options, retrainedAUC: retrained, progress: progress), to: output)
      }
    case .membership:
      let documents = mia ?? ""
      let members = try MembershipDocument.read("\(documents)/member.jsonl")
      let nonmembers = try MembershipDocument.read("\(documents)/nonmember.jsonl")
      let retrained = try referenceFile(.membership).map { try MembershipReference.read($0) }
      return { model in
        try EvaluationFolder.write(
          MembershipSuite.run(
            model, members: members, nonmembers: nonmembers, options: MembershipOptions(rowLimit: sample),
            retrained: retrained, progress: progress), to: output)
      }
    }
  }

  private func official(
    _ folder: String, _ progress: any ProgressObserver
  ) throws -> (LanguageModel) throws -> Void {
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
      [folder, adapter, mia].compactMap { $0 } + (mmlu.map { ["\($0)/dev", "\($0)/test"] } ?? [])
      + sets.forgetFiles.paths + sets.retainFiles.paths
    return { [options] model in
      // What is done is kept for another call; the other suites are short, and a signal ends them.
      Interruption.watch()
      defer { Interruption.endAtOnce() }
      try EvaluationFolder.write(
        to: output, of: model, inputs: inputs, settings: "\(options) \(model.decoder.dtype)", reference: compared,
        progress: progress
      ) { try evaluation.run($0, encoder: SampleEncoder(model)) }
    }
  }
}
