package io.espalier.configs;

/**
 * How a run trains.
 *
 * @param trainers replicas, each with a shard of the data
 * @param keep what stays beside the final network
 */
public record TrainConfig(
    int trainers,
    ClockConfig clock,
    RecoveryConfig recovery,
    StepConfig step,
    LossConfig loss,
    KeepConfig keep,
    ComputeConfig compute) {
  public TrainConfig {
    new Rules()
        .require("trainers", trainers, trainers >= 1 && trainers <= 64, "from 1 to 64")
        .verify();
  }

  /** Computes by the engine, and keeps the final network only. */
  public TrainConfig(
      int trainers, ClockConfig clock, RecoveryConfig recovery, StepConfig step, LossConfig loss) {
    this(trainers, clock, recovery, step, loss, KeepConfig.FINAL, ComputeConfig.STANDARD);
  }

  public TrainConfig with(ClockConfig other) {
    return new TrainConfig(trainers, other, recovery, step, loss, keep, compute);
  }

  public TrainConfig with(StepConfig other) {
    return new TrainConfig(trainers, clock, recovery, other, loss, keep, compute);
  }

  public TrainConfig with(LossConfig other) {
    return new TrainConfig(trainers, clock, recovery, step, other, keep, compute);
  }
}
