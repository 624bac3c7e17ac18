/// Saving, rolling back and resuming.
extension Trainer {
  /// The tensors of the run at this moment: parameters and the optimiser's moments.
  func snapshot() throws -> TrainingSnapshot {
    TrainingSnapshot(
      parameters: try parameters.masters.copied(), moments: try optimizer.moments.map { try $0.vector.copied() },
      optimizerStep: optimizer.step)
  }

  func restore(_ snapshot: TrainingSnapshot) throws {
    try parameters.masters.assign(snapshot.parameters)
    try parameters.publish()
    for (moment, saved) in zip(optimizer.moments, snapshot.moments) { try moment.vector.assign(saved) }
    optimizer.step = snapshot.optimizerStep
  }

  /// Records how much of the event log belongs to the state about to be saved, and how long it took to get there.
  func note(eventOffset: Int, seconds: Double) {
    state.eventOffset = eventOffset
    state.seconds = seconds
  }

  var momentNames: [String] { optimizer.moments.map(\.name) }

  /// Goes back to a saved run: the same steps follow as would have without the interruption.
  func restore(_ snapshot: TrainingSnapshot, state: TrainingState) throws {
    try restore(snapshot)
    self.state = state
    lastGood = nil
  }
}
