package com.example.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.schedule.ScheduleClock;
import io.espalier.masks.score.ScoredParameter;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.structure.Groups;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.objective.Objective;
import io.espalier.trainer.objective.ObjectiveContext;
import io.espalier.trainer.objective.Teachers;
import io.espalier.trainer.offline.OfflinePruner;
import io.espalier.trainer.offline.PrunedNetwork;
import io.espalier.trainer.offline.PrunedTensor;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.step.Step;
import io.espalier.trainer.step.StepRuleContext;
import io.espalier.trainer.step.TrainedParameter;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.SyncOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in {@code docs/examples}, run as a user would. */
final class ExamplesTest {
  private static final Path RECIPE = Path.of("..", "..", "docs", "examples", "two-moons.conf");

  @TempDir Path directory;

  @Test
  void embeddedTraining_toTheEnd_prunesWritesAndEvaluatesTheSame() throws IOException {
    Path file = directory.resolve("model.safetensors");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    FinishedRun finished =
        EmbeddedTraining.train(file, new PrintStream(printed, true, StandardCharsets.UTF_8));
    EvaluationPart evaluated = EmbeddedTraining.evaluate(file);

    assertThat(evaluated).isEqualTo(finished.test());
    assertThat(evaluated.accuracy()).isGreaterThan(0.9);
    assertThat(finished.committed().masks().masks().kept()).isEqualTo(6464 - 5171);
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.endsWith("weights kept"))
        .hasSize(10);
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("VALIDATION accuracy 0.9");
  }

  @Test
  void sparsePrediction_ofTheTrainedFile_namesTheLabelsThatTheEngineCounts() throws IOException {
    Path file = directory.resolve("model.safetensors");
    FinishedRun finished =
        EmbeddedTraining.train(
            file, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    String text = ModelFile.read(file).description().origin().recipe();
    RunConfig recipe = new RecipeLoader().parse("stored", text, List.of()).config();
    Dataset data = Datasets.load(recipe.data(), recipe.seed(), DataHome.of(directory));
    Examples test = data.test();
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < test.count(); i++) {
      float[] row = new float[test.features()];
      for (int at = 0; at < row.length; at++) {
        row[at] = test.raw(i, at);
      }
      rows.add(row);
    }

    List<String> labels = SparsePrediction.labels(file, rows);

    long correct = 0;
    for (int i = 0; i < rows.size(); i++) {
      correct += labels.get(i).equals(data.classNames().get(test.label(i))) ? 1 : 0;
    }
    assertThat(correct).isEqualTo(finished.test().correct());
  }

  @Test
  void storedWeights_byOwnScore_areOtherOnesThanByMagnitude() throws IOException {
    Path in = directory.resolve("own.safetensors");
    StoredTensor small = StoredTensor.ofFloats(List.of(2, 2), new float[] {.1f, .2f, .3f, .4f});
    StoredTensor large = StoredTensor.ofFloats(List.of(2, 2), new float[] {1, 2, 3, 4});
    Safetensors.write(in, Map.of("small", small, "large", large), Map.of());

    PrunedNetwork own =
        OfflinePruner.of("prune.score=relative-magnitude", "prune.sparsity=50%")
            .prune(in, directory.resolve("own-out.safetensors"));
    PrunedNetwork magnitude =
        OfflinePruner.of("prune.score=magnitude", "prune.sparsity=50%")
            .prune(in, directory.resolve("out.safetensors"));

    assertThat(own.tensors()).extracting(PrunedTensor::kept).containsExactly(2, 2);
    assertThat(magnitude.tensors())
        .extracting(PrunedTensor::kept)
        .containsExactlyInAnyOrder(1, 3)
        .hasSize(2);
  }

  @Test
  void storedPruning_ofAFile_leavesOneWeightOfTen_butThoseOfTheHead() throws IOException {
    float[] weights = new float[400];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1 + i * 37 % 400;
    }
    Path in = directory.resolve("in.safetensors");
    Map<String, StoredTensor> tensors =
        Map.of(
            "body.weight", StoredTensor.ofFloats(List.of(20, 20), weights),
            "head.weight", StoredTensor.ofFloats(List.of(2, 200), weights));
    Safetensors.write(in, tensors, Map.of());

    List<Double> densities = StoredPruning.prune(in, directory.resolve("out.safetensors"));

    assertThat(densities).containsExactly(.1);
  }

  @Test
  void storedPruning_calibrated_keepsHalfOfEachOutput() throws IOException {
    Path model = directory.resolve("model.safetensors");
    EmbeddedTraining.train(model, new PrintStream(OutputStream.nullOutputStream()));

    PrunedNetwork pruned =
        StoredPruning.calibrated(model, directory.resolve("out.safetensors"), directory);

    assertThat(pruned.sparsity()).isBetween(.49, .51);
  }

  @Test
  void twoMoons_byOwnDataAndOwnScore_areLearnedAtTheSparsityAskedFor() {
    ResolvedRecipe recipe = new RecipeLoader().load(RECIPE.toString(), List.of());
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));

    FinishedRun finished = TrainingLoop.run(run, LoopListener.NONE);

    assertThat(finished.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
    assertThat(finished.test().accuracy()).isGreaterThan(0.9);
  }

  @Test
  void twoMoons_byEachScore_keepOtherWeights() {
    List<String> keptBy =
        List.of("relative-magnitude", "magnitude", "active-inputs", "learned").stream()
            .map(this::masksBy)
            .toList();

    assertThat(keptBy).doesNotHaveDuplicates();
  }

  private String masksBy(String score) {
    List<String> overrides = List.of("prune.score=null", "prune.score=" + score, "train.epochs=4");
    ResolvedRecipe recipe = new RecipeLoader().load(RECIPE.toString(), overrides);
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    return TrainingLoop.run(run, LoopListener.NONE).committed().digest();
  }

  @Test
  void trainMembers_ofEachMember_prunesAsPlanned() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    TrainMembers.train(directory, new PrintStream(printed, true, StandardCharsets.UTF_8));

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .hasSize(5)
        .allMatch(line -> line.matches("accuracy 0\\.[89]\\d+, 244 of 608 weights kept: .+"));
  }

  @Test
  void ownMaskKind_chosenByItsScore_trainsLogitsUntilTheLastUpdate() {
    List<String> overrides = List.of("prune.score=null", "prune.score=learned");
    ResolvedRecipe recipe = new RecipeLoader().load(RECIPE.toString(), overrides);
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    List<Boolean> trained = new ArrayList<>();
    LoopListener logits =
        new LoopListener() {
          @Override
          public void synced(SyncOutcome sync) {
            float[] values = sync.committed().state().auxiliary("logit").get(0);
            trained.add(values[0] != 0);
            assertThat(values[0] != 0)
                .isEqualTo(sync.committed().step() > 0 && sync.committed().masks().mayChange());
          }
        };

    FinishedRun finished = TrainingLoop.run(run, logits);

    assertThat(recipe.config().prune().mask().member().name()).isEqualTo("learned");
    assertThat(trained).contains(true);
    assertThat(finished.committed().masks().masks().kept()).isEqualTo(run.plan().finalKept());
    assertThat(finished.test().accuracy()).isGreaterThan(0.85);
  }

  /** It measures nothing, and still has a commit of its own that brings its values. */
  @Test
  void ownRefit_ofEachUpdate_keepsTheNormsOfLayers() {
    List<String> overrides = List.of("prune.refit=same-norm", "train.epochs=4");
    ResolvedRecipe recipe = new RecipeLoader().load(RECIPE.toString(), overrides);
    PreparedRun run = PreparedRun.of(recipe.config(), DataHome.of(directory));
    List<Double> norms = new ArrayList<>();
    LoopListener updates =
        new LoopListener() {
          private double before;

          @Override
          public void synced(SyncOutcome sync) {
            double norm = norm(sync.committed().state().prunableWeights().get(0));
            if (sync.pruning().isPresent()) {
              norms.add(norm / before);
            }
            before = norm;
          }
        };

    TrainingLoop.run(run, updates);

    assertThat(norms)
        .hasSizeGreaterThan(5)
        .allSatisfy(ratio -> assertThat(ratio).isCloseTo(1, within(1e-5)));
  }

  private static double norm(float[] weights) {
    double squares = 0;
    for (float weight : weights) {
      squares += (double) weight * weight;
    }
    return Math.sqrt(squares);
  }

  @Test
  void ownScore_ofOneParameter_isThePowerOfTheRatioToItsMean() {
    float[] scores = new float[4];

    new OwnScore()
        .create(new MemberSettings("relative-magnitude", Map.of("power", 2.0)), 1)
        .score(
            new ScoredParameter(
                new ParameterShape(new ParameterId("fc1.weight"), List.of(2, 2)),
                0,
                new float[] {-1, 0, 4, 3},
                Mask.allKept(4),
                1,
                Statistics.none()),
            scores);

    assertThat(scores).containsExactly(0.25f, 0, 4, 2.25f);
  }

  /** With p = .5 of the label, (1 − p)² · −ln p = .173287; the slopes are finite differences. */
  @Test
  void ownObjective_ofTwoRows_isTheFocalLossAndItsSlope() {
    Objective focal =
        new OwnObjective()
            .create(
                new MemberSettings("focal", Map.of("gamma", 2.0)),
                new ObjectiveContext(2, 0, Teachers.NONE));
    float[] logits = {1, 1, 0.5f, -1};
    int[] labels = {0, 1};
    float[] gradient = new float[4];

    focal.gradient(logits, labels, 2, () -> logits, gradient);

    assertThat(focal.gradient(new float[] {1, 1}, new int[] {0}, 2, () -> logits, new float[2]))
        .isCloseTo(.173287, within(1e-6));
    for (int i = 0; i < 4; i++) {
      float[] more = logits.clone();
      float[] less = logits.clone();
      more[i] += 1f / 256;
      less[i] -= 1f / 256;
      double rise =
          focal.gradient(more, labels, 2, () -> logits, new float[4])
              - focal.gradient(less, labels, 2, () -> logits, new float[4]);
      assertThat((double) gradient[i]).isCloseTo(rise * 128, within(1e-5));
    }
  }

  @Test
  void ownStepRule_ofARowBeyondTheLimit_shortensItAlone() {
    FloatBuffer weight = FloatBuffer.wrap(new float[] {3, 4, 0.6f, 0.8f});
    TrainedParameter parameter =
        new TrainedParameter(
            new ParameterShape(new ParameterId("fc1.weight"), List.of(2, 2)),
            ParameterSpec.Role.WEIGHT,
            0,
            weight,
            FloatBuffer.allocate(4),
            Optional.empty());

    new OwnStepRule()
        .create(
            new MemberSettings("max-norm", Map.of("limit", 2.5)),
            new StepRuleContext(
                new ScheduleClock(0, 1, 1),
                List.of(),
                () -> Groups.ofUnits(List.of(), List.of()),
                false))
        .afterUpdate(new Step(0, 0.1, 0, List.of(parameter)));

    assertThat(weight.array()).containsExactly(1.5f, 2, 0.6f, 0.8f);
  }
}
