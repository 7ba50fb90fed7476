package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.file.Json;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.onnx.OnnxNetwork;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate}, {@code predict} and {@code export} on raw rows with text and gaps. */
final class TableCommandsTest {
  private static final Path ORCHARD =
      Path.of("..", "..", "trainer/data/src/test/resources/tables/orchard.csv").toAbsolutePath();

  private static final String GAP_OF_A_TEST_ROW =
      "notice    column 'girth; cm': cells=1 without a value, where every training row has one";

  @TempDir private static Path directory;
  private static FinishedRun finished;

  @BeforeAll
  static void train() throws IOException {
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "orchard.conf",
                """
                data { kind = csv, path = "%s", label = state, ignore = [tree, remark], batch-size = 8 }
                model { kind = mlp, hidden = [32] }
                train { epochs = 40, trainers = 2 }
                prune { sparsity = 50%% }
                """
                    .formatted(ORCHARD),
                List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    finished = TrainingLoop.run(run, LoopListener.NONE);
    Path out = Files.createDirectory(directory.resolve("run"));
    ModelFile.write(out.resolve("model.safetensors"), run, finished.committed(), recipe.text());
  }

  private static CommandRun succeed(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static String path(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void evaluate_ofTheRun_isItsOwnEvaluation() throws IOException {
    JsonNode facts = Json.STRICT.readTree(succeed("evaluate", "--json", path("run")).out());

    assertThat(facts.get("accuracy").doubleValue())
        .isEqualTo(finished.test().accuracy())
        .isGreaterThan(.6);
    assertThat(facts.get("loss").doubleValue()).isEqualTo(finished.test().loss());
    assertThat(facts.get("examples").intValue()).isEqualTo(12);
  }

  @Test
  void evaluate_labelledFile_takesAllItsRows() {
    CommandRun run =
        succeed("evaluate", path("run"), "--data-path", ORCHARD.toString(), "--labels", "state");

    assertThat(run.out()).contains("of 60)", "on " + ORCHARD);
    assertThat(run.err().lines()).singleElement().asString().contains(GAP_OF_A_TEST_ROW);
  }

  @Test
  void predict_rawRowsInAnotherForm_areTheSame() throws IOException {
    String expected = succeed("predict", path("run"), ORCHARD.toString(), "--top", "3").out();
    Path other = directory.resolve("other.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(other));
        CSVParser rows =
            CSVParser.parse(
                Files.readString(ORCHARD).substring(1),
                CSVFormat.DEFAULT.builder().setDelimiter(';').get())) {
      StringBuilder text = new StringBuilder();
      for (CSVRecord row : rows) {
        // planted, soil, girth, height, variety: no label, no ignored columns
        List<String> cells = new ArrayList<>();
        for (int column = 5; column >= 1; column--) {
          cells.add('"' + row.get(column) + '"');
        }
        text.append(String.join("|", cells)).append('\n');
      }
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    CommandRun run = succeed("predict", path("run"), other.toString(), "--top", "3");

    assertThat(run.out()).isEqualTo(expected);
    assertThat(run.err().lines()).singleElement().asString().contains(GAP_OF_A_TEST_ROW);
    assertThat(expected.lines().count()).isEqualTo(61);
  }

  @Test
  void predict_unknownText_isNoneOfTheCategoriesAndSaidSo() throws IOException {
    Path rows =
        Files.writeString(
            directory.resolve("new.csv"),
            "variety,height,\"girth; cm\",soil,planted\nQuince,3.1,30,peat,2010\n");

    CommandRun run = succeed("predict", path("run"), rows.toString());

    assertThat(run.out().lines()).hasSize(2);
    assertThat(run.err())
        .contains(
            "notice    column 'variety': cells=1 with a text that no training row has, as 'Quince'"
                + " in line 2",
            "column 'soil'");
  }

  @Test
  void predict_badRows_nameLineAndColumn() throws IOException {
    Path rows =
        Files.writeString(
            directory.resolve("bad.csv"),
            "variety,height,\"girth; cm\",soil,planted\nElstar,3.1,30,clay,2010\nElstar,tall,30,clay,2010\n");

    CommandRun run = CommandRun.of("predict", path("run"), rows.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(":3: INPUT: every cell must be a finite number: column='height', value='tall'");
  }

  @Test
  void export_asOnnx_hasTheEncodingAndTakesItsInputs() throws IOException {
    String said = succeed("export", path("run"), "--format", "onnx", "-o", path("net.onnx")).out();

    int inputs = finished.committed().run().dataset().columns().size();
    assertThat(said).contains("input input [batch, " + inputs + "]");
    assertThat(Files.readString(directory.resolve("net.onnx"), StandardCharsets.ISO_8859_1))
        .contains(
            "encoding", "{\"kind\":\"text\",\"name\":\"variety\",\"categories\":[\"Boskoop\"");
  }

  /** Encodes as docs/onnx.md says, from the metadata alone. */
  @Test
  void export_asOnnx_onRowsEncodedByItsMetadata_predictsTheSame() throws IOException {
    succeed("export", path("run"), "--format", "onnx", "-o", path("twin.onnx"));
    Map<String, String> meta =
        Safetensors.read(directory.resolve("run/model.safetensors")).metadata();
    List<String> labels = new ArrayList<>();
    try (OnnxNetwork network = OnnxNetwork.load(directory.resolve("twin.onnx"));
        CSVParser rows =
            CSVParser.parse(
                Files.readString(ORCHARD).substring(1),
                CSVFormat.DEFAULT
                    .builder()
                    .setDelimiter(';')
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get())) {
      for (CSVRecord row : rows) {
        float[] logits = network.run(inputs(row, meta));
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
          best = logits[i] > logits[best] ? i : best;
        }
        labels.add(Json.STRICT.readTree(meta.get("classNames")).get(best).textValue());
      }
    }

    assertThat(succeed("predict", path("run"), ORCHARD.toString()).out().lines().skip(1))
        .map(line -> line.split(",", -1)[1])
        .isEqualTo(labels);
  }

  private static float[] inputs(CSVRecord row, Map<String, String> meta) throws IOException {
    JsonNode encoding = Json.STRICT.readTree(meta.get("encoding"));
    List<Double> values = new ArrayList<>();
    for (JsonNode column : encoding.get("columns")) {
      String cell = row.get(column.get("name").textValue()).strip();
      boolean gap = false;
      for (JsonNode missing : encoding.get("missing")) {
        gap |= missing.textValue().equals(cell);
      }
      String known = gap ? column.get("fill").asText() : cell;
      if (column.get("kind").textValue().equals("number")) {
        values.add(Double.parseDouble(known));
      } else {
        column
            .get("categories")
            .forEach(each -> values.add(each.textValue().equals(known) ? 1.0 : 0));
      }
      if (column.get("indicator").booleanValue()) {
        values.add(gap ? 1.0 : 0);
      }
    }
    JsonNode normalization = Json.STRICT.readTree(meta.get("normalization"));
    float[] inputs = new float[values.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] =
          (float)
              ((values.get(i) - normalization.get("mean").get(i).doubleValue())
                  / normalization.get("standardDeviation").get(i).doubleValue());
    }
    return inputs;
  }
}
