package io.espalier.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.SparseFile;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs that start from the model of another one. */
final class StoredStartTest {
  @TempDir private static Path directory;
  private static PreparedRun donor;
  private static FinishedRun donated;
  private static Path file;

  @BeforeAll
  static void train() throws IOException {
    ResolvedRecipe recipe = recipe("train.epochs=2");
    donor = PreparedRun.of(recipe.config(), home());
    donated = TrainingLoop.run(donor, LoopListener.NONE);
    file = directory.resolve("model.safetensors");
    ModelFile.write(file, donor, donated.committed(), recipe.text());
  }

  @Test
  void run_fromAPrunedModel_startsDenseWithItsValues() {
    List<Committed> states = new ArrayList<>();

    TrainingLoop.run(PreparedRun.of(recipe(from(file)).config(), home()), collecting(states));

    Committed start = states.get(0);
    assertThat(start.step()).isZero();
    assertThat(start.masks().masks().sparsity()).isZero();
    List<ParameterSpec> parameters = donor.network().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      assertThat(start.state().values(i, 0))
          .as(parameters.get(i).id().name())
          .isEqualTo(donated.committed().state().values(i, 0));
    }
  }

  @Test
  void run_fromASparseModel_givesTheBitsOfTheDenseOne() throws IOException {
    Path sparse = directory.resolve("sparse.safetensors");
    Safetensors packed = SparseFile.packed(Path.of("dense"), Safetensors.read(file));
    Safetensors.write(sparse, packed.tensors(), packed.metadata());

    assertThat(packed.tensors()).containsKey("fc1.weight.mask");
    assertThat(digest(recipe(from(sparse)))).isEqualTo(digest(recipe(from(file))));
    assertThat(digest(recipe(from(file)))).isNotEqualTo(digest(recipe("seed=42")));
  }

  @Test
  void run_onOtherClasses_drawsTheLastLayerAnewAndSaysSo() {
    List<Committed> states = new ArrayList<>();
    List<String> notices = new ArrayList<>();
    DataHome listening =
        home()
            .reportingTo(
                new DataHome.DataListener() {
                  @Override
                  public void noticed(String notice) {
                    notices.add(notice);
                  }
                });
    PreparedRun run =
        PreparedRun.of(recipe(from(file), "data.only-classes=[7, 8, 9]").config(), listening);
    PreparedRun drawn = PreparedRun.of(recipe("data.only-classes=[7, 8, 9]").config(), home());

    TrainingLoop.run(run, collecting(states));
    List<Committed> unread = new ArrayList<>();
    TrainingLoop.run(drawn, collecting(unread));

    assertThat(run.dataset().classNames()).containsExactly("7", "8", "9");
    assertThat(notices)
        .containsOnlyOnce(
            "output.weight has 10 classes in %s and 3 here: the last layer is drawn, not read"
                .formatted(file));
    for (int i = 0; i < 2; i++) {
      assertThat(states.get(0).state().values(i, 0))
          .isEqualTo(donated.committed().state().values(i, 0));
      assertThat(states.get(0).state().values(2 + i, 0))
          .isEqualTo(unread.get(0).state().values(2 + i, 0));
    }
  }

  @Test
  void weights_ofAnotherWidth_areRefusedAllTheSame() {
    assertThatThrownBy(
            () ->
                PreparedRun.of(
                    recipe(from(file), "model.hidden=[17]", "data.only-classes=[7, 8, 9]").config(),
                    home()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must have the network's shapes: fc1.weight")
        .hasMessageContaining("output.weight is [10, 16], not [3, 17]");
  }

  @Test
  void resume_withoutTheFile_goesOnToTheSameBits() throws IOException {
    Path moving = Files.copy(file, directory.resolve("moving.safetensors"));
    ResolvedRecipe recipe = InitialValues.pinned(recipe(from(moving)));
    List<Committed> states = new ArrayList<>();
    List<Traffic> traffic = new ArrayList<>();
    FinishedRun whole =
        TrainingLoop.run(
            PreparedRun.of(recipe.config(), home()),
            new LoopListener() {
              @Override
              public void committed(SyncOutcome outcome, Traffic sent) {
                states.add(outcome.committed());
                traffic.add(sent);
              }
            });
    Files.delete(moving);

    PreparedRun again = PreparedRun.toResume(recipe.config(), home());
    FinishedRun resumed =
        TrainingLoop.resume(again, states.get(2), traffic.get(2), LoopListener.NONE);

    assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
    assertThatThrownBy(() -> TrainingLoop.run(again, LoopListener.NONE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must exist: no such file");
    assertThatThrownBy(() -> PreparedRun.of(recipe.config(), home()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("must exist: no such file");
  }

  private static LoopListener collecting(List<Committed> states) {
    return new LoopListener() {
      @Override
      public void committed(SyncOutcome outcome, Traffic traffic) {
        states.add(outcome.committed());
      }
    };
  }

  private static String digest(ResolvedRecipe recipe) {
    return TrainingLoop.run(PreparedRun.of(recipe.config(), home()), LoopListener.NONE)
        .committed()
        .digest();
  }

  private static String from(Path path) {
    return "model.weights=\"" + path + "\"";
  }

  private static ResolvedRecipe recipe(String... overrides) {
    List<String> all = new ArrayList<>(List.of("train.epochs=2", "model.hidden=[16]"));
    all.addAll(List.of(overrides));
    return new RecipeLoader().load("digits", all);
  }

  private static DataHome home() {
    return DataHome.of(directory);
  }
}
