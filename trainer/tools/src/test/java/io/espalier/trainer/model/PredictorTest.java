package io.espalier.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.IdxBytes;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.InputFile;
import io.espalier.trainer.model.Predictor.Prediction;
import io.espalier.trainer.model.Predictor.Prediction.Candidate;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.EvaluationPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels for the rows of a table: three bands of a sum of two columns. */
final class PredictorTest {
  private static final int ROWS = 1_200;

  @TempDir private static Path directory;
  private static FinishedRun finished;
  private static LoadedModel model;

  @BeforeAll
  static void train() throws IOException {
    Path table = write("train.csv", table(1, ROWS));
    Path test = write("test.csv", table(2, ROWS));
    ResolvedRecipe recipe =
        new RecipeLoader()
            .parse(
                "table.conf",
                """
                data { kind = csv, path = "%s", test-path = "%s", label = band, batch-size = 32 }
                model { kind = mlp, hidden = [8] }
                train { epochs = 3, trainers = 2 }
                prune { sparsity = 20% }
                """
                    .replaceFirst("%s", table.toString())
                    .replaceFirst("%s", test.toString()),
                List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    finished = TrainingLoop.run(run, LoopListener.NONE);
    Path file = directory.resolve("model.safetensors");
    ModelFile.write(file, run, finished.committed(), recipe.text());
    model = ModelFile.read(file).load(recipe.config());
  }

  @Test
  void predict_testSetOfTheRun_isRightAsOftenAsItsEvaluation() throws IOException {
    List<Prediction> predictions = predict(directory.resolve("test.csv"), Optional.of("band"), 1);

    EvaluationPart test = finished.test();
    assertThat(predictions).hasSize(ROWS);
    assertThat(predictions.stream().filter(Prediction::isCorrect).count())
        .isEqualTo(test.correct())
        .isGreaterThan(ROWS / 2);
    assertThat(predictions.get(699).row()).isEqualTo(700);
    assertThat(predictions.get(0).candidates()).hasSize(1);
  }

  @Test
  void predict_columnsInAnotherOrderWithOthersBetween_isTheSame() throws IOException {
    List<Prediction> expected = predict(directory.resolve("test.csv"), Optional.empty(), 3);
    StringBuilder moved = new StringBuilder("\uFEFFid, y ,band,x\n");
    table(2, ROWS)
        .lines()
        .skip(1)
        .map(line -> line.split(",", -1))
        .forEach(
            cells -> moved.append("\"no, 1\",%s,%s,%s\n".formatted(cells[1], cells[2], cells[0])));

    Path file = directory.resolve("moved.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(moved.toString().getBytes(StandardCharsets.UTF_8));
    }

    assertThat(predict(file, Optional.empty(), 3)).isEqualTo(expected);
  }

  @Test
  void predict_allClasses_areOrderedProbabilitiesThatSumToOne() throws IOException {
    for (Prediction prediction : predict(directory.resolve("test.csv"), Optional.empty(), 99)) {
      List<Candidate> candidates = prediction.candidates();

      assertThat(candidates.stream().map(Candidate::label))
          .containsExactlyInAnyOrder("high", "low", "middle");
      assertThat(candidates.stream().mapToDouble(Candidate::probability).sum())
          .isEqualTo(1, within(1e-12));
      assertThat(candidates.get(0).probability())
          .isGreaterThanOrEqualTo(candidates.get(1).probability());
      assertThat(prediction.actual()).isEmpty();
      assertThat(prediction.label()).isEqualTo(candidates.get(0).label());
    }
  }

  @Test
  void predict_idxOfTheSameNumbers_isTheSame() throws IOException {
    String table = table(2, 700);
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    ByteBuffer header = ByteBuffer.allocate(12).putInt(0x0D02).putInt(700).putInt(2);
    values.write(header.array());
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    labels.write(ByteBuffer.allocate(8).putInt(0x0801).putInt(700).array());
    for (String line : table.lines().skip(1).toList()) {
      String[] cells = line.split(",", -1);
      values.write(
          ByteBuffer.allocate(8)
              .putFloat(Float.parseFloat(cells[0]))
              .putFloat(Float.parseFloat(cells[1]))
              .array());
      labels.write(List.of("high", "low", "middle").indexOf(cells[2]));
    }
    Path idx = Files.write(directory.resolve("values-idx2"), values.toByteArray());
    Path labelFile = Files.write(directory.resolve("labels-idx1"), labels.toByteArray());
    Path csv = write("short.csv", table);

    assertThat(predict(idx, Optional.of(labelFile.toString()), 2))
        .isEqualTo(predict(csv, Optional.of("band"), 2));
  }

  @Test
  void predict_headerAlone_givesNothing() throws IOException {
    assertThat(predict(write("empty.csv", "x,y\n"), Optional.empty(), 1)).isEmpty();
  }

  @Test
  void predict_badTables_nameLineAndColumn() throws IOException {
    assertRefused(
        "y,z\n1,2\n",
        ":1: INPUT: must have every column that the network was trained on: missing=[x]");
    assertRefused("x,x,y\n1,2,3\n", ":1: INPUT: must have the column once: column='x'");
    assertRefused(
        "x,y\n1,2\n\n3,none\n",
        ":4: INPUT: every cell must be a finite number: column='y', value='none'");
    assertRefused("x,y\n1,1e39\n", "column='y', value='1e39'");
    assertRefused(
        "1,2\n3,4\n", ":1: INPUT: the first row must name the columns, and looks like values");
    assertRefused("x,y\n1,2,3\n", ":2: INPUT: every row must have the header's 2 cells: cells=3");
    assertRefused("", "INPUT: must have a header row: the file is empty");
    assertRefused("x,y\n\"1,2\n", "must be readable as CSV");
  }

  @Test
  void predict_gap_countsAsTheMean() throws IOException {
    double mean = model.description().format().normalization().mean().get(1);

    assertThat(predict(write("gap.csv", "x,y\n1,\n"), Optional.empty(), 3))
        .isEqualTo(
            predict(write("mean.csv", "x,y\n1," + (float) mean + "\n"), Optional.empty(), 3));
  }

  @Test
  void predict_badLabels_areRefused() throws IOException {
    Path file = write("labels.csv", "x,y,band\n1,2,low\n1,2,wide\n");

    assertThatThrownBy(() -> predict(file, Optional.of("band"), 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(":3: INPUT: a label must be a class of the network: column='band'")
        .hasMessageContaining("value='wide', classes=[high, low, middle]");
    assertThatThrownBy(() -> predict(file, Optional.of("brand"), 1))
        .hasMessageContaining(":1: INPUT: must have the label's column: label='brand'")
        .hasMessageContaining("nearest name is 'band'");
  }

  @Test
  void predict_badIdxFiles_areRefused() throws IOException {
    assertIdxRefused(ints(0x0802, 1, 3), 3, "must hold the network's inputs: entries=[3]");
    assertIdxRefused(ints(0x0802, 2, 2), 3, "must not end early: entries=2, whole=1");
    assertIdxRefused(ints(0x0802, 1, 2), 3, "must end after its last entry: entries=1");
    assertIdxRefused(ints(0x0702, 1, 2), 2, "must be an IDX file of numbers: magic=0x00000702");
    assertIdxRefused(ints(0x0803, 1, 1 << 20, 1 << 20), 2, "must have entries of at most");
    assertIdxRefused(ints(0x0802, 1), 0, "must not end early: its header is truncated");
    assertIdxRefused(ints(0x0D02, 1, 2, 0x7fc00000), 4, "row=1, index=0, value=NaN");
  }

  @Test
  void predict_gzipThatIsDamagedBehindItsHeader_isRefused() throws IOException {
    byte[] packed = IdxBytes.gzip(table(3, 50).getBytes(StandardCharsets.UTF_8));
    Arrays.fill(packed, 10, 30, (byte) 0xff);
    Path file = Files.write(directory.resolve("damaged.csv.gz"), packed);

    assertThatThrownBy(() -> predict(file, Optional.empty(), 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("INPUT: must be an undamaged gzip file");
  }

  private void assertRefused(String table, String message) throws IOException {
    Path file = write("bad.csv", table);
    assertThatThrownBy(() -> predict(file, Optional.empty(), 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(message);
  }

  private void assertIdxRefused(ByteBuffer header, int dataBytes, String message)
      throws IOException {
    ByteBuffer content = ByteBuffer.allocate(header.capacity() + dataBytes).put(header.flip());
    Path file = Files.write(directory.resolve("bad-idx"), content.array());
    assertThatThrownBy(() -> predict(file, Optional.empty(), 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(message);
  }

  private static ByteBuffer ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes;
  }

  private static List<Prediction> predict(Path file, Optional<String> labels, int top)
      throws IOException {
    List<Prediction> predictions = new ArrayList<>();
    Predictor.predict(model, new InputFile(file, "INPUT", labels), top, predictions::add);
    return predictions;
  }

  private static Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private static String table(long seed, int rows) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder table = new StringBuilder("x,y,band\n");
    for (int row = 0; row < rows; row++) {
      double x = random.nextDouble();
      double y = random.nextDouble() * 50;
      double sum = x + y / 50;
      table.append(
          String.format(
              Locale.ROOT,
              "%.4f,%.3f,%s%n",
              x,
              y,
              sum < 0.8 ? "low" : sum < 1.2 ? "middle" : "high"));
    }
    return table.toString();
  }
}
