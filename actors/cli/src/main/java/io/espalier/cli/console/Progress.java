package io.espalier.cli.console;

import io.espalier.configs.Metric;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.TrainingEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The progress of a run, from its events. Not thread-safe. */
public final class Progress {
  private static final double SMOOTHING = 0.9;
  private static final String SEPARATOR = "  ";
  private static final Set<Class<?>> NOTICES =
      Set.of(
          HostEvent.TrainerFailed.class,
          HostEvent.TrainerRestarted.class,
          HostEvent.CheckpointFailed.class,
          HostEvent.StreamWaiting.class,
          HostEvent.StreamFlowing.class,
          HostEvent.RecordsSkipped.class);

  private final long totalSteps;
  private final long firstStep;
  private final long startNs;
  private long step;
  private double loss = Double.NaN;
  private double batchAccuracy = Double.NaN;
  private String evaluated = "";
  private Optional<String> budget;
  private double target;
  private double sparsity;
  private long nowNs;
  private boolean mayEndEarly;
  private Metric metric = Metric.ACCURACY;

  /** Progress without a budget yet; {@code nowNs} is on the clock of {@link #on}. */
  public Progress(long totalSteps, long firstStep, double sparsity, long nowNs) {
    this(totalSteps, firstStep, Optional.empty(), sparsity, nowNs);
  }

  /**
   * Progress of a run or attempt.
   *
   * @param budget that channels are pruned under, as events name it; empty for single weights
   * @param sparsity share of the budget, or of the weights, that is gone already
   * @param nowNs when it starts, on the clock of {@link #on}
   */
  public Progress(
      long totalSteps, long firstStep, Optional<String> budget, double sparsity, long nowNs) {
    this.budget = budget;
    this.totalSteps = totalSteps;
    this.firstStep = firstStep;
    this.step = firstStep;
    this.sparsity = sparsity;
    this.target = sparsity;
    this.startNs = nowNs;
    this.nowNs = nowNs;
  }

  /** Says that the run may end before its last step: the time left is then an upper bound. */
  public Progress mayEndEarly(boolean may) {
    mayEndEarly = may;
    return this;
  }

  /** Sets the metric of the loss. */
  public Progress readBy(Metric of) {
    metric = of;
    return this;
  }

  /** Takes in one event, seen at {@code atNs}. */
  public void on(Event event, long atNs) {
    nowNs = atNs;
    if (event instanceof TrainingEvent.StepsMeasured steps) {
      for (int i = 0; i < steps.losses().size(); i++) {
        loss = smooth(loss, steps.losses().get(i));
        batchAccuracy = smooth(batchAccuracy, steps.accuracies().get(i));
      }
    } else if (event instanceof TrainingEvent.SyncCompleted sync) {
      step = sync.step();
    } else if (event instanceof TrainingEvent.EvaluationCompleted evaluation) {
      evaluated =
          shortName(evaluation)
              + " "
              + Metric.brief(evaluation.accuracy(), evaluation.bitsPerCharacter());
    } else if (event instanceof MaskEvent.MasksUpdated masks) {
      target = masks.targetSparsity();
      sparsity = masks.actual();
      budget = masks.budget();
    }
  }

  /** Returns the line of an event that is shown above the progress; empty for all others. */
  public static String notice(Event event) {
    if (event instanceof MaskEvent.ChannelsCut cut) {
      return notice(cut);
    }
    return NOTICES.contains(event.getClass()) ? EventText.sentence(event) : "";
  }

  private static String notice(MaskEvent.ChannelsCut cut) {
    List<MaskEvent.GroupWidth> narrower =
        cut.groups().stream().filter(group -> group.after() < group.before()).toList();
    return String.format(
        Locale.ROOT,
        "cut       at step %d: %d → %d channels in %d %s, MACs %,d → %,d, parameters %,d → %,d",
        cut.step(),
        narrower.stream().mapToInt(MaskEvent.GroupWidth::before).sum(),
        narrower.stream().mapToInt(MaskEvent.GroupWidth::after).sum(),
        narrower.size(),
        narrower.size() == 1 ? "group" : "groups",
        cut.before().macs(),
        cut.after().macs(),
        cut.before().parameters(),
        cut.after().parameters());
  }

  /**
   * One line: step, loss, the newest evaluation, sparsity actual/target, or what is gone of a
   * budget, time. Loss and evaluation of a language model are bits per character. Where 80 columns
   * do not take all, the speed goes, then the time left.
   */
  public String line() {
    double speed = speed();
    String left =
        speed > 0
            ? (mayEndEarly && step < totalSteps ? "≤" : "") + duration(Math.round(left(speed)))
            : "–";
    List<String> parts =
        new ArrayList<>(
            List.of(
                String.format(
                    Locale.ROOT,
                    "%3d%%  %d/%d",
                    totalSteps == 0 ? 100 : 100 * step / totalSteps,
                    step,
                    totalSteps)));
    parts.add(loss());
    parts.add(evaluated.isEmpty() ? ofBatches() : evaluated);
    parts.add(pruned());
    parts.add("ETA " + left);
    parts.add(String.format(Locale.ROOT, "%.0f/s", speed));
    parts.removeIf(String::isEmpty);
    for (int i = 0; i < 2 && String.join(SEPARATOR, parts).length() > WrappedLine.WIDTH; i++) {
      parts.remove(parts.size() - 1);
    }
    return String.join(SEPARATOR, parts);
  }

  private String loss() {
    return metric.bits(loss).isPresent()
        ? known("bits %.3f", metric.bits(loss).getAsDouble())
        : known("loss %.3f", loss);
  }

  private String ofBatches() {
    return metric.charactersPerToken().isPresent()
        ? ""
        : known("batch %.1f%%", 100 * batchAccuracy);
  }

  /** The figures of the line by name, those that are known. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    double speed = speed();
    facts.put("step", step);
    facts.put("totalSteps", totalSteps);
    put(facts, "loss", loss);
    put(facts, "batchAccuracy", batchAccuracy);
    facts.put("sparsity", sparsity);
    facts.put("targetSparsity", target);
    facts.put("stepsPerSecond", speed);
    if (speed > 0) {
      facts.put(mayEndEarly ? "etaSecondsAtMost" : "etaSeconds", left(speed));
    }
    return facts;
  }

  private static void put(Map<String, Object> facts, String name, double value) {
    if (Double.isFinite(value)) {
      facts.put(name, value);
    }
  }

  private double speed() {
    double seconds = (nowNs - startNs) / 1e9;
    return seconds > 0 ? (step - firstStep) / seconds : 0;
  }

  private double left(double speed) {
    return (totalSteps - step) / speed;
  }

  private String pruned() {
    String sign = budget.isPresent() ? "−" : "";
    return String.format(
        Locale.ROOT,
        "%s %s%.1f/%s%.1f%%",
        budget.orElse("sparsity"),
        sign,
        100 * sparsity,
        sign,
        100 * target);
  }

  private static String known(String format, double number) {
    return Double.isNaN(number)
        ? format.replaceFirst(" .*", " –")
        : String.format(Locale.ROOT, format, number);
  }

  /** Seconds as {@code m:ss} or {@code h:mm:ss}. */
  public static String duration(long seconds) {
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  private static String shortName(TrainingEvent.EvaluationCompleted evaluation) {
    return switch (evaluation.set()) {
      case TrainingEvent.EvaluationCompleted.TEST -> "test";
      case TrainingEvent.EvaluationCompleted.HOLD_OUT -> "hold-out";
      default -> "val";
    };
  }

  private static double smooth(double before, double value) {
    return Double.isNaN(before) ? value : SMOOTHING * before + (1 - SMOOTHING) * value;
  }
}
