import Basics
import Torch

/// Turns a gradient-like direction d into the update direction u of one step: θ ← θ − η·u. The learning rate stays
/// outside, so that policies can probe along the update that will really be made.
public protocol BaseOptimizer: AnyObject {
  /// Replaces `direction` by the update direction; advances the optimiser's state by one step.
  func transform(_ direction: ParameterVector, parameters: ParameterVector) throws
  /// The state as named vectors and a step count, for saving and rolling back.
  var moments: [(name: String, vector: ParameterVector)] { get }
  var step: Int { get set }
}

/// The optimisers by their names on the command line.
public enum OptimizerName: String, Sendable, CaseIterable {
  case sgd, adamw

  func optimizer(for parameters: ParameterVector, weightDecay: Double) throws -> any BaseOptimizer {
    switch self {
    case .sgd: PlainSGD(weightDecay: weightDecay)
    case .adamw: try AdamW(for: parameters, weightDecay: weightDecay)
    }
  }
}

/// Stochastic gradient descent: u = d + λθ.
public final class PlainSGD: BaseOptimizer {
  private let weightDecay: Double
  public var step = 0
  public var moments: [(name: String, vector: ParameterVector)] { [] }

  public init(weightDecay: Double = 0) { self.weightDecay = weightDecay }

  public func transform(_ direction: ParameterVector, parameters: ParameterVector) throws {
    step += 1
    if weightDecay != 0 { try direction.add(parameters, scale: weightDecay) }
  }
}

/// AdamW (Loshchilov and Hutter 2019): u = m̂/(√v̂ + ε) + λθ, as `torch.optim.AdamW`.
public final class AdamW: BaseOptimizer {
  private let first: ParameterVector
  private let second: ParameterVector
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private let weightDecay: Double
  public var step = 0
  public var moments: [(name: String, vector: ParameterVector)] { [("first", first), ("second", second)] }

  public init(
    for parameters: ParameterVector, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) throws {
    first = try .zeros(like: parameters.tensors)
    second = try .zeros(like: parameters.tensors)
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public func transform(_ direction: ParameterVector, parameters: ParameterVector) throws {
    step += 1
    for (index, gradient) in direction.tensors.enumerated() {
      try adamWDirection(
        gradient: gradient, firstMoment: first.tensors[index], secondMoment: second.tensors[index], step: step,
        beta1: beta1, beta2: beta2, epsilon: epsilon)
    }
    if weightDecay != 0 { try direction.add(parameters, scale: weightDecay) }
  }
}
