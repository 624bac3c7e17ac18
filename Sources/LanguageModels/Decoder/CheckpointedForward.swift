import Torch

/// Activation checkpointing (Chen et al. 2016): the forward pass keeps the input of each layer and nothing else, and the
/// backward pass runs each layer once more. Memory grows by one [tokens, hidden] a layer instead of by all that a layer
/// computes; the price is a second forward pass.
public struct CheckpointedForward {
  /// Final hidden states and activations as ``Decoder/labelStates(_:activationLayer:)`` gives them.
  public let states: LabelStates
  private let decoder: Decoder
  private let context: LayerContext
  private let inputs: [Tensor]
  /// Output of the last layer, from which ``states`` were computed with a graph.
  private let last: Tensor
  private let activationLayer: Int?
  private let activation: Tensor?

  public init(_ decoder: Decoder, _ batch: SampleBatch, activationLayer: Int? = nil) throws {
    let context = try decoder.context(
      batch.rows, of: decoder.wantedTokens(batch, activationLayer: activationLayer))
    // What comes before the layers has a graph only where the embedding is trained.
    var inputs = [try decoder.embedded(batch.rows)]
    var activation: Tensor?
    try withoutGradient {
      for (number, layer) in decoder.layers.enumerated() {
        let output = try layer(inputs[number], context)
        if number == activationLayer { activation = try output.detached().requiringGradient() }
        inputs.append(output)
      }
    }
    let last = try inputs.removeLast().detached().requiringGradient()
    states = LabelStates(
      states: try decoder.labelStates(among: decoder.finished(last), batch, wanted: context.wanted),
      activations: try activation?.selected(Tensor(batch.predictors.map { $0 + 1 })).converted(to: .float32))
    (self.decoder, self.context, self.inputs, self.last) = (decoder, context, inputs, last)
    (self.activationLayer, self.activation) = (activationLayer, activation)
  }

  /// d loss / d parameters for a scalar made from ``states``.
  /// - Parameters:
  ///   - names: of the parameters, with `.layers.N.` in those of layer N.
  public func gradients(of loss: Tensor, withRespectTo parameters: [Tensor], names: [String]) throws -> [Tensor] {
    let outside = names.indices.filter { layer(of: names[$0]) == nil }
    let leaves = [last] + (activation.map { [$0] } ?? [])
    var first = try Torch.gradients(of: loss, withRespectTo: leaves + outside.map { parameters[$0] })
    var results = [Tensor?](repeating: nil, count: parameters.count)
    for (index, gradient) in zip(outside, first.dropFirst(leaves.count)) { results[index] = gradient }
    var upstream = first[0]
    let activationGradient = activation == nil ? nil : first[1]
    first = []
    for (number, layer) in decoder.layers.enumerated().reversed() {
      if number == activationLayer, let activationGradient { upstream = try upstream.adding(activationGradient) }
      let own = names.indices.filter { self.layer(of: names[$0]) == number }
      let input = try inputs[number].detached().requiringGradient()
      let output = try layer(input, context)
      let found = try Torch.gradients(
        of: output.multiplied(by: upstream).sum(), withRespectTo: [input] + own.map { parameters[$0] })
      for (index, gradient) in zip(own, found.dropFirst()) { results[index] = gradient }
      upstream = found[0]
    }
    // A trained embedding is before the first layer as well as in a tied head.
    if let start = inputs.first, start.requiresGradient {
      let found = try Torch.gradients(
        of: start.multiplied(by: upstream).sum(), withRespectTo: outside.map { parameters[$0] })
      for (index, gradient) in zip(outside, found) {
        results[index] = try results[index].map { try $0.adding(gradient) } ?? gradient
      }
    }
    return try results.enumerated().map { index, gradient in
      if let gradient { return gradient }
      throw TorchError(operation: "checkpointed gradient", operands: [], reason: "no layer has '\(names[index])'")
    }
  }

  /// The layer that a parameter's name is of; nil for embedding, last norm and head.
  private func layer(of name: String) -> Int? {
    guard let range = name.firstRange(of: ".layers.") else { return nil }
    return Int(name[range.upperBound...].prefix { $0 != "." })
  }
}
