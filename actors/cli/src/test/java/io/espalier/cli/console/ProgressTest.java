package io.espalier.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.Metric;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.TrainingEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void line_afterStepsSyncAndUpdate_saysWhereTheRunIs() {
    Progress progress = new Progress(1000, 0, 0, 0);

    progress.on(steps(0.5, 0.75), SECOND);
    progress.on(new TrainingEvent.SyncCompleted(250, 3, 1, 1, 2, 0, 0, "d", 0), 2 * SECOND);
    progress.on(new MaskEvent.MasksUpdated(250, 3, 0.8, 0.79, 21, List.of(), 0.01), 2 * SECOND);

    assertThat(progress.line())
        .isEqualTo(" 25%  250/1000  loss 0.500  batch 75.0%  sparsity 79.0/80.0%  ETA 0:06  125/s");
  }

  @Test
  void line_ofChannels_saysWhatIsGoneOfTheBudget() {
    Progress progress = new Progress(1000, 0, Optional.of("macs"), 0.25, 0);
    assertThat(progress.line()).contains("  macs −25.0/−25.0%  ETA");

    progress.on(
        new MaskEvent.MasksUpdated(
            250, 3, 0.5, 0.4, 21, List.of(), 0.01, Optional.of("macs"), OptionalDouble.of(0.499)),
        SECOND);

    assertThat(progress.line()).contains("  macs −50.1/−50.0%  ETA");
  }

  @Test
  void notice_ofACut_countsOnlyWhatBecameNarrower() {
    MaskEvent.NetworkSize before = new MaskEvent.NetworkSize(20_146, 193_344, 1);
    MaskEvent.NetworkSize after = new MaskEvent.NetworkSize(10_548, 96_502, 1);
    List<MaskEvent.GroupWidth> groups =
        List.of(
            new MaskEvent.GroupWidth("a.weight", 20, 16, 12),
            new MaskEvent.GroupWidth("b.weight", 9, 9, 9),
            new MaskEvent.GroupWidth("c.weight", 16, 16, 8));

    String notice =
        Progress.notice(
            new MaskEvent.ChannelsCut(120, 7, "d", groups, List.of(), before, after, before, 0.1));

    assertThat(notice)
        .isEqualTo(
            "cut       at step 120: 32 → 20 channels in 2 groups, MACs 193,344 → 96,502,"
                + " parameters 20,146 → 10,548");
  }

  @Test
  void line_afterEvaluation_namesItsSet() {
    Progress progress = new Progress(10, 0, 0, 0);

    progress.on(
        new TrainingEvent.EvaluationCompleted(10, 1, "test", "final", 0.9, 0.1, 100, 0), SECOND);

    assertThat(progress.line()).contains("test 90.00%");
  }

  @Test
  void line_ofALanguageModel_hasLossAndNewestEvaluationInBitsPerCharacter() {
    Progress progress = new Progress(12_870, 0, 0, 0).readBy(Metric.bitsPerCharacter(2));
    progress.on(steps(2 * Math.log(2), 0.4), SECOND);
    assertThat(progress.line())
        .isEqualTo("  0%  0/12870  bits 1.000  sparsity 0.0/0.0%  ETA –  0/s");

    for (double bits : new double[] {1.5, 1.25}) {
      progress.on(
          new TrainingEvent.EvaluationCompleted(
              10, 1, "validation", "final", 0.4, 2, 100, 0, OptionalDouble.of(bits)),
          SECOND);
    }

    assertThat(progress.line()).contains("  bits 1.000  val 1.250 bits  sparsity");
  }

  @ParameterizedTest
  @CsvSource({
    "1000, '  loss 0.500  test 90.00%  sparsity 79.0/80.0%  ETA 0:03  250/s'",
    "100000000, '  loss 0.500  test 90.00%  sparsity 79.0/80.0%  ETA 111:06:39'",
    "1000000000000000, '  loss 0.500  test 90.00%  sparsity 79.0/80.0%'"
  })
  void line_longerThanATerminal_leavesOutWhatMattersLeast(long steps, String expected) {
    Progress progress = new Progress(steps, 0, 0, 0);
    progress.on(steps(0.5, 0.75), SECOND);
    progress.on(new TrainingEvent.SyncCompleted(250, 3, 1, 1, 2, 0, 0, "d", 0), SECOND);
    progress.on(new MaskEvent.MasksUpdated(250, 3, 0.8, 0.79, 21, List.of(), 0.01), SECOND);
    progress.on(
        new TrainingEvent.EvaluationCompleted(10, 1, "test", "final", 0.9, 0.1, 100, 0), SECOND);

    assertThat(progress.line()).endsWith(steps + expected).hasSizeLessThanOrEqualTo(80);
  }

  @Test
  void line_resumedRun_countsSpeedFromWhereItStarted() {
    Progress progress = new Progress(1000, 900, 0.5, 0);

    progress.on(new TrainingEvent.SyncCompleted(950, 3, 1, 1, 2, 0, 0, "d", 0), SECOND);

    assertThat(progress.line()).contains("ETA 0:01  50/s");
  }

  @ParameterizedTest
  @CsvSource({"0, 0:00", "59, 0:59", "61, 1:01", "3600, 1:00:00", "36061, 10:01:01"})
  void duration_seconds_readsAsClock(long seconds, String text) {
    assertThat(Progress.duration(seconds)).isEqualTo(text);
  }

  @Test
  void printer_withoutTerminal_printsWholeLinesAtIntervalsAndNoticesAtOnce() {
    StringWriter out = new StringWriter();
    AtomicLong clock = new AtomicLong();
    ProgressPrinter printer =
        new ProgressPrinter(new PrintWriter(out), false, 80, new Progress(10, 0, 0, 0), clock::get);

    printer.accept(steps(1, 0.5));
    clock.set(6 * SECOND);
    printer.accept(steps(1, 0.5));
    printer.accept(new HostEvent.TrainerFailed(1, 1, 4, "boom"));

    assertThat(out.toString().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("  0%  0/10"))
        .contains("trainer failed: after step 4 · trainer-1 · life 1 · boom");
  }

  @Test
  void printer_withoutTerminal_printsTheLastStateOnce() {
    StringWriter out = new StringWriter();
    AtomicLong clock = new AtomicLong();
    ProgressPrinter printer =
        new ProgressPrinter(new PrintWriter(out), false, 80, new Progress(10, 0, 0, 0), clock::get);

    clock.set(6 * SECOND);
    printer.accept(steps(1, 0.5));
    printer.finish();

    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void printer_onTerminal_rewritesOneLineThatFits() {
    StringWriter out = new StringWriter();
    AtomicLong clock = new AtomicLong();
    ProgressPrinter printer =
        new ProgressPrinter(new PrintWriter(out), true, 40, new Progress(10, 0, 0, 0), clock::get);

    clock.set(SECOND);
    printer.accept(steps(1, 0.5));
    clock.set(2 * SECOND);
    printer.accept(steps(1, 0.5));

    assertThat(out.toString().split("\r\u001b\\[K", -1))
        .hasSize(3)
        .allMatch(line -> line.length() < 40);
    assertThat(out.toString()).doesNotContain("\n");
  }

  @Test
  void line_beforeTheFirstStep_hasDashes() {
    assertThat(new Progress(1_000, 0, 0, 0).line())
        .startsWith("  0%  0/1000  loss –  batch –  sparsity 0.0/0.0%  ETA –");
  }

  private static TrainingEvent.StepsMeasured steps(double loss, double accuracy) {
    return new TrainingEvent.StepsMeasured(
        0, 1, List.of(loss), List.of(accuracy), 0.1, 0.01, 100, Optional.empty());
  }
}
