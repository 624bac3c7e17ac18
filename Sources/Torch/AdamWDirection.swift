import LazyTorch

/// Replaces a gradient by AdamW's update direction m̂/(√v̂ + ε) and updates both moments, all float32 and in place
/// (Loshchilov and Hutter 2019; as `torch.optim.AdamW`).
/// - Parameters:
///   - step: counted from 1, for the bias correction.
public func adamWDirection(
  gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor, step: Int, beta1: Double = 0.9, beta2: Double = 0.999,
  epsilon: Double = 1e-8
) throws {
  try Tensor.check(
    ctorch_adamw_direction(
      gradient.handle, firstMoment.handle, secondMoment.handle, Int64(step), beta1, beta2, epsilon),
    "adamw_direction", gradient, firstMoment)
}
