import Torch

/// A decoder-only transformer over packed rows, for every supported family.
///
/// Parameter paths equal the checkpoint's keys.
public final class Decoder {
  public let architecture: Architecture
  public let parameters: Parameters
  private let embedding: Tensor
  let layers: [DecoderLayer]
  private let norm: Norm
  /// The output head [vocabulary, hidden]; the embedding itself when tied.
  public let head: Tensor
  private let rotary: RotaryTable
  public private(set) var adapter: LoRAAdapter?

  public init(_ architecture: Architecture, _ parameters: Parameters) throws {
    self.architecture = architecture
    self.parameters = parameters
    embedding = try parameters["model.embed_tokens.weight"]
    layers = try (0..<architecture.layerCount).map { try DecoderLayer($0, architecture, parameters) }
    norm = try Norm("model.norm", architecture, parameters)
    head = architecture.tiesHead ? embedding : try parameters["lm_head.weight"]
    rotary = RotaryTable(architecture)
  }

  /// The dtype of the weights, in which hidden states are computed.
  public var dtype: DType { embedding.dtype }

  /// Every linear layer of the blocks, layer by layer.
  public var projections: [Projection] { layers.flatMap(\.projections) }

  /// Final hidden states [tokens, hidden], after the last norm.
  /// - Parameters:
  ///   - wanted: tokens whose states are wanted, by their place in the batch; nil for all. The last layer computes its
  ///     output projection and its MLP for these only.
  ///   - cache, slots: where each row's earlier keys and values are, while generating; outside autograd.
  ///   - afterLayer: gets each layer's number and output; of the last layer, the output at the wanted tokens.
  ///   - keepsRows: adds the rows' own keys and values to the cache. False leaves it as it is, so that many rows may
  ///     go on from one slot.
  public func hiddenStates(
    _ rows: PackedRows, of wanted: [Int]? = nil, cache: KeyValueCache? = nil, slots: [Int] = [], keepsRows: Bool = true,
    afterLayer: (Int, Tensor) throws -> Void = { _, _ in }
  ) throws -> Tensor {
    let context = try context(rows, of: wanted, cache: cache, slots: slots, keepsRows: keepsRows)
    var hidden = try embedded(rows)
    for layer in layers {
      hidden = try layer(hidden, context)
      try afterLayer(layer.index, hidden)
    }
    return try finished(hidden)
  }

  // What hidden states are made of: embedding, layers in their context, last norm.

  func context(
    _ rows: PackedRows, of wanted: [Int]? = nil, cache: KeyValueCache? = nil, slots: [Int] = [], keepsRows: Bool = true
  ) throws -> LayerContext {
    let (cosine, sine) = try rotary.rows(rows.positions)
    return LayerContext(
      rows: rows, wanted: wanted, cosine: cosine, sine: sine, cache: cache, slots: slots, keepsRows: keepsRows)
  }

  func embedded(_ rows: PackedRows) throws -> Tensor { try embedding.embedding(Tensor(rows.inputIDs)) }

  func finished(_ hidden: Tensor) throws -> Tensor { try norm(hidden) }

  /// Logits [tokens, vocabulary] of every token.
  public func logits(_ rows: PackedRows) throws -> Tensor { try hiddenStates(rows).linear(head) }

  /// Attaches an adapter's factors to the projections that they name; replaces an earlier adapter.
  public func attach(_ adapter: LoRAAdapter?) {
    self.adapter = adapter
    for projection in projections { projection.factors = adapter?[projection.path] }
  }
}
