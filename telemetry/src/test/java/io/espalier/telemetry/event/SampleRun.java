package io.espalier.telemetry.event;

import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.ParameterInfo;
import io.espalier.telemetry.event.RunEvent.ParametersDescribed;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.TrainingEvent.EvaluationCompleted;
import io.espalier.telemetry.event.TrainingEvent.StepsMeasured;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import io.espalier.telemetry.event.TrainingEvent.SyncTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The events of a believable run: LeNet-5, 4,000 steps, 95 % sparsity in 50 updates. */
public final class SampleRun {
  public static final long STEPS = 4_000;
  private static final int INTERVAL = 16;
  private static final List<ParameterInfo> PARAMETERS =
      List.of(
          new ParameterInfo("conv1.weight", List.of(6L, 1L, 5L, 5L), 150, true, 117_600),
          new ParameterInfo("conv1.bias", List.of(6L), 6, false, 0),
          new ParameterInfo("conv2.weight", List.of(16L, 6L, 5L, 5L), 2_400, true, 240_000),
          new ParameterInfo("conv2.bias", List.of(16L), 16, false, 0),
          new ParameterInfo("full1.weight", List.of(120L, 400L), 48_000, true, 48_000),
          new ParameterInfo("full1.bias", List.of(120L), 120, false, 0),
          new ParameterInfo("full2.weight", List.of(84L, 120L), 10_080, true, 10_080),
          new ParameterInfo("full2.bias", List.of(84L), 84, false, 0),
          new ParameterInfo("output.weight", List.of(10L, 84L), 840, true, 840),
          new ParameterInfo("output.bias", List.of(10L), 10, false, 0));
  private static final double[] FINAL = {0.62, 0.24, 0.027, 0.07, 0.48};
  private static final long PRUNABLE = 61_470;

  private final Random random = new Random(7);
  private final List<Event> events = new ArrayList<>();
  private double sparsity;
  private int version;

  private SampleRun() {}

  public static List<Event> events(String name, String recipe) {
    var run = new SampleRun();
    run.begin(name, recipe);
    for (long step = INTERVAL; step <= STEPS; step += INTERVAL) {
      run.train(step);
    }
    run.finish();
    return run.events;
  }

  private void begin(String name, String recipe) {
    events.add(
        new Provenance(
            "0.1.0",
            "17.0.9",
            "Linux 6.1 amd64",
            2,
            Map.of("DJL", "0.36.0", "PyTorch", "2.7.1", "Akka", "2.8.5", "Aeron", "1.46.0"),
            42,
            2,
            1,
            "fashion-mnist",
            "sha256:9f2c5b1d0e6a47c3",
            "komihash:77aa01c29e4f",
            recipe,
            Optional.empty()));
    events.add(new RunStarted(name, 1, 2, STEPS, 234, PRUNABLE, 3_074, 0.95));
    events.add(new ParametersDescribed(PARAMETERS));
  }

  private void train(long step) {
    for (int trainer = 0; trainer < 2; trainer++) {
      List<Double> losses = new ArrayList<>();
      List<Double> accuracies = new ArrayList<>();
      for (long at = step - INTERVAL + 1; at <= step; at++) {
        losses.add(Math.max(0.05, loss(at) + 0.09 * random.nextGaussian()));
        accuracies.add(Math.min(1, accuracy(at) + 0.03 * random.nextGaussian()));
      }
      double rate = 0.025 * (1 + Math.cos(Math.PI * step / STEPS));
      events.add(
          new StepsMeasured(
              trainer,
              step - INTERVAL + 1,
              losses,
              accuracies,
              rate,
              0.12,
              17_000,
              Optional.of(new SyncTimes(0.001, 0.012, 0.001, 0.002, 0.004))));
    }
    boolean update = step % 52 < INTERVAL && step > 400 && step <= 3_000;
    boolean evaluate = update || step % 240 == 0;
    if (update) {
      evaluate(step, EvaluationCompleted.BEFORE_UPDATE, 0);
      update(step);
    }
    long bytes =
        (long) (4L * 61_706 * 2 * 2 * (1 - sparsity) * (1.02 + 0.02 * random.nextDouble()));
    double wait = 0.002 + 0.003 * random.nextDouble() + (random.nextInt(40) == 0 ? 0.03 : 0);
    events.add(
        new SyncCompleted(
            step,
            version,
            bytes / 2,
            bytes / 2,
            4L * 61_706 * 4,
            wait,
            random.nextInt(2),
            "k:1",
            0.003));
    if (evaluate) {
      String phase = update ? EvaluationCompleted.AFTER_UPDATE : EvaluationCompleted.REGULAR;
      evaluate(step, phase, update ? 0.012 * sparsity : 0);
    }
  }

  private void update(long step) {
    double progress = Math.min(1, (step - 400) / 2_400.0);
    double target = 0.95 * (1 - Math.pow(1 - progress, 3));
    List<ParameterMasks> masks = new ArrayList<>();
    long kept = 0;
    int index = 0;
    for (ParameterInfo parameter : PARAMETERS) {
      if (parameter.prunable()) {
        double density = 1 - (1 - FINAL[index++]) * target / 0.95;
        long keep = Math.round(parameter.units() * density);
        masks.add(new ParameterMasks(parameter.name(), parameter.units(), keep, keep, 5, 0));
        kept += keep;
      }
    }
    sparsity = 1 - kept / (double) PRUNABLE;
    events.add(new MasksUpdated(step, ++version, target, sparsity, kept, masks, 0.004));
    events.add(
        new MaskPicture(
            "conv1.weight", step, version, MaskPicture.WINDOW, 1, 2, "row", "column", 1, "/4A="));
  }

  private void evaluate(long step, String phase, double drop) {
    events.add(
        new EvaluationCompleted(
            step,
            version,
            EvaluationCompleted.VALIDATION,
            phase,
            accuracy(step) - drop - 0.008 + 0.003 * random.nextGaussian(),
            loss(step) + 3 * drop + 0.03,
            3_000,
            0.01));
  }

  private void finish() {
    events.add(
        new EvaluationCompleted(
            STEPS,
            version,
            EvaluationCompleted.TEST,
            EvaluationCompleted.FINAL,
            0.8934,
            0.3012,
            10_000,
            0.2));
    events.add(new RunFinished(1, STEPS, 0.8934, 0.3012, 3_074, 74.2));
  }

  private static double loss(long step) {
    return 0.27 + 2.0 * Math.exp(-step / 180.0) + 0.3 * Math.exp(-step / 1_500.0);
  }

  private static double accuracy(long step) {
    return 0.905 - 0.75 * Math.exp(-step / 150.0) - 0.1 * Math.exp(-step / 1_300.0);
  }
}
