import LanguageModels
import Torch

/// A loss over rows, to be minimised. It owns no training loop: gradients, their combination and step sizes are the
/// ``Trainer``'s, so that every objective goes with every combiner, learning-rate policy and tuning.
public protocol Objective: Sendable {
  /// What beside the rows' own losses the objective looks at.
  var needs: ObjectiveNeeds { get }
  /// Whether its units are rows; else they are label tokens.
  var averagesRows: Bool { get }
  /// Whether its gradient vanishes at the start model, whatever the rows: what is computed there is rounding alone.
  var isSilentAtStart: Bool { get }
  /// The loss over one packed pass. Passes of one batch are added up and divided by their units together.
  func loss(_ pass: ObjectivePass) throws -> ObjectiveSum
}

extension Objective {
  public var needs: ObjectiveNeeds { ObjectiveNeeds() }
  public var averagesRows: Bool { false }
  public var isSilentAtStart: Bool { false }

  /// Whether it is a sum over the labels of the forget rows, which a ``RetainPrior`` can weigh one by one.
  var weighsLabels: Bool { !averagesRows && !needs.answers }
}

/// What an objective needs computed for it.
public struct ObjectiveNeeds: Sendable, Equatable {
  /// ℓ_ref of each row: the sum of its label losses under the start model.
  public var referenceLosses: Bool
  /// The start model's final hidden state at each label, from which its whole distribution follows.
  public var referenceStates: Bool
  /// The start model's activations after ``activationLayer``.
  public var referenceActivations: Bool
  /// A layer whose output at the label tokens is looked at.
  public var activationLayer: Int?
  /// Each row once more, with an answer in place of its output.
  public var answers: Bool

  public init(
    referenceLosses: Bool = false, referenceStates: Bool = false, referenceActivations: Bool = false,
    activationLayer: Int? = nil, answers: Bool = false
  ) {
    self.referenceLosses = referenceLosses
    self.referenceStates = referenceStates
    self.referenceActivations = referenceActivations
    self.activationLayer = activationLayer
    self.answers = answers
  }

  var reference: Bool { referenceLosses || referenceStates || referenceActivations }
}

/// A sum of losses and how many it is of.
public struct ObjectiveSum {
  /// A scalar with a gradient.
  public let value: Tensor
  /// Label tokens or rows, as the objective averages over the ones or the others.
  public let units: Double
}
