import LazyTorch

/// The layers of a decoder. Each runs a fused CPU kernel where there is one and LibTorch's own operations elsewhere.
extension Tensor {
  /// self · weightᵀ + bias, weight [out, in].
  public func linear(_ weight: Tensor, bias: Tensor? = nil) throws -> Tensor {
    try Tensor.take(ctorch_linear(handle, weight.handle, bias?.handle), "linear", self, weight)
  }

  /// A frozen linear layer with low-rank factors.
  public struct LoRALayer {
    /// [out, in].
    public let weight: Tensor
    public let bias: Tensor?
    /// [rank, in], float32.
    public let a: Tensor
    /// [out, rank], float32.
    public let b: Tensor
    public let scale: Double

    public init(weight: Tensor, bias: Tensor?, a: Tensor, b: Tensor, scale: Double) {
      self.weight = weight
      self.bias = bias
      self.a = a
      self.b = b
      self.scale = scale
    }
  }

  /// self·Wᵀ + bias + scale·(self·Aᵀ)·Bᵀ for one to three layers that read this same input [tokens, in].
  public func loraLinear(_ layers: [LoRALayer]) throws -> [Tensor] {
    var outputs = [OpaquePointer?](repeating: nil, count: layers.count)
    let succeeded = withExtendedLifetime(layers) {
      ctorch_lora_linear(
        handle, Int64(layers.count), layers.map { $0.weight.handle as OpaquePointer? },
        layers.map { $0.bias?.handle as OpaquePointer? }, layers.map { $0.a.handle as OpaquePointer? },
        layers.map { $0.b.handle as OpaquePointer? }, layers.map(\.scale), &outputs)
    }
    guard succeeded else { throw TorchError.last("lora_linear", [self] + layers.map(\.weight)) }
    return outputs.compactMap { $0.map(Tensor.init(owning:)) }
  }

  /// Rows of this [vocabulary, width] matrix at `indices`.
  public func embedding(_ indices: Tensor) throws -> Tensor {
    try Tensor.take(ctorch_embedding(handle, indices.handle), "embedding", self, indices)
  }

  /// LayerNorm over the last dimension, with or without weight and bias.
  public func layerNorm(weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double) throws -> Tensor {
    try Tensor.take(ctorch_layer_norm(handle, weight?.handle, bias?.handle, epsilon), "layer_norm", self)
  }

  /// RMSNorm over the last dimension.
  public func rmsNorm(weight: Tensor, epsilon: Double) throws -> Tensor {
    try Tensor.take(ctorch_rms_norm(handle, weight.handle, epsilon), "rms_norm", self, weight)
  }

  /// silu(self) · up.
  public func swiglu(up: Tensor) throws -> Tensor {
    try Tensor.take(ctorch_swiglu(handle, up.handle), "swiglu", self, up)
  }

  /// Rotary embedding of [tokens, heads, head size] by angles given as cosine and sine [tokens, rotated / 2], float32.
  public func rotary(cosine: Tensor, sine: Tensor) throws -> Tensor {
    try Tensor.take(ctorch_rotary(handle, cosine.handle, sine.handle), "rotary", self, cosine)
  }

  /// Causal attention inside each row of a packed batch; rows never see each other.
  /// - Parameters:
  ///   - key, value: [tokens, key heads, head size]; `self` is the query [tokens, heads, head size].
  ///   - offsets: row r is tokens offsets[r] ..< offsets[r + 1].
  public func packedAttention(key: Tensor, value: Tensor, offsets: [Int], scale: Double) throws -> Tensor {
    guard offsets.count > 1 else {
      throw TorchError(operation: "packed_attention", operands: [description], reason: "expected at least one row")
    }
    return try Tensor.take(
      ctorch_packed_attention(
        handle, key.handle, value.handle, offsets.sizes, Int64(offsets.count - 1), scale),
      "packed_attention", self, key, value)
  }

  /// Attention of new tokens to their row's cache and to themselves; writes the new keys and values into the caches
  /// [slots, key heads, capacity, head size]. Outside autograd.
  /// - Parameters:
  ///   - slots, starts: for each row, its slot and how many positions of it are filled.
  public func cachedAttention(
    key: Tensor, value: Tensor, keyCache: Tensor, valueCache: Tensor, offsets: [Int], slots: [Int], starts: [Int],
    keepsRows: Bool = true, scale: Double
  ) throws -> Tensor {
    guard offsets.count > 1, slots.count == offsets.count - 1, starts.count == slots.count else {
      throw TorchError(
        operation: "cached_attention", operands: [description],
        reason: "expected one slot and start a row, got \(offsets.count - 1), \(slots.count), \(starts.count)")
    }
    return try Tensor.take(
      ctorch_cached_attention(
        handle, key.handle, value.handle, keyCache.handle, valueCache.handle, offsets.sizes, slots.sizes, starts.sizes,
        Int64(slots.count), keepsRows, scale),
      "cached_attention", self, key, keyCache)
  }

  /// Negative log-likelihood of each target under softmax(self · weightᵀ), float32 [n].
  /// - Parameters:
  ///   - weight: the output head [vocabulary, width]; `self` is hidden states [n, width].
  ///   - chunk: how many rows of logits exist at a time.
  public func headCrossEntropy(weight: Tensor, targets: Tensor, chunk: Int = 256) throws -> Tensor {
    try Tensor.take(
      ctorch_head_cross_entropy(handle, weight.handle, targets.handle, Int64(chunk)), "head_cross_entropy", self,
      weight, targets)
  }

  /// A fixed distribution q over the vocabulary at each of n places.
  public struct HeadReference {
    /// Hidden states [n, width] that q's logits are made of; nil: the model's own, detached.
    public let hidden: Tensor?
    /// The head that they go through; nil: the model's own, detached.
    public let weight: Tensor?
    /// Taken off the target's logit before the softmax; infinity leaves the target out.
    public let shift: Double

    public init(hidden: Tensor?, weight: Tensor? = nil, shift: Double = 0) {
      self.hidden = hidden
      self.weight = weight
      self.shift = shift
    }
  }

  /// Cross-entropy −Σ q·log p of p = softmax(self · weightᵀ) with a fixed q, float32 [n].
  /// - Parameters:
  ///   - weight: the output head [vocabulary, width]; `self` is hidden states [n, width].
  ///   - isDivergence: takes q's entropy off: KL(q‖p).
  public func headDivergence(
    weight: Tensor, from reference: HeadReference, targets: Tensor, isDivergence: Bool, chunk: Int = 256
  ) throws -> Tensor {
    try Tensor.take(
      ctorch_head_divergence(
        handle, weight.handle, reference.hidden?.handle, reference.weight?.handle, targets.handle, reference.shift,
        isDivergence, Int64(chunk)),
      "head_divergence", self, weight, targets)
  }
}
