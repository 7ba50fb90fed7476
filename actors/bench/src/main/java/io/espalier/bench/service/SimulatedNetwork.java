package io.espalier.bench.service;

import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A network that is not trained, and its events; each prunable parameter has a series. */
record SimulatedNetwork(int parameters) {
  private static final long UNITS = 4_096;
  private static final double FINAL_SPARSITY = 0.95;
  private static final SyncTimes TIMES = new SyncTimes(0.001, 0.002, 0.001, 0.001, 0.002);

  long units() {
    return UNITS * parameters;
  }

  long finalKept() {
    return Math.round(units() * (1 - FINAL_SPARSITY));
  }

  ParametersDescribed described() {
    return new ParametersDescribed(
        IntStream.range(0, parameters)
            .mapToObj(each -> new ParameterInfo(name(each), List.of(64L, 64L), UNITS, true, UNITS))
            .toList());
  }

  StepsMeasured steps(long firstStep, int count) {
    List<Double> losses =
        IntStream.range(0, count)
            .mapToObj(each -> 2.3 * Math.exp(-(firstStep + each) / 400.0) + 0.01 * (each % 7))
            .toList();
    List<Double> accuracies = losses.stream().map(loss -> 1 - loss / 2.6).toList();
    return new StepsMeasured(
        0, firstStep, losses, accuracies, 0.05, 0.01 * count, 6_400, Optional.of(TIMES));
  }

  SyncCompleted sync(long step, int maskVersion) {
    return new SyncCompleted(
        step, maskVersion, 100_000, 120_000, 900_000, 0.002, 0, "hash:00", 0.003);
  }

  EvaluationCompleted evaluation(long step, int maskVersion) {
    return new EvaluationCompleted(
        step,
        maskVersion,
        EvaluationCompleted.VALIDATION,
        EvaluationCompleted.REGULAR,
        1 - Math.exp(-step / 500.0),
        Math.exp(-step / 500.0),
        1_000,
        0.02);
  }

  MasksUpdated update(long step, int maskVersion, int lastVersion) {
    double sparsity = FINAL_SPARSITY * maskVersion / lastVersion;
    long kept = Math.round(UNITS * (1 - sparsity));
    return new MasksUpdated(
        step,
        maskVersion,
        sparsity,
        sparsity,
        kept * parameters,
        IntStream.range(0, parameters)
            .mapToObj(each -> new ParameterMasks(name(each), UNITS, kept, kept, 40, 10))
            .toList(),
        0.004);
  }

  private static String name(int number) {
    return "block%d.layer%d.weight".formatted(number / 4, number % 4);
  }
}
