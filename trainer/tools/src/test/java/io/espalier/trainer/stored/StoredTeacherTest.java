package io.espalier.trainer.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.DataFormat;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.file.Metadata;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.model.LoadedModel;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.objective.Teacher;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTeacherTest {
  private static final String KEY = "train.objective.teacher";

  @TempDir private static Path directory;
  private static Path file;
  private static LoadedModel model;
  private static Dataset data;

  @BeforeAll
  static void train() throws IOException {
    ResolvedRecipe recipe = recipe("train.epochs = 5", "model { kind = resnet-8, width = 4 }");
    PreparedRun run = prepared(recipe);
    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);
    file = directory.resolve("teacher.safetensors");
    ModelFile.write(file, run, finished.committed(), recipe.text());
    model = ModelFile.read(file).load(recipe.config());
    data = run.dataset();
    assertThat(finished.test().accuracy()).isGreaterThan(0.8);
  }

  private static ResolvedRecipe recipe(String... lines) {
    return new RecipeLoader()
        .parse(
            "my.conf",
            "seed = 3, data { kind = digits, batch-size = 32 }, prune.sparsity = 0, train.sync-every"
                + " = 8\n"
                + String.join("\n", lines),
            List.of());
  }

  private static ResolvedRecipe student(String... lines) {
    String[] all = new String[lines.length + 2];
    all[0] = "model { kind = mlp, hidden = [12] }, train.epochs = 3";
    all[1] = "train.objective { kind = distillation, teacher = \"" + file + "\", weight = 1 }";
    System.arraycopy(lines, 0, all, 2, lines.length);
    return recipe(all);
  }

  private static PreparedRun prepared(ResolvedRecipe recipe) {
    return PreparedRun.of(recipe.config(), DataHome.of(Path.of("no-home")));
  }

  private static float[] features(Dataset of) {
    float[] features = new float[8 * of.input().size()];
    of.test().fill(IntStream.range(0, 8).toArray(), 0, 8, features, new int[8]);
    return features;
  }

  @Test
  void logits_areThoseOfAnEvaluation() {
    Examples eight = data.test().select(IntStream.range(0, 8).toArray());
    float[] expected = model.infer(inference -> inference.logits(eight));

    try (Teacher teacher = StoredTeacher.of(data).open(KEY, file, Optional.empty())) {
      assertThat(teacher.logits(features(data), 8)).containsExactly(expected);
      assertThat(teacher.logits(features(data), 8)).containsExactly(expected);
    }
  }

  @Test
  void logits_ofARunWithAnotherNormalization_areTheSame() {
    Normalization other = new Normalization(List.of(3.0), List.of(5.0));
    Dataset shifted =
        new Dataset(
            data.name(),
            data.train().normalisedBy(other),
            data.test().normalisedBy(other),
            new DataFormat(data.input(), data.columns(), data.classNames(), other),
            data.digest());

    try (Teacher same = StoredTeacher.of(data).open(KEY, file, Optional.empty());
        Teacher teacher = StoredTeacher.of(shifted).open(KEY, file, Optional.empty())) {
      assertThat(features(shifted)).isNotEqualTo(features(data));
      assertThat(teacher.logits(features(shifted), 8))
          .containsExactly(same.logits(features(data), 8), within(1e-4f));
    }
  }

  /** With the weight 1 no label is read, and the student learns all the same. */
  @Test
  void run_taughtByAFile_learnsAndRepeats() {
    FinishedRun first = TrainingLoop.run(prepared(student()), LoopListener.NONE);
    FinishedRun again = TrainingLoop.run(prepared(student()), LoopListener.NONE);
    FinishedRun alone =
        TrainingLoop.run(prepared(student("train.objective = null")), LoopListener.NONE);

    assertThat(first.test().accuracy()).isGreaterThan(0.7);
    assertThat(again.committed().digest()).isEqualTo(first.committed().digest());
    assertThat(alone.committed().digest()).isNotEqualTo(first.committed().digest());
  }

  @Test
  void pinned_aTeacher_recordsItsDigestAndRefusesAnotherFile() throws IOException {
    ResolvedRecipe pinned = InitialValues.pinned(student());

    assertThat(pinned.text()).contains("sha256 = \"" + Sha256.ofFile(file) + "\"");
    assertThat(InitialValues.pinned(pinned)).isEqualTo(pinned);
    assertThat(prepared(pinned)).isNotNull();
    assertThatThrownBy(() -> prepared(student("train.objective.sha256 = " + "0".repeat(64))))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must be the one that the recipe was written for: sha256=");
  }

  @Test
  void prepare_aFileThatCannotTeach_isRefusedWithTheReason() throws IOException {
    Path gone = directory.resolve("gone.safetensors");
    assertRefused(named(gone), "must be a file: there is none");
    Path text = Files.writeString(directory.resolve("text.safetensors"), "no tensors at all");
    assertRefused(named(text), KEY);
    assertRefused(
        named(changed(Metadata.FORMAT, "pt")), "must have the metadata of an Espalier model");
    assertRefused(named(changed(StoredNetwork.NETWORK, null)), "must describe its network");
    assertRefused(
        named(changed(StoredNetwork.CLASS_NAMES, "[\"a\",\"b\"]")),
        "must have the classes of the run's data: teacher=[a, b], data=[0, 1,");
    assertRefused(
        named(changed(StoredNetwork.COLUMNS, "[\"a\"]")),
        "must have the columns of the run's data: teacher=[a], data=[]");
  }

  private static String named(Path path) {
    return "train.objective.teacher = \"" + path + "\"";
  }

  private static void assertRefused(String line, String problem) {
    assertThatThrownBy(() -> prepared(student(line)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(problem);
  }

  private static Path changed(String name, @Nullable String value) throws IOException {
    Safetensors stored = Safetensors.read(file);
    Map<String, String> metadata = new TreeMap<>(stored.metadata());
    if (value == null) {
      metadata.remove(name);
    } else {
      metadata.put(name, value);
    }
    Path path = directory.resolve(name + ".safetensors");
    Safetensors.write(path, stored.tensors(), metadata);
    return path;
  }
}
