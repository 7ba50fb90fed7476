package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code analyse}, on a run of two epochs. */
class AnalyseCommandTest {
  @TempDir private static Path directory;
  private static FinishedRun finished;

  @BeforeAll
  static void train() throws IOException {
    ResolvedRecipe recipe = new RecipeLoader().load("digits", List.of("train.epochs=2"));
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    finished = TrainingLoop.run(run, LoopListener.NONE);
    Path out = Files.createDirectory(directory.resolve("run"));
    ModelFile.write(out.resolve("model.safetensors"), run, finished.committed(), recipe.text());
    try (Outbox outbox = Outbox.open(out, new RunId("pear"), Clock.systemUTC())) {
      outbox.append(new RunStarted("pear", 1, 2, 100, 10, 1_000, 100, 0.9));
    }
  }

  private static String path(String name) {
    return directory.resolve(name).toString();
  }

  private static CommandRun quick(String... more) {
    return analysed(Stream.concat(Stream.of("--examples=40", "--units=2"), Stream.of(more)));
  }

  private static CommandRun analysed(Stream<String> options) {
    return CommandRun.of(
        Stream.concat(Stream.of("analyse", path("run")), options).toArray(String[]::new));
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void analyse_runDirectory_asksEverythingTwiceTheSame() throws IOException {
    CommandRun once = quick("--json");

    JsonNode findings = json(once).get("findings");

    assertThat(findings.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly(
            "pq-index",
            "ece",
            "worst-class",
            "psp-entropy",
            "sensitivity",
            "kendall",
            "sharpness",
            "corruption");
    assertThat(findings.at("/ece/figures/accuracy/value").doubleValue())
        .isEqualTo(finished.test().accuracy());
    assertThat(findings.at("/ece/figures/loss/value").doubleValue())
        .isCloseTo(finished.test().loss(), within(1e-6));
    assertThat(findings.at("/pq-index/figures/density/value").doubleValue())
        .isCloseTo(647 / 6_464.0, within(1e-3));
    assertThat(findings.at("/corruption/tables/0/rows")).hasSize(7);
    assertThat(quick("--json").out()).isEqualTo(once.out());
  }

  @Test
  void analyse_printsASectionPerDiagnostic() {
    CommandRun run = quick("--only", "worst-class,sensitivity");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .containsSubsequence(
            "data  digits", "Worst class", "───────────", "Sensitivity per layer", "accuracy");
    assertThat(run.out()).contains("fc1.weight", "at 90 %").doesNotContain("Calibration");
  }

  @Test
  void analyse_anyFile_readsItsWeightsAlone() throws IOException {
    Path file = directory.resolve("foreign.safetensors");
    Safetensors.write(
        file,
        Map.of("w", StoredTensor.ofFloats(List.of(2, 4), new float[] {0, 1, 0, 0, 2, 3, 4, 0})),
        Map.of());

    JsonNode all = json(CommandRun.of("analyse", file.toString(), "--json"));
    CommandRun refused = CommandRun.of("analyse", file.toString(), "--only=ece");

    assertThat(all.at("/findings/pq-index/figures/pqHalfOne/value").doubleValue())
        .isCloseTo(.055586, within(1e-6));
    assertThat(all.get("findings")).hasSize(1);
    assertThat(all.at("/skipped/ece").textValue()).contains("no model of Espalier");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--only ece", "no model of Espalier");
  }

  @Test
  void analyse_sparseFile_findsWhatItFindsOfTheDenseOne() throws IOException {
    String sparse = path("sparse.safetensors");
    assertThat(CommandRun.of("export", path("run"), "--format", "sparse", "-o", sparse).exitCode())
        .isZero();

    JsonNode packed =
        json(CommandRun.of("analyse", sparse, "--only=pq-index,ece,worst-class", "--json"));
    JsonNode dense = json(quick("--only=pq-index,ece,worst-class", "--json"));

    assertThat(packed.get("findings")).isEqualTo(dense.get("findings"));
  }

  @Test
  void analyse_wrongSettings_areRefusedWithTheWayOut() {
    assertThat(refused("--only=sharp")).contains("one of pq-index, ece", "name=sharp");
    assertThat(refused("--sparsities=90%,50%")).contains("--sparsities must be shares");
    assertThat(refused("--sparsities=many")).contains("as 90% or 0.9: sparsities=many");
    assertThat(refused("--examples=0")).contains("--examples must be 1 or more: examples=0");
    assertThat(refused("--score=magnitud")).contains("prune.score", "magnitude");
    assertThat(refused("--only=kendall", "--score=movement"))
        .contains("--only kendall", "reads what only a training has", "score=movement");
    assertThat(refused("--score=batch-norm-scale")).contains("must be channel");
  }

  private static String refused(String... options) {
    CommandRun run = analysed(Stream.of(options));
    assertThat(run.exitCode()).as(String.join(" ", options)).isEqualTo(2);
    return run.err();
  }

  /** What is written beside the report goes to a device that is always full. */
  @Test
  void analyse_withReportOnAFullDisk_leavesNothing() throws IOException {
    Path run = Files.createDirectory(directory.resolve("full"));
    for (String name : List.of("model.safetensors", Outbox.FILE_NAME)) {
      Files.copy(directory.resolve("run").resolve(name), run.resolve(name));
    }
    Files.createSymbolicLink(run.resolve("report.html.part"), Path.of("/dev/full"));

    CommandRun failed = CommandRun.of("analyse", run.toString(), "--only=pq-index", "--report");

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("No space left").doesNotContain("unexpected");
    try (Stream<Path> left = Files.list(run)) {
      assertThat(left.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("model.safetensors", Outbox.FILE_NAME);
    }
  }

  /** Finite weights whose sums are not. */
  @Test
  void analyse_answersThatAreNoNumbers_areRefusedOrSkipped() throws IOException {
    Path file = directory.resolve("overflowing.safetensors");
    Safetensors model = Safetensors.read(directory.resolve("run/model.safetensors"));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(model.tensors());
    tensors.replaceAll((name, tensor) -> constant(tensor, 3e38f));
    Safetensors.write(file, tensors, model.metadata());

    CommandRun asked = CommandRun.of("analyse", file.toString(), "--only=ece");
    CommandRun all =
        CommandRun.of("analyse", file.toString(), "--examples=40", "--units=2", "--json");

    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.err())
        .contains("--only ece: answers must be finite numbers", "359 of 359 test examples");
    assertThat(json(all).get("skipped").get("ece").textValue()).contains("must be finite");
  }

  private static StoredTensor constant(StoredTensor tensor, float value) {
    float[] values = new float[tensor.size()];
    Arrays.fill(values, value);
    return StoredTensor.ofFloats(tensor.dimensions(), values);
  }

  @Test
  void analyse_withReport_addsItsSection() throws IOException {
    CommandRun file = CommandRun.of("analyse", path("run/model.safetensors"), "--report");
    CommandRun run = quick("--only=ece", "--report");
    Path report = directory.resolve("run/report.html");

    assertThat(file.exitCode()).isEqualTo(2);
    assertThat(file.err()).contains("must be that of a run directory");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err().strip()).isEqualTo("report    " + report);
    assertThat(report).content().contains("\"analysis\":{", "expected calibration error");
    assertThat(directory.resolve("run/analysis.json")).content().contains("modelSha256");
  }
}
