package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.outbox.RunHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a run whose channels were cut out leaves for people: events, summary, report, inspection.
 */
class ShrunkRunTest {
  /** Where a long line goes on in the next. */
  private static final Pattern WRAP = Pattern.compile("\n {10}");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MACS_DENSE = 64 * 64 + 64 * 32 + 32 * 10;
  private static final long VALUES_DENSE = MACS_DENSE + 64 + 32 + 10;

  @TempDir private static Path directory;
  private static Path out;
  private static JsonNode summary;
  private static String console;

  @BeforeAll
  static void train() throws IOException {
    out = directory.resolve("run");
    CommandRun run =
        CommandRun.of(
            "train",
            "digits",
            "--out",
            out.toString(),
            "-D",
            "train.epochs=6",
            "-D",
            "prune.sparsity=60%",
            "-D",
            "prune.granularity={kind=channel,budget=macs}");
    assertThat(run.exitCode()).as(run.err()).isZero();
    console = WRAP.matcher(run.out()).replaceAll(" ");
    summary = JSON.readTree(out.resolve("summary.json").toFile());
  }

  @Test
  void console_tellsOfBudgetAndEachCut() {
    long macs = summary.path("macs").asLong();

    assertThat(console)
        .contains("−60% of the multiply-accumulates by cutting channels\n", "  macs −")
        .contains(
            String.format(
                Locale.ROOT,
                "on the test set with %.1f%% fewer MACs (%,d → %,d), parameters %,d → %,d\n",
                100 - 100.0 * macs / MACS_DENSE,
                MACS_DENSE,
                macs,
                VALUES_DENSE,
                summary.path("parameters").asLong()))
        .doesNotContain("sparsity", "hint");
    assertThat(console.lines().filter(line -> line.startsWith("cut       at step ")))
        .hasSize(summary.path("cuts").asInt());
  }

  @ParameterizedTest
  @CsvSource({"1, true", "8, false"})
  void console_hintsAtWidthsThatTheEngineIsSlowAt(int multiple, boolean hints) {
    CommandRun run =
        CommandRun.of(
            "train",
            "resnet-20-channels",
            "--out",
            directory.resolve("multiple-" + multiple).toString(),
            "-D",
            "data.kind=digits",
            "-D",
            "data.batch-size=32",
            "-D",
            "model.kind=resnet-8",
            "-D",
            "train.epochs=2",
            "-D",
            "prune.granularity.round-to=" + multiple);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().contains("hint      widths that are no multiple of 8")).isEqualTo(hints);
  }

  @Test
  void events_tellOfEachCut_andCountInTheWholeNetwork() throws IOException {
    RunHistory history = RunHistory.read(out);
    List<ChannelsCut> cuts = history.all(ChannelsCut.class).toList();

    assertThat(cuts).isNotEmpty().hasSize(summary.path("cuts").asInt());
    assertThat(cuts)
        .allSatisfy(cut -> assertThat(cut.dense().macs()).isEqualTo(MACS_DENSE))
        .allSatisfy(cut -> assertThat(cut.after().macs()).isLessThan(cut.before().macs()));
    for (int i = 1; i < cuts.size(); i++) {
      assertThat(cuts.get(i).before()).isEqualTo(cuts.get(i - 1).after());
    }
    assertThat(history.all(MasksUpdated.class))
        .allSatisfy(
            update ->
                assertThat(update.parameters())
                    .extracting(ParameterMasks::units)
                    .containsExactly(4096L, 2048L, 320L))
        .allSatisfy(
            update -> assertThat(update.actual()).isGreaterThanOrEqualTo(update.targetSparsity()));
  }

  @Test
  void summary_tellsWhatIsLeftOfTheWholeNetwork() throws IOException {
    ChannelsCut last = RunHistory.read(out).last(ChannelsCut.class).orElseThrow();

    assertThat(summary.path("macs").asLong()).isEqualTo(last.after().macs());
    assertThat(summary.path("macsDense").asLong()).isEqualTo(MACS_DENSE);
    assertThat(summary.path("parameters").asLong()).isEqualTo(last.after().parameters());
    assertThat(summary.path("parametersDense").asLong()).isEqualTo(VALUES_DENSE);
    assertThat(summary.path("budget").asText()).isEqualTo("macs");
    assertThat(summary.path("budgetShare").asDouble())
        .isEqualTo((double) last.after().macs() / MACS_DENSE)
        .isLessThanOrEqualTo(0.4);
    assertThat(summary.path("modelBytes").asLong())
        .isEqualTo(Files.size(out.resolve("model.safetensors")));
    assertThat(summary.path("modelBytesDense").asLong() - summary.path("modelBytes").asLong())
        .isEqualTo(4 * (VALUES_DENSE - last.after().parameters()));
    assertThat(summary.path("onnxSeconds").asDouble()).isPositive();
    assertThat(summary.path("onnxSecondsDense").asDouble()).isPositive();
  }

  @Test
  void inspect_showsLayersBeforeAndAfter() {
    CommandRun run = CommandRun.of("inspect", out.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("before and after", "multiply-accumulates", "6,464", "█", "░")
        .containsPattern("prunable before cuts +6,464\\n")
        .containsPattern("fc1\\.weight +64 +\\d+ +4,096 +[\\d,]+ ")
        .doesNotContain("ONNX Runtime");
  }

  @Test
  void inspect_withLatency_measuresBoth() throws IOException {
    CommandRun run = CommandRun.of("inspect", out.toString(), "--latency", "--json");

    JsonNode network = JSON.readTree(run.out()).path("network");
    assertThat(network.path("macs").asLong()).isEqualTo(summary.path("macs").asLong());
    assertThat(network.path("onnxSeconds").asDouble()).isPositive();
    assertThat(network.path("onnxSecondsDense").asDouble()).isPositive();
    assertThat(network.at("/layers/0/name").asText()).isEqualTo("fc1.weight");
    assertThat(network.at("/layers/0/widthDense").asInt()).isEqualTo(64);
    assertThat(network.at("/layers/0/width").asInt()).isBetween(1, 63);
  }

  @Test
  void inspect_latencyOfAMaskFile_isRefused() {
    CommandRun run =
        CommandRun.of("inspect", out.resolve("masks.safetensors").toString(), "--latency");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--latency must be asked of a model file");
  }
}
