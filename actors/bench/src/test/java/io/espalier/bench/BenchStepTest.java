package io.espalier.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench step} and {@code bench memory} as commands: what they leave and refuse. */
class BenchStepTest {
  @TempDir private Path out;

  @Test
  void bench_onDigits_leavesEveryFigureBesideItsBudget() throws IOException {
    CommandRun run =
        bench(
            "step",
            "--networks=lenet-300-100",
            "-Ddata=digits",
            "--rounds=1",
            "--seconds=0.2",
            "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("lenet-300-100: mask updates …");
    assertThat(run.out()).isEqualTo(Files.readString(out.resolve("results.json")));
    JsonNode figures = new ObjectMapper().readTree(run.out());
    assertThat(figures.findValuesAsText("ratio"))
        .containsExactly(
            "hard step / dense step",
            "soft step / dense step",
            "annealed step / dense step",
            "mask update at every 100th step (magnitude) / training",
            "mask update at every 100th step (taylor, 4 batches) / training",
            "mask update at every 100th step (rigl, 1 batch) / training",
            "two trainers / two independent loops",
            "two trainers / one loop");
    for (JsonNode figure : figures) {
      assertThat(figure.get("median").asDouble()).isPositive();
    }
    assertThat(Files.readString(out.resolve("table.md"))).contains("≤ 1.30", "≥ 0.90");
  }

  @Test
  void benchSparse_onDigits_leavesAFigureForEverySparsity() throws IOException {
    CommandRun run =
        bench(
            "sparse",
            "--networks=lenet-300-100",
            "-Ddata=digits",
            "--warm-up=0.1",
            "--rounds=1",
            "--runs=0",
            "--json");

    assertThat(run.exitCode()).isZero();
    JsonNode figures = new ObjectMapper().readTree(run.out());
    assertThat(figures.findValuesAsText("ratio"))
        .filteredOn(ratio -> !ratio.contains("PyTorch"))
        .containsExactly(
            "dense step, GFLOP/s",
            "dense step / sparse step at 0%",
            "dense step / step of fewer channels at 0%",
            "dense step / sparse step at 80%",
            "dense step / step of fewer channels at 80%",
            "dense step / sparse step at 90%",
            "dense step / step of fewer channels at 90%",
            "dense step / sparse step at 95%",
            "dense step / step of fewer channels at 95%",
            "dense step / sparse step at 98%",
            "dense step / step of fewer channels at 98%",
            "dense step / step of kept blocks 16x1 (uniform) at 90%",
            "inference in batches of 1, dense in ONNX Runtime / sparse at 95%");
    for (JsonNode figure : figures) {
      assertThat(figure.get("median").asDouble()).isPositive();
    }
    assertThat(Files.readString(out.resolve("table.md"))).contains("≥ 1.18", "≥ 4.50");
    assertThat(out.resolve("steps.svg").toFile()).content().contains("<polyline", "lenet-300-100");
  }

  @Test
  void benchSparse_onText_timesALanguageModelAlone() throws IOException {
    Path text = out.resolve("words.txt");
    Files.writeString(text, "leaf branch root trunk bark twig. ".repeat(40));

    CommandRun run =
        bench(
            "sparse",
            "--networks=char-lm",
            "-Ddata={kind=text,path=\"%s\",context=8,batch-size=2}".formatted(text),
            "-Dmodel.layers=1",
            "--warm-up=0.1",
            "--rounds=1",
            "--runs=0",
            "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(run.out());
    assertThat(figures.findValuesAsText("ratio"))
        .containsExactly(
            "dense step, GFLOP/s",
            "dense step / sparse step at 0%",
            "dense step / step of fewer channels at 0%",
            "dense step / sparse step at 80%",
            "dense step / step of fewer channels at 80%",
            "dense step / sparse step at 90%",
            "dense step / step of fewer channels at 90%",
            "dense step / sparse step at 95%",
            "dense step / step of fewer channels at 95%",
            "dense step / step of kept blocks 16x1 (uniform) at 90%");
    for (JsonNode figure : figures) {
      assertThat(figure.get("network").asText()).isEqualTo("char-lm");
      assertThat(figure.get("median").asDouble()).isPositive();
    }
    assertThat(out.resolve("steps.svg").toFile()).content().contains("<polyline", "char-lm");
  }

  @Test
  void benchSparse_avx2Only_holdsJavaAndTheEngineToItAndTimesStepsAlone() throws IOException {
    CommandRun run =
        bench(
            "sparse",
            "--networks=tiny-vit",
            "--instructions=avx2",
            "-Ddata=digits",
            "-Dmodel.layers=1",
            "--warm-up=0.1",
            "--rounds=1",
            "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(run.out());
    assertThat(figures.findValuesAsText("ratio"))
        .containsExactly(
            "dense step, GFLOP/s, AVX2 only",
            "dense step / sparse step at 0%, AVX2 only",
            "dense step / sparse step at 80%, AVX2 only",
            "dense step / sparse step at 90%, AVX2 only",
            "dense step / sparse step at 95%, AVX2 only");
    assertThat(figures.get(0).get("basis").asText())
        .contains("with avx2 (", "MKL_ENABLE_INSTRUCTIONS=AVX2", "ONEDNN_MAX_CPU_ISA=AVX2");
    assertThat(figures.findValuesAsText("budget")).containsExactly("≥ 0.77");
    assertThat(out.resolve("steps.svg").toFile()).content().contains("tiny-vit, AVX2 only");
  }

  @Test
  @Tag("slow")
  void benchSparse_ofALanguageModelsRuns_comparesThemWithDenseOnes() throws IOException {
    Path text = out.resolve("words.txt");
    Files.writeString(text, "leaf branch root trunk bark twig. ".repeat(400));

    CommandRun run =
        bench(
            "sparse",
            "--networks=char-lm",
            "-Ddata={kind=text,path=\"%s\",context=8,batch-size=2}".formatted(text),
            "-Dmodel.layers=1",
            "--warm-up=0.1",
            "--rounds=1",
            "--runs=1",
            "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(run.out());
    JsonNode last = figures.get(figures.size() - 1);
    assertThat(last.get("ratio").asText())
        .isEqualTo("run of char-lm to 90%, auto / dense on the engine");
    assertThat(last.get("median").asDouble()).isPositive();
    assertThat(last.get("budget").asText()).isEqualTo("≤ 0.70");
  }

  @Test
  @Tag("slow")
  void benchSparse_ofWholeRuns_comparesTimeAndMemory() throws IOException {
    CommandRun run =
        bench(
            "sparse",
            "--networks=lenet-300-100",
            "-Ddata=digits",
            "-Dtrain.epochs=1",
            "--warm-up=0.1",
            "--rounds=1",
            "--runs=1",
            "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(run.out());
    assertThat(figures.findValuesAsText("ratio"))
        .contains(
            "run of gradual to 95%, auto / dense on the engine",
            "run of set to 95%, java / engine",
            "run of random to 95%, java / engine",
            "peak memory of a run beyond hidden = [16, 16], 95% sparse / dense",
            "peak memory of a device at 5% density, without the engine / with it");
    for (JsonNode figure : figures) {
      assertThat(figure.get("median").asDouble()).isPositive();
    }
    try (Stream<Path> left = Files.list(out)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("table.md", "results.json", "steps.svg");
    }
  }

  @Test
  void benchInference_onDigits_leavesARowForEveryBatchAndGoesOnWhereItWas() throws IOException {
    String[] options = {
      "--networks=lenet-300-100", "--sparsities=95%", "-Ddata=digits", "--rounds=1", "--json"
    };
    CommandRun one = bench("inference", "--batches=1", options);
    CommandRun both = bench("inference", "--batches=1,7", options);
    CommandRun again = bench("inference", "--batches=1,7", options);

    assertThat(one.exitCode()).isZero();
    assertThat(both.err()).contains("lenet-300-100, 95%, batch 7 …").doesNotContain("batch 1 …");
    assertThat(again.err()).doesNotContain("…");
    assertThat(again.out()).isEqualTo(both.out());
    JsonNode rows = new ObjectMapper().readTree(both.out());
    assertThat(rows.findValuesAsText("batch")).containsExactly("1", "7");
    assertThat(rows.get(0)).isEqualTo(new ObjectMapper().readTree(one.out()).get(0));
    for (JsonNode row : rows) {
      for (String time : List.of("sparse", "engine", "onnx", "engineRatio", "onnxRatio")) {
        assertThat(row.get(time).get("median").asDouble()).as(time).isPositive();
      }
    }
    assertThat(Files.readString(out.resolve("table.md")))
        .contains("ONNX Runtime / kept", "| lenet-300-100 |", "≥ 2.0: ");
  }

  private CommandRun bench(String kind, String option, String[] more) {
    return bench(kind, Stream.concat(Stream.of(option), Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void bench_impossibleSizes_areRefused() {
    assertThat(bench("inference", "--batches=501").err()).contains("from 1 to 500: batches=[501]");
    assertThat(bench("inference", "--rounds=0").err()).contains("rounds=0");

    assertThat(bench("step", "--rounds=0").err()).contains("rounds=0");
    assertThat(bench("step", "--seconds=0").exitCode()).isEqualTo(2);
    assertThat(bench("step", "--networks=lenet-7", "-Ddata=digits").err()).contains("lenet-7");
    assertThat(bench("sparse", "--networks=lenet-7").err()).contains("networks=[lenet-7]");
    assertThat(bench("sparse", "--runs=-1").err()).contains("runs=-1");
    assertThat(bench("sparse", "--warm-up=-1").err()).contains("seconds=-1.0");
    assertThat(bench("memory", "--steps=99").err()).contains("steps=99");
    assertThat(out).isEmptyDirectory();
  }

  private CommandRun bench(String kind, String... options) {
    List<String> arguments = new ArrayList<>(List.of("bench", kind, "--out", out.toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
