/// Saving, rolling back and resuming.
extension Trainer {
  /// The tensors of the run themselves, without a copy: parameters and the optimiser's moments.
  var tensors: TrainingSnapshot {
    TrainingSnapshot(
      parameters: parameters.masters, moments: optimizer.moments.map(\.vector), optimizerStep: optimizer.step)
  }

  /// Keeps the run at this moment as what a rolled-back step returns to, in the memory of the one before.
  func keepGood() throws {
    guard var kept = lastGood else {
      let now = tensors
      lastGood = TrainingSnapshot(
        parameters: try now.parameters.copied(), moments: try now.moments.map { try $0.copied() },
        optimizerStep: now.optimizerStep)
      return
    }
    try kept.parameters.assign(parameters.masters)
    for (saved, moment) in zip(kept.moments, optimizer.moments) { try saved.assign(moment.vector) }
    kept.optimizerStep = optimizer.step
    lastGood = kept
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
