/// A family of models: its `model_type`, and how its `config.json` becomes an ``Architecture``.
struct ModelFamily: Sendable {
  let modelType: String
  let architecture: @Sendable (ConfigurationReader) throws -> Architecture

  static let all: [ModelFamily] = [.llama, .olmo]
}
