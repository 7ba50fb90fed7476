package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.espalier.configs.GranularityConfig.NormScaling;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.Span;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.Kinds;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResumeTest {
  private static final String RECIPE = "the same recipe";

  @TempDir private Path directory;

  static Stream<Arguments> runs() {
    List<MaskConfig> kinds =
        List.of(
            SampleRuns.HARD,
            SampleRuns.SOFT,
            Kinds.soft(1e-3, 0.1, false),
            SampleRuns.ANNEALED,
            Kinds.MOVEMENT,
            Kinds.softThreshold(0.02, 1, 0.05));
    Stream<Arguments> ofEveryMask =
        kinds.stream()
            .flatMap(
                mask ->
                    Stream.of(
                        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, mask),
                        Arguments.of(SampleRuns.MLP, SampleRuns.ADAM, mask),
                        Arguments.of(SampleRuns.MLP, SampleRuns.ADAMW, mask),
                        Arguments.of(SampleRuns.RESNET, SampleRuns.SGD, mask)));
    return Stream.concat(
        ofEveryMask,
        Stream.of(Arguments.of(SampleRuns.BRANCHES, SampleRuns.SGD, SampleRuns.ANNEALED)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void resume_fromEveryCheckpoint_endsWithTheSameBits(
      ModelConfig.Architecture model, OptimizerConfig optimizer, MaskConfig mask) {
    assertResumes(SampleRuns.prepared(model, optimizer, mask, 2, 5));
  }

  static List<Arguments> shrinkingRuns() {
    return List.of(
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD, NormScaling.NONE),
        Arguments.of(SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.SOFT, NormScaling.NONE),
        Arguments.of(SampleRuns.MLP, SampleRuns.SGD, SampleRuns.ANNEALED, NormScaling.NONE),
        Arguments.of(SampleRuns.RESNET, SampleRuns.ADAM, SampleRuns.ANNEALED, NormScaling.SHARE),
        Arguments.of(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.HARD, NormScaling.SHARE),
        Arguments.of(
            SampleRuns.MLP, SampleRuns.ADAM, Kinds.soft(1e-3, 0.3, false), NormScaling.NONE),
        Arguments.of(SampleRuns.RESNET, SampleRuns.ADAM, SampleRuns.SOFT, NormScaling.IMPORTANCE),
        Arguments.of(
            SampleRuns.RESNET, SampleRuns.SGD, Kinds.averagedTaylor(1e-3), NormScaling.SHARE));
  }

  @ParameterizedTest
  @MethodSource("shrinkingRuns")
  void resume_fromCheckpointsBeforeAtAndAfterCuts_endsWithTheSameBits(
      ModelConfig.Architecture model,
      OptimizerConfig optimizer,
      MaskConfig mask,
      NormScaling norms) {
    assertResumes(
        SampleRuns.prepare(
            SampleRuns.channels(model, optimizer, mask, norms, SampleRuns.live(7), 2, 5)));
  }

  @Test
  void resume_ofUpdatesAtTheFinalSparsity_endsWithTheSameBits() {
    MemberSettings feedback =
        SampleRuns.GRADUAL
            .with("continue", Optional.of(new Span.Steps(5)))
            .with("freeze", Optional.of(new Span.Percent(90)));
    assertResumes(
        SampleRuns.prepare(
            SampleRuns.config(
                SampleRuns.MLP, SampleRuns.ADAM, SampleRuns.SOFT, feedback, 0.9, 2, 5)));
  }

  @Test
  void resume_ofAClippedSmoothedRunWithNesterov_endsWithTheSameBits() {
    RunConfig plain =
        SampleRuns.config(
            SampleRuns.MLP, SampleRuns.NESTEROV, SampleRuns.HARD, SampleRuns.GRADUAL, 0.9, 2, 5);
    assertResumes(SampleRuns.prepare(SampleRuns.aided(plain)));
  }

  @Test
  void resume_ofAGroupLassoRunThatCuts_endsWithTheSameBits() {
    RunConfig plain =
        SampleRuns.channels(
            SampleRuns.MLP, SampleRuns.SGD, SampleRuns.HARD, SampleRuns.live(7), 2, 5);
    assertResumes(
        SampleRuns.prepare(
            SampleRuns.guided(
                plain,
                "rules = [{ kind = group-lasso, strength = 0.01, end = 60% },"
                    + " { kind = group-lasso, strength = 1e-3, axis = inputs, step = gradient }]")));
  }

  /** Sums of both trainers' batches choose the channels, and raw densities how many. */
  @Test
  void resume_ofChannelsSharedOutByDensities_endsWithTheSameBits() {
    RunConfig plain =
        SampleRuns.channels(
            SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.HARD, SampleRuns.live(7), 2, 5);
    assertResumes(
        SampleRuns.prepare(
            SampleRuns.choosing(
                plain,
                MemberSettings.of("channel-taylor").with("batches", 2),
                MemberSettings.of("erk").with("power", 1.0))));
  }

  @Test
  void resume_ofADistilledRun_endsWithTheSameBits() throws IOException {
    assertResumesTaught(
        "distillation",
        SampleRuns.prepared(SampleRuns.RESNET, SampleRuns.SGD, SampleRuns.HARD, 1, 4),
        SampleRuns.config(
            SampleRuns.MLP, SampleRuns.SGD, SampleRuns.SOFT, SampleRuns.GRADUAL, 0.9, 2, 5));
  }

  @Test
  void resume_ofBlocksThatAreReconstructed_endsWithTheSameBits() throws IOException {
    assertResumesTaught(
        "block-reconstruction",
        SampleRuns.prepared(SampleRuns.VISION, SampleRuns.ADAM, SampleRuns.HARD, 1, 2),
        SampleRuns.config(
            SampleRuns.VISION, SampleRuns.ADAM, SampleRuns.HARD, SampleRuns.GRADUAL, 0.6, 2, 6));
  }

  private void assertResumesTaught(String objective, PreparedRun teaching, RunConfig plain)
      throws IOException {
    Path teacher = directory.resolve("teacher.safetensors");
    FinishedRun taught = TrainingLoop.run(teaching, LoopListener.NONE);
    ModelFile.write(teacher, teaching, taught.committed(), RECIPE);

    assertResumes(
        SampleRuns.prepare(
            SampleRuns.guided(
                plain, "objective { kind = %s, teacher = \"%s\" }".formatted(objective, teacher))));
  }

  private void assertResumes(PreparedRun run) {
    List<Checkpoints> all = new ArrayList<>();
    FinishedRun uninterrupted = TrainingLoop.run(run, writer(run, all));

    SoftAssertions softly = new SoftAssertions();
    for (Checkpoints checkpoints : all) {
      Checkpoint checkpoint = checkpoints.latest(warning -> fail(warning)).orElseThrow();
      FinishedRun resumed =
          TrainingLoop.resume(run, checkpoint.committed(), checkpoint.traffic(), LoopListener.NONE);

      String from = "from step " + checkpoint.committed().step();
      softly.assertThat(digest(resumed)).as(from).isEqualTo(digest(uninterrupted));
      softly.assertThat(resumed.test()).as(from).isEqualTo(uninterrupted.test());
      softly.assertThat(resumed.traffic()).as(from).isEqualTo(uninterrupted.traffic());
    }
    softly.assertAll();
    // an update that is measured for takes two commits
    assertThat(all).hasSizeGreaterThanOrEqualTo(isSmall(run) ? 21 : 6);
  }

  /** Writes every committed state of an MLP, and of others those that are due and the last. */
  private LoopListener writer(PreparedRun run, List<Checkpoints> all) {
    return new LoopListener() {
      @Override
      public void committed(SyncOutcome outcome, Traffic traffic) {
        Checkpoints checkpoints =
            Checkpoints.in(
                directory.resolve("at-" + all.size()), run, RECIPE, 1, RunEpoch.locked(1));
        boolean last = outcome.commit().step() == run.plan().totalSteps();
        if (isSmall(run) || last || run.plan().checkpointDue(outcome.commit().step())) {
          all.add(checkpoints);
          write(checkpoints, outcome, traffic);
        }
      }
    };
  }

  private static boolean isSmall(PreparedRun run) {
    return run.config().model().architecture().equals(SampleRuns.MLP);
  }

  private static void write(Checkpoints checkpoints, SyncOutcome outcome, Traffic traffic) {
    try {
      checkpoints.write(outcome.committed(), traffic, 1.5);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(FinishedRun run) {
    return run.committed().digest();
  }
}
