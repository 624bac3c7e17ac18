import CTorch

/// One AdamW step on a float32 parameter, in place (Loshchilov and Hutter 2019; as `torch.optim.AdamW`).
/// - Parameters:
///   - step: counted from 1, for the bias correction.
public func adamWStep(
  parameter: Tensor, gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor, step: Int, learningRate: Double,
  beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
) throws {
  try Tensor.check(
    ctorch_adamw_step(
      parameter.handle, gradient.handle, firstMoment.handle, secondMoment.handle, Int64(step), learningRate, beta1,
      beta2, epsilon, weightDecay), "adamw_step", parameter, gradient)
}
