import ArgumentParser
import Basics
import Datasets
import Evaluation
import LanguageModels

/// What each suite reads, runs and writes.
extension Evaluate {
  enum Suite: String, CaseIterable {
    case semeval, tofu, muse, membership

    var takesTokenLimit: Bool { self == .semeval || self == .tofu }
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

  func referenceFile(_ suite: Suite) -> String? { reference.map { "\($0)/\(suite.rawValue).json" } }

  func result(_ suite: Suite, _ folder: String, _ progress: any ProgressObserver) throws -> SuiteResult {
    func load() throws -> LanguageModel {
      try ModelLoading.load(folder, adapter: adapter, dtype: dtype, threads: threads, progress: progress)
    }
    switch suite {
    case .semeval, .tofu:
      let data = try TOFUData.read(folder: self.folder(of: .tofu), forgetSplit: forgetSplit)
      let stored = try referenceFile(.tofu).map { try TOFUReference.read($0) }
      let options = TOFUOptions(
        forgetSplit: forgetSplit, promptTemplate: promptTemplate,
        maximumNewTokens: maxNewTokens ?? TOFUOptions.defaultNewTokens, rowLimit: sample, batchSize: batchSize)
      return try TOFUSuite.run(load(), data: data, options: options, reference: stored, progress: progress)
    case .muse:
      let data = try MUSEData.read(folder: self.folder(of: .muse))
      let options = MUSEOptions(rowLimit: sample, batchSize: batchSize)
      return try MUSESuite.run(
        load(), data: data, options: options,
        retrainedAUC: try referenceFile(.muse).map { try MUSESuite.membershipAUC(storedAt: $0) }, progress: progress)
    case .membership:
      let documents = mia ?? ""
      return try MembershipSuite.run(
        load(), members: MembershipDocument.read("\(documents)/member.jsonl"),
        nonmembers: MembershipDocument.read("\(documents)/nonmember.jsonl"),
        options: MembershipOptions(rowLimit: sample),
        retrained: try referenceFile(.membership).map { try MembershipReference.read($0) }, progress: progress)
    }
  }

  func evaluateOfficially(_ folder: String, _ progress: any ProgressObserver) throws {
    var options = OfficialEvaluation.Options()
    options.maximumNewTokens = maxNewTokens ?? options.maximumNewTokens
    options.batchSize = batchSize
    options.sample = sample
    options.mmluSample = mmluSample
    options.seed = seed
    options.shots = shots
    options.keepsText = true
    options.requiresKinds = true
    let compared = try reference.map { try EvaluationSummary(folder: $0) }
    let sets = try ForgetRetain.read(folder: self.folder(of: .semeval), split: split)
    let evaluation = try OfficialEvaluation(
      .init(
        forget: sets.forget, retain: sets.retain, membershipFolder: mia, mmluFolder: mmlu,
        files: (forget: sets.forgetFiles.paths, retain: sets.retainFiles.paths)), options: options)
    let loaded = try ModelLoading.load(folder, adapter: adapter, dtype: dtype, threads: threads, progress: progress)
    let inputs = [folder, adapter, mia, mmlu].compactMap { $0 } + sets.forgetFiles.paths + sets.retainFiles.paths
    try EvaluationFolder.write(
      to: output, of: loaded, inputs: inputs, settings: "\(options) \(loaded.decoder.dtype)", reference: compared,
      progress: progress
    ) { context in
      try evaluation.run(context, encoder: SampleEncoder(loaded))
    }
  }
}
