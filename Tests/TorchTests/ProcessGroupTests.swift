import Basics
import Foundation
import Synchronization
import Torch
import XCTest

final class ProcessGroupTests: XCTestCase {
  func testEnvironmentOfTorchrun() throws {
    let full = ["WORLD_SIZE": "4", "RANK": "3", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "host", "MASTER_PORT": "29500"]
    let member = try GroupMembership(environment: full)
    XCTAssertEqual([member.size, member.rank, member.localSize], [4, 3, 2])
    XCTAssertEqual(member.meeting, .port(host: "host", port: 29500, prefix: nil))
    XCTAssertFalse(member.leads)

    let elastic = ["TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_RESTART_COUNT": "2"]
    XCTAssertEqual(
      try GroupMembership(environment: full.merging(elastic) { $1 }).meeting,
      .port(host: "host", port: 29500, prefix: "/worker/attempt_2"))
    for (threads, run, isWish) in [
      (nil, nil, false), ("4", nil, true), ("1", nil, true), ("1", "x", false), ("2", "x", true),
    ] {
      var environment = full
      (environment["OMP_NUM_THREADS"], environment["TORCHELASTIC_RUN_ID"]) = (threads, run)
      XCTAssertEqual(try GroupMembership(environment: environment).hasOwnThreads, isWish, "\(environment)")
    }
    for alone in [[:], ["WORLD_SIZE": "1"], ["WORLD_SIZE": ""], ["RANK": "1"]] {
      XCTAssertEqual(try GroupMembership(environment: alone), GroupMembership())
    }
  }

  func testEnvironmentThatIsWrongIsNamed() {
    let full = ["WORLD_SIZE": "2", "RANK": "1", "MASTER_ADDR": "host", "MASTER_PORT": "29500"]
    for (name, value) in [
      ("WORLD_SIZE", "0"), ("WORLD_SIZE", "9999999999999999999999"), ("RANK", "2"), ("RANK", "-1"), ("RANK", nil),
      ("LOCAL_WORLD_SIZE", "3"), ("MASTER_ADDR", ""), ("MASTER_ADDR", nil), ("MASTER_PORT", "70000"),
      ("MASTER_PORT", "x"),
    ] {
      var environment = full
      environment[name] = value
      XCTAssertThrowsError(try GroupMembership(environment: environment), name) { error in
        XCTAssertEqual((error as? Failure)?.kind, .usage)
        XCTAssertEqual((error as? Failure)?.location.field, name)
      }
    }
  }

  /// Runs `body` as each of `size` members, each in a thread of its own.
  private func together(
    _ size: Int, patience: Double = 60, _ body: @escaping @Sendable (ProcessGroup) throws -> [Double]
  ) throws -> [Result<[Double], any Error>] {
    let file = NSTemporaryDirectory() + "group-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let results = Mutex<[Int: Result<[Double], any Error>]>([:])
    let finished = DispatchSemaphore(value: 0)
    for rank in 0..<size {
      var membership = GroupMembership()
      (membership.rank, membership.size, membership.meeting) = (rank, size, .file(file))
      let member = membership
      Thread.detachNewThread {
        let result = Result { try body(ProcessGroup(joining: member, patience: patience)) }
        results.withLock { $0[rank] = result }
        finished.signal()
      }
    }
    for _ in 0..<size { finished.wait() }
    return try (0..<size).map { rank in try XCTUnwrap(results.withLock { $0[rank] }) }
  }

  func testSumsAreTheSameBitsEverywhere() throws {
    // More than goes in one piece, in tensors of several shapes.
    let shapes = [[3_000_000], [2, 3], [5_000_000], [1], [7, 11, 13]]
    let sums = try together(3) { group in
      var random = RandomStream(seed: UInt64(group.rank))
      let tensors = try shapes.map { shape in
        let base = Float(random.nextUnit())
        return try Tensor((0..<shape.reduce(1, *)).map { base + Float($0 % 17) }, shape: shape)
      }
      try group.sum(tensors)
      return try tensors.flatMap { tensor in
        let values = try tensor.floats()
        return [values[0], values[values.count / 2], values[values.count - 1]].map(Double.init)
      }
    }.map { try $0.get() }
    XCTAssertEqual(sums[0], sums[1])
    XCTAssertEqual(sums[0], sums[2])
    let firsts = (0..<3).map { rank in
      var random = RandomStream(seed: UInt64(rank))
      return Double(Float(random.nextUnit()))
    }
    XCTAssertEqual(sums[0][0], firsts.reduce(0, +), accuracy: 1e-6)
    XCTAssertEqual(sums[0][2] - sums[0][0], Double(3 * ((3_000_000 - 1) % 17)), accuracy: 1e-4)
  }

  func testNumbersOfOneMemberAloneComeThroughExactly() throws {
    let values = [0.1, 1e300, -Double.leastNonzeroMagnitude, .pi]
    let sums = try together(2) { group in
      try group.sum(group.rank == 1 ? values : values.map { _ in 0 })
    }
    for sum in sums { XCTAssertEqual(try sum.get(), values) }
    XCTAssertEqual(try ProcessGroup.alone.sum(values), values)
  }

  func testAMemberThatIsGoneEndsTheWaitOfTheOthers() throws {
    let results = try together(2) { group in group.rank == 1 ? [] : try group.sum([1]) }
    XCTAssertThrowsError(try results[0].get()) { error in
      XCTAssertEqual((error as? Failure)?.kind, .fault)
      XCTAssertTrue(String(describing: error).contains("has ended"), "\(error)")
      XCTAssertFalse(String(describing: error).contains("pair.cc"), "\(error)")
    }
  }

  func testAMemberThatDoesNotComeIsNotWaitedForForever() throws {
    var membership = GroupMembership()
    let file = NSTemporaryDirectory() + "group-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    (membership.size, membership.meeting) = (2, .file(file))
    XCTAssertThrowsError(try ProcessGroup(joining: membership, patience: 1)) { error in
      XCTAssertEqual((error as? Failure)?.kind, .fault)
      XCTAssertTrue(String(describing: error).contains("could not join"), "\(error)")
    }
  }
}
