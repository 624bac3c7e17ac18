import Basics
import Checkpoints
import Foundation
import Torch

/// PEFT's adapter format: `adapter_config.json` and `adapter_model.safetensors`.
extension LoRAAdapter {
  public static let configurationName = "adapter_config.json"
  public static let weightsName = "adapter_model.safetensors"

  /// Writes the adapter as a folder, as a whole or not at all.
  public func write(to folder: String, baseModel: String, replacing: Bool = false) throws {
    try Folder.writeAtomically(folder, replacing: replacing) { aside in
      try AtomicFile.write(
        configuration.json(baseModel: baseModel).text(indented: true) + "\n", to: "\(aside)/\(Self.configurationName)")
      try SafetensorsWriter.write(
        tensors.map { TensorSource(name: $0.name, tensor: $0.tensor) }, to: "\(aside)/\(Self.weightsName)")
    }
  }

  /// Reads an adapter folder for this decoder.
  /// - Throws: ``Failure`` naming the file and field or tensor: an option that is not supported, a projection that the
  ///   model does not have, a missing partner, a wrong shape.
  public static func read(_ folder: String, for decoder: Decoder) throws -> LoRAAdapter {
    try Folder.require(folder)
    let configuration = try LoRAConfiguration.read("\(folder)/\(configurationName)")
    let file = try SafetensorsFile(path: "\(folder)/\(weightsName)")
    var used: Set<String> = []
    func factor(_ name: String, _ shape: [Int]) throws -> Tensor? {
      guard let entry = file.entry(named: name) else { return nil }
      guard entry.shape == shape, [ElementType.float32, .bfloat16, .float16].contains(entry.elementType) else {
        throw Failure(
          .badData, at: Location(file: file.path, field: name),
          "expected F32, BF16 or F16 of shape \(shape.shapeText),"
            + " found \(entry.elementType) of shape \(entry.shape.shapeText)",
          hint: "the adapter is for another model, or adapter_config.json has another rank")
      }
      used.insert(name)
      let values = try Tensor.borrowing(
        file.bytes(of: entry), shape: entry.shape, dtype: entry.elementType.dtype, owner: file
      ).converted(to: .float32).cloned()
      guard try values.dot(values).isFinite else {
        throw Failure(
          .badData, at: Location(file: file.path, field: name), "the factor holds NaN or infinite values",
          hint: "its training diverged; train it again with a lower learning rate")
      }
      return values
    }
    var factors: [LoRAFactors] = []
    for projection in decoder.projections {
      let names = ["A", "B"].map { "base_model.model.\(projection.path).lora_\($0).weight" }
      let (out, input) = (try projection.weight.size(0), try projection.weight.size(1))
      let a = try factor(names[0], [configuration.rank, input])
      let b = try factor(names[1], [out, configuration.rank])
      if let a, let b {
        factors.append(LoRAFactors(path: projection.path, a: a, b: b, scale: configuration.scale))
      } else if a != nil || b != nil {
        throw Failure(
          .badData, at: Location(file: file.path, field: names[a == nil ? 0 : 1]), "one of the two factors is missing")
      }
    }
    if let stray = file.entries.first(where: { !used.contains($0.name) }) {
      throw Failure(
        .badData, at: Location(file: file.path, field: String(stray.name.prefix(200))),
        "the tensor belongs to no projection of the model",
        hint: "only LoRA on the linear projections is supported")
    }
    guard !factors.isEmpty else {
      throw Failure(.badData, at: Location(file: file.path), "the adapter holds no LoRA factors")
    }
    return LoRAAdapter(configuration: configuration, factors: factors)
  }
}

extension LoRAConfiguration {
  /// Reads `adapter_config.json`; options that would change the model's output and are not supported are refused.
  static func read(_ path: String) throws -> LoRAConfiguration {
    let location = Location(file: path)
    let value = try JSONParser.parse(file: path)
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: value.kindName)
    }
    let type = try object.string("peft_type", at: location)
    guard type == "LORA" else {
      throw Failure.mismatch(
        at: location.appending(field: "peft_type"), expected: "LORA", found: type.shown)
    }
    for field in ["use_dora", "fan_in_fan_out", "use_qalora", "lora_bias"] where object[field]?.boolValue == true {
      throw Failure(.badData, at: location.appending(field: field), "this option is not supported")
    }
    for (field, what) in [("rank_pattern", "ranks"), ("alpha_pattern", "alphas")]
    where object[field]?.objectValue?.count ?? 0 > 0 {
      throw Failure(
        .badData, at: location.appending(field: field), "\(what) that differ by layer are not supported",
        hint: "merge the adapter with PEFT, and give the merged model as --model")
    }
    try refuseChangedBase(object, location)
    if let bias = object["bias"]?.stringValue, bias != "none" {
      throw Failure(.badData, at: location.appending(field: "bias"), "trained biases are not supported")
    }
    for field in ["trainable_token_indices", "target_parameters"] where object.has(field) {
      if let list = object[field]?.arrayValue, list.isEmpty { continue }
      throw Failure(.badData, at: location.appending(field: field), "this option is not supported")
    }
    if let saved = object["modules_to_save"]?.arrayValue, !saved.isEmpty {
      throw Failure(.badData, at: location.appending(field: "modules_to_save"), "whole saved modules are not supported")
    }
    let rank = try object.int("r", at: location)
    guard rank > 0, rank <= 1 << 14 else {
      throw Failure.mismatch(
        at: location.appending(field: "r"), expected: "a rank from 1 to \(1 << 14)", found: String(rank))
    }
    let alpha = try object.double("lora_alpha", at: location)
    guard abs(alpha) <= 1e9 else {
      throw Failure.mismatch(
        at: location.appending(field: "lora_alpha"), expected: "a number from -1e9 to 1e9", found: String(alpha))
    }
    // A list of names, or one string such as "all-linear": the tensors tell in any case which modules have factors.
    let targets = object["target_modules"]?.arrayValue?.compactMap(\.stringValue) ?? allProjections
    return LoRAConfiguration(
      rank: rank, alpha: alpha, targetModules: targets,
      usesRankStabilizedScale: object["use_rslora"]?.boolValue ?? false)
  }

  /// Refuses what makes an adapter one of another base model than the one on disk, or active for some tokens alone.
  private static func refuseChangedBase(_ object: JSONObject, _ location: Location) throws {
    let initialization = object["init_lora_weights"]?.stringValue ?? ""
    let changing = ["pissa", "olora", "corda", "lora_ga", "loftq"]
    if changing.contains(where: { initialization.lowercased().hasPrefix($0) }) {
      throw Failure(
        .badData, at: location.appending(field: "init_lora_weights"),
        "'\(initialization.shown)' changes the base model's weights, and is not supported",
        hint: "save the adapter with PEFT's path_initial_model_for_weight_conversion, as plain LoRA")
    }
    let others = [
      "alora_invocation_tokens", "layer_replication", "use_bdlora", "kasa_config", "monteclora_config", "arrow_config",
    ]
    for field in others where object.has(field) && object[field]?.boolValue != false {
      throw Failure(
        .badData, at: location.appending(field: field), "this option is not supported",
        hint: "merge the adapter with PEFT, and give the merged model as --model")
    }
  }

  /// `adapter_config.json` as PEFT reads it.
  func json(baseModel: String) -> JSONValue {
    let wholeAlpha = Int(exactly: alpha).map(JSONValue.integer) ?? .number(alpha)
    return [
      "peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": .string(baseModel), "r": .integer(rank),
      "lora_alpha": wholeAlpha, "lora_dropout": 0.0, "bias": "none", "fan_in_fan_out": false, "inference_mode": true,
      "init_lora_weights": true, "target_modules": .array(targetModules.map(JSONValue.string)),
      "use_rslora": .bool(usesRankStabilizedScale), "use_dora": false, "modules_to_save": nil, "revision": nil,
    ]
  }
}
