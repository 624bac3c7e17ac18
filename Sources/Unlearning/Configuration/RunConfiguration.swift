import Basics
import Foundation
import LanguageModels
import Torch

/// Everything that decides what a run does, beside its model and data. Every field is a key of the YAML configuration
/// (see ``Setting``) and, for most, an option of the command line.
public struct RunConfiguration: Sendable, Equatable {
  // What is optimised
  public var method = MethodName.ngdiffAndSelfDistillation
  /// The method's own combiner when nil.
  public var combiner: CombinerName?
  /// The method's own forget objective when nil.
  public var objective: ObjectiveName?
  /// The method's own retain objective when nil.
  public var retainObjective: RetainObjectiveName?
  /// Weights of the combiner `difference`: α·g_R − γ·g_F; the method's own when nil.
  public var retainWeight: Double?
  public var forgetWeight: Double?
  /// β of the objective; its own when nil.
  public var beta: Double?
  /// β₂ of satimp.
  public var beta2 = 1.0
  /// δ of simnpo.
  public var delta = 0.0
  /// λ of self-distillation: how much of gradient ascent goes with it.
  public var ascentWeight = 1.0
  /// c of rmu.
  public var steeringCoefficient = 2.0
  /// The layer, from 0, whose output rmu and the retain objective `activations` look at.
  /// The model decides when nil: the eighth layer, or its last.
  public var activationLayer: Int?
  /// Share of KL in the retain objective `kl+nll`.
  public var klShare = 0.667
  /// ε of the combiner `primal-dual`, in nats a token.
  public var retainLimit = 0.5
  public var scope = GradientScope.batch
  /// Mean loss of a forget row, in nats a token, at which it is let go; nil pushes every row without end.
  public var forgetBound: Double? = 4
  /// Unseen documents whose loss is the forget bound of documents, and steps between taking it.
  public var unseenRows = 32
  public var unseenPeriod = 20
  /// Tokens of context, at most, from which it is estimated how far the retain set tells a label (``RetainPrior``): so
  /// far it is not forgotten. 0 forgets all; the method's own when nil.
  public var retainPrior: Int?
  /// Retain rows are drawn to match the forget batch by task and kind (`scope: batch`).
  public var matchesRetain = true
  /// Rows that are forgotten together before the next ones, how often each chunk is gone through, and retain rows for
  /// each forget row; the method's own when nil.
  public var forgetChunk: Int?
  public var chunkEpochs: Int?
  public var retainRatio: Int?
  /// Norm to which each batch's gradient is clipped: infinite for no clipping, the scope's own when nil.
  public var clipNorm: Double?
  /// Norm to which the direction of a step is clipped, both sets' gradients in it, before the optimiser: `max_grad_norm`
  /// of Hugging Face's trainer. Nil for no clipping.
  public var maximumGradientNorm: Double?

  // Step size
  /// A fixed or first learning rate; nil is `auto`.
  public var learningRate: Double?
  /// Nil: `gen` when the learning rate is `auto`, else `fixed`.
  public var autoLearningRate: AutoLearningRateMode?
  public var initialLearningRate = 2e-3
  public var autoPeriod = 10
  public var guardRails = GuardRails(maximum: 4e-3)
  public var candidates = CandidateFit.defaultCandidates
  public var schedule = RateSchedule.decayAndHold
  public var warmupSteps = 4
  public var optimizer = OptimizerName.adamw
  public var weightDecay = 0.0

  // How long
  public var steps: Int?
  /// Seconds after which a session stops, with its adapter written; nil for no limit.
  public var timeBudget: Double?
  /// Passes over the forget set (or, to memorise, over all rows) when `steps` is not given.
  /// Nil: the method's own, else eight, or as many as make ``fewestSteps`` of a small set.
  public var epochs: Int?
  /// Stop when the mean loss over the last batches of the forget set is at least this.
  public var untilForgetLoss: Double?
  /// Mean ROUGE-L recall of continuations of ``regurgitationRows`` forget rows at which the run stops, looked at every
  /// ``regurgitationPeriod`` steps.
  public var untilRegurgitation: Double?
  public var regurgitationRows = 16
  public var regurgitationPeriod = 10
  /// Stop when the mean training loss of an epoch is at most this (to memorise).
  public var untilTrainingLoss: Double?
  /// Relative rise of the held-out retain loss at which a step is rolled back; nil for no budget.
  public var retainBudget: Double?
  /// Nats a token that the loss may rise beyond that.
  public var retainBudgetSlack = 0.1
  public var retainBudgetRows = 16
  /// Keeps these rows out of training, so that they stand for everything that is like the retain set.
  public var holdsBudgetOut = true
  /// The run stops after this many rolled-back steps.
  public var retainBudgetStrikes = 8

  // What is trained
  public var tuning = TuningName.lora
  /// hidden size / 32 when nil.
  public var rank: Int?
  /// 2 · rank when nil.
  public var alpha: Double?
  public var targetModules = LoRAConfiguration.allProjections
  /// The model decides when nil: four, or all that it has.
  public var lastLayers: Int?

  // Rows
  public var batchSize = 8
  public var maximumLength = 512
  public var labelScope = LabelScope.output
  public var separator = ""
  public var promptTemplate: String?
  /// Retain rows, or rows to memorise, end with EOS. Forget rows never do: how they end is nothing to forget, and a model
  /// that unlearns EOS runs on after every answer.
  public var appendsEndOfText = true
  /// Tokens packed into one forward and backward pass; bounds memory.
  public var tokensPerPass = 2048
  /// Runs each layer once more in the backward pass instead of keeping what it computed.
  public var checkpointsActivations = false
  /// What computes the layers.
  public var kernels = KernelsName.fused

  // The run itself
  public var seed = 0
  /// bfloat16 where the machine multiplies it in hardware, else float32, when nil.
  public var dtype: ComputeType?
  public var threads: Int?
  public var device = "cpu"
  /// The run folder to make, where the command line names none.
  public var output: String?
  /// The folder of a run to go on with.
  public var resume: String?
  /// Steps between checkpoints; 0 for none.
  public var checkpointEvery = 10
  public var evaluates = true
  /// About so many rows of each set, documents of each side and MMLU questions are looked at before and after; at least
  /// one of each task and kind, and of each subject.
  public var evaluationRows = 64
  public var maximumNewTokens = 256
  public var revealsForgetText = false

  public init() {}

  /// What `memorize` starts from: plain training until the rows are known by heart, each output ended by EOS so that
  /// greedy answers stop where they should.
  public static var memorize: RunConfiguration {
    var configuration = RunConfiguration()
    configuration.method = .memorize
    configuration.clipNorm = 1
    configuration.learningRate = 2e-3
    configuration.schedule = .cosine
    configuration.warmupSteps = 10
    configuration.epochs = 30
    configuration.untilTrainingLoss = 0.02
    configuration.evaluates = false
    configuration.checkpointEvery = 50
    return configuration
  }

  /// Steps that a run takes at least unless it is told how long to be: in fewer, documents stay more likely than unseen
  /// text however often they are gone through (docs/default.md).
  static let fewestSteps = 120

  package func totalSteps(perEpoch stepsPerEpoch: Int) -> Int {
    if let steps { return steps }
    let enough = stepsPerEpoch > 0 ? (Self.fewestSteps + stepsPerEpoch - 1) / stepsPerEpoch : 0
    return (epochs ?? method.recipe.epochs ?? max(8, enough)) * stepsPerEpoch
  }

  /// Refuses values that each are good and contradict one another.
  public func requireConsistent(_ kind: Failure.Kind, at location: Location) throws {
    guard guardRails.minimum <= guardRails.maximum else {
      throw Failure(
        kind, at: location.appending(field: "auto-lr-minimum"),
        "expected at most auto-lr-maximum, \(guardRails.maximum); found \(guardRails.minimum)",
        hint: "choose a lower minimum, or a higher maximum")
    }
    guard scope == .batch || activeForgetChunk == nil else {
      throw Failure(
        kind, at: location.appending(field: "scope"),
        "expected batch, where the forget set is gone through in chunks of \(activeForgetChunk ?? 0) rows",
        hint: "leave scope out, or forget-chunk and methods with chunks (sugd)")
    }
  }

  public var learningRateMode: AutoLearningRateMode { autoLearningRate ?? (learningRate == nil ? .gen : .fixed) }
  public var baseLearningRate: Double { learningRate ?? initialLearningRate }

  /// The dtype to compute in, with the threads set that compute it: of each process, where there are several on a machine,
  /// its share of the cores unless this or the environment says how many.
  public func preparedComputeType(in membership: GroupMembership = GroupMembership()) throws -> DType {
    if let threads {
      try Runtime.setThreads(threads)
    } else if membership.localSize > 1, !membership.hasOwnThreads {
      try Runtime.setThreads(max(1, ProcessInfo.processInfo.activeProcessorCount / membership.localSize))
    }
    return computeType
  }

  public var computeType: DType {
    (dtype ?? (Runtime.hasBFloat16Hardware ? .bfloat16 : .float32)) == .bfloat16 ? .bfloat16 : .float32
  }
}

/// Over what one step's gradient is taken.
public enum GradientScope: String, Sendable, CaseIterable {
  /// One batch of each set a step (Bu et al. 2024).
  case batch
  /// All batches of each set a step, each batch's gradient clipped to norm 1 before it is added (paper eqs 6, 7).
  case dataset
}

/// Which parameters are trained.
public enum TuningName: String, Sendable, CaseIterable {
  case lora
  case full
  /// All weights of the last `last-layers` layers.
  case lastLayers = "last-k"
}

/// What computes the layers: this package's own kernels, or the same composed of LibTorch's operators, slower, which is
/// what the kernels are measured against.
public enum KernelsName: String, Sendable, CaseIterable {
  case fused, composed
}

/// The dtypes to compute in.
public enum ComputeType: String, Sendable, CaseIterable {
  case float32, bfloat16
}
